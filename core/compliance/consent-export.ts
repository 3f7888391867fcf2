import { toHex } from '../platform/bytes.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { consentValidMs, encodeConsentBody, type Consent } from './consent.ts'
import type { ConsentRow } from './consents.ts'

export type ExportAbout = { readonly federationId: Bytes32; readonly publicKey: Bytes32; readonly atMs: number }

const date = (atMs: number): string => new Date(atMs).toISOString()

/**
 * Everything about every consent, for other programs. A record can be checked without this program: `signature` is Ed25519 by
 * `publicKey` over SHA-256("RUV1/CONSENT" ‖ 0x00 ‖ federation ‖ record).
 */
export const renderConsentsJson = (rows: readonly ConsentRow[], { federationId, publicKey, atMs }: ExportAbout): string =>
  JSON.stringify(
    {
      format: 'claude-market-consents/1',
      federation: toHex(federationId),
      publicKey: toHex(publicKey),
      exportedAt: date(atMs),
      consents: rows.map((row) => ({
        id: toHex(row.id),
        status: row.status,
        ...plain(row.consent),
        revokedAt: row.revokedAtMs === null ? null : date(row.revokedAtMs),
        record: toHex(encodeConsentBody(row.consent)),
        signature: row.signature === null ? null : toHex(row.signature),
      })),
      texts: Object.fromEntries(rows.map(({ consent, text }) => [toHex(consent.textHash), text])),
    },
    null,
    2,
  )

const plain = (consent: Consent) => ({
  document: consent.documentId,
  version: consent.version,
  textHash: toHex(consent.textHash),
  termsCheckedAt: date(consent.termsCheckedAtMs),
  backend: consent.backend,
  baseUrl: consent.baseUrl,
  model: consent.model,
  caps: consent.caps,
  grantedAt: date(consent.grantedAtMs),
  expiresAt: date(consent.grantedAtMs + consentValidMs),
})

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}' +
  'th,td{text-align:left;vertical-align:top;padding:.2rem 1rem .2rem 0}pre{white-space:pre-wrap;font:inherit;border-left:3px solid #999;padding-left:1rem}'

/** The same to read or print: one file, without scripts or anything from elsewhere. */
export const renderConsentPage = (rows: readonly ConsentRow[], { atMs }: ExportAbout): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>My consents</title>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>${style}</style></head><body>`,
    `<h1>My consents</h1><p>Exported ${escape(date(atMs))}. ${rows.length === 0 ? 'There are none.' : ''}</p>`,
    ...rows.map(renderRow),
    '</body></html>',
  ].join('\n')

const renderRow = (row: ConsentRow): string => {
  const { consent, text } = row
  const { weeklyHours, ...caps } = consent.caps
  const facts: readonly (readonly [string, string])[] = [
    ['Status', row.revokedAtMs === null ? row.status : `withdrawn ${date(row.revokedAtMs)}`],
    ['Given', date(consent.grantedAtMs)],
    ['Ends', date(consent.grantedAtMs + consentValidMs)],
    ['Backend', [consent.backend, consent.model, consent.baseUrl].filter((part) => part !== '').join(', ')],
    ...Object.entries(caps).map(([name, value]) => [words(name), String(value)] as const),
    ['Hours a week', String(weeklyHours.reduce((sum, day) => sum + bitsOf(day), 0))],
    ['Terms read', date(consent.termsCheckedAtMs).slice(0, 10)],
    ['Record', toHex(row.id)],
  ]
  const table = facts.map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`).join('')
  return `<section><h2>${escape(consent.documentId)}, version ${consent.version}</h2><table>${table}</table><pre>${escape(text)}</pre></section>`
}

const words = (name: string): string => {
  const spaced = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
const bitsOf = (day: number): number => day.toString(2).replaceAll('0', '').length
