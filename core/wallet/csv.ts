import { formatRuv } from '../platform/amount.ts'
import { toHex } from '../platform/bytes.ts'
import type { MovementRow } from './store.ts'

const columns = ['time', 'kind', 'amount_ruv', 'locked_change_ruv', 'counterparty', 'escrow', 'transaction', 'memo'] as const

export const csvHeader = `${columns.join(',')}\r\n`

/** One line of RFC 4180 for each movement; amounts have a point as their decimal sign whatever the language. */
export const csvLine = (row: MovementRow): string => {
  const cells = [
    row.atMs === null ? '' : new Date(row.atMs).toISOString(),
    row.kind,
    formatRuv(row.availableDeltaMicro),
    formatRuv(row.lockedDeltaMicro),
    row.counterparty === null ? '' : toHex(row.counterparty),
    row.escrowId === null ? '' : toHex(row.escrowId),
    toHex(row.txHash),
    harmless(row.memo),
  ]
  return `${cells.map(quoted).join(',')}\r\n`
}

/** Spreadsheets run what begins like a formula; others write memos (OWASP: CSV injection). */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
