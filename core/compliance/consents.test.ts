import { beforeEach, expect, test } from 'vitest'
import { createAudit, type Audit } from '../audit/service.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { unbilled } from './caps.ts'
import { createConsents, type Consents } from './consents.ts'

const dayMs = 24 * 3_600_000
const signer = createSigner(keyFromSeed(sha256(utf8('me'))))
const federationId = sha256(utf8('federation'))
const caps = { ...unbilled, concurrent: 1, tasksPerDay: 1, outputTokensPerTask: 1, outputTokensPerDay: 1 }
const subject = { backend: 'local-model', baseUrl: 'http://127.0.0.1:1', model: 'm', credentialTag: null } as const

let db: Database
let clock: ManualClock
let audit: Audit
let consents: Consents
let given: Bytes32
const open = (): void => {
  audit = createAudit({ db, signer, federationId, clock, log: silentLog, changed: () => undefined })
  consents = createConsents({ db, signer, federationId, clock, audit, changed: () => undefined })
}
const give = (): Bytes32 => {
  const document = consents.document(subject.backend)
  assert(document !== null, 'there is a text')
  const answer = consents.give(subject, caps, { shownHash: document.textHash, keyRef: null })
  assert(answer.ok, 'it is given')
  return answer.value
}
const withdraw = (): void => {
  expect(db.transaction(() => consents.revoke(given)).ok).toBe(true)
  consents.tellRevoked(given)
}
const standing = () => [
  consents.check(given, subject, caps),
  consents.list().find(({ id }) => id.every((byte, at) => byte === given[at]))?.status,
]
beforeEach(() => {
  db = openMemoryDatabase()
  clock = createManualClock()
  open()
  given = give()
})

test('a withdrawn consent stays withdrawn when its row is written back by hand, before and after a restart', () => {
  const signature = consents.list()[0]?.signature ?? new Uint8Array()
  withdraw()
  db.prepare<[Uint8Array]>('UPDATE consent SET signature = ?, revoked_at_ms = NULL').run(signature)
  expect(standing()).toEqual(['revoked', 'revoked'])
  open()
  expect(standing()).toEqual(['revoked', 'revoked'])
})

test('whoever takes the withdrawal out of the log as well breaks its chain', () => {
  withdraw()
  db.prepare(`DELETE FROM audit_entry WHERE outcome = 'withdrawn'`).run()
  expect(audit.check().ok).toBe(false)
})

test.each<[string, () => void]>([
  ['listed', () => void consents.list()],
  ['checked', () => void consents.check(given, subject, caps)],
  ['there when the program starts', () => open()],
])('a consent that was %s after its time stays expired when the clock is set back', (_how, look) => {
  clock.setBy(95 * dayMs)
  look()
  clock.setBy(-10 * dayMs)
  expect(standing()).toEqual(['expired', 'expired'])
  db.prepare('UPDATE consent SET seen_ms = 0').run()
  open()
  expect(standing()).toEqual(['expired', 'expired'])
})

test('the end of a consent is written down once, and another one can be given', () => {
  clock.setBy(95 * dayMs)
  for (let times = 0; times < 3; times++) standing()
  given = give()
  expect(standing()).toEqual(['valid', 'valid'])
  expect(audit.page(Number.MAX_SAFE_INTEGER, 10).map(({ outcome, rule }) => `${outcome}, ${rule}`)).toEqual([
    'given, serve-local-model',
    'expired, after-90-days',
    'given, serve-local-model',
  ])
})
