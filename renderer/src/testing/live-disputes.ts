import type { CaseRow, EscrowRow } from '../store/types.ts'
import { caseDetail, contradictions, disputeOf } from './dispute-rows.ts'
import type { Emit, SceneHandlers } from './fake-market.ts'

type Shown = { readonly statement: string; readonly showsTask: boolean; readonly showsAnswer: boolean }
const answer = <T>(value: T) => ({ ok: true as const, value })
const notFound = (message: string) => ({ ok: false as const, error: { code: 'not-found' as const, message } })

type LiveDisputes = {
  readonly escrow: Pick<NonNullable<SceneHandlers['escrow']>, 'dispute' | 'respond' | 'getDispute'>
  readonly arbiter: NonNullable<SceneHandlers['arbiter']>
  readonly evidence: NonNullable<SceneHandlers['evidence']>
  /** A row as it stands after what was done here. */
  readonly current: (row: EscrowRow) => EscrowRow
  readonly revision: () => number
}

/** Disputes that can be opened, answered and ruled on. */
export const liveDisputes = (emit: Emit, escrows: readonly EscrowRow[], caseRows: readonly CaseRow[]): LiveDisputes => {
  const opened = new Map<string, Shown>()
  const said = new Map<string, Shown>()
  const ruled = new Map<string, CaseRow['ownRuling']>()
  let revision = 1
  const told = (name: 'escrow.changed' | 'arbiter.changed'): void => {
    revision += 1
    emit(name, { revision })
  }
  const current = (row: EscrowRow): EscrowRow =>
    opened.has(row.id) ? { ...row, phase: 'disputed', exits: row.exits.filter(({ move }) => move !== 'dispute') } : row
  const rows = (): readonly CaseRow[] => caseRows.map((row) => ({ ...row, ownRuling: ruled.get(row.escrowId) ?? row.ownRuling }))
  return {
    current,
    revision: () => revision,
    escrow: {
      dispute: ({ escrowId, statement, showTask, showAnswer }) => {
        opened.set(escrowId, { statement, showsTask: showTask, showsAnswer: showAnswer })
        told('escrow.changed')
        return answer({ txHash: 'd'.repeat(64), step: 2 })
      },
      respond: ({ escrowId, statement, showAnswer }) => {
        said.set(escrowId, { statement, showsTask: false, showsAnswer: showAnswer })
        told('escrow.changed')
        return answer({})
      },
      getDispute: ({ escrowId }) => {
        const row = escrows.find(({ id }) => id === escrowId)
        if (row === undefined) return notFound('This escrow is not disputed.')
        return answer({ ...disputeOf(current(row)), ...(opened.get(escrowId) ?? said.get(escrowId)), revision })
      },
    },
    arbiter: {
      list: () => answer({ revision, onRoster: caseRows.length > 0, rows: rows() }),
      get: ({ escrowId }) => {
        const row = rows().find((one) => one.escrowId === escrowId)
        return row === undefined ? notFound('You are not on the panel of such a dispute.') : answer({ ...caseDetail(row), revision })
      },
      rule: ({ escrowId, outcome }) => {
        ruled.set(escrowId, outcome)
        told('arbiter.changed')
        return answer({})
      },
    },
    evidence: { list: () => answer({ revision: 1, broken: false, rows: contradictions(caseRows.length) }) },
  }
}
