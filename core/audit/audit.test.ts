import { beforeEach, describe, expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { createManualClock, type ManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import type { Database } from '../storage/database.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { parseAuditLine } from './export.ts'
import { createAuditVerifier } from './model.ts'
import { createAudit, type Audit } from './service.ts'

const dayMs = 24 * 3_600_000
const idOf = (name: string): Uint8Array => sha256(utf8(name))
const signer = createSigner(keyFromSeed(idOf('me')))
const federationId = idOf('federation')

let db: Database
let clock: ManualClock
let audit: Audit
let changes = 0
const open = (): Audit => createAudit({ db, signer, federationId, clock, log: silentLog, changed: () => void changes++ })
beforeEach(() => {
  db = openMemoryDatabase()
  clock = createManualClock()
  changes = 0
  audit = open()
})

const noteMany = (count: number): void => {
  for (let index = 0; index < count; index++) {
    audit.note({ kind: 'policy', outcome: 'allow', rule: 'practice/community', member: idOf(`m${index}`), reference: idOf(`e${index}`) })
    clock.advance(1_000)
  }
}
const exported = (limit = 3): readonly string[] => {
  const lines: string[] = []
  for (let from: number | null = null, more = true; more;) {
    const part = audit.lines(from, limit)
    lines.push(...part.lines)
    from = part.nextSeq
    more = from !== null
  }
  return lines
}
/** As whoever has nothing but the file. */
const verify = (lines: readonly string[]): number | string => {
  const [first, ...rest] = lines.map((line) => {
    const parsed = parseAuditLine(line)
    assert(parsed.ok, line)
    return parsed.value
  })
  assert(first?.kind === 'head', 'a log begins with its head')
  const verifier = createAuditVerifier(first.head, first.head.start)
  for (const line of rest) {
    if (line.kind === 'entry') verifier.take(line.entry)
    if (line.kind !== 'end') continue
    const finished = verifier.finish(line.end)
    return finished.ok ? finished.value : finished.error.message
  }
  return 'no end'
}

describe('an exported log', () => {
  test('verifies from its signed beginning to its signed end, in parts of any size and after a restart', () => {
    noteMany(7)
    audit = open()
    noteMany(2)
    expect([verify(exported(1)), verify(exported(4)), verify(exported(9)), verify(exported(1_000))]).toEqual([9, 9, 9, 9])
    expect([audit.check(), changes]).toEqual([{ ok: true, value: 9 }, 9])
  })

  test('an empty one is whole too', () => expect([verify(exported()), audit.check()]).toEqual([0, { ok: true, value: 0 }]))

  test('any change of any line, any line left out, doubled or swapped is found', () => {
    noteMany(4)
    const lines = exported()
    const changed = (at: number, from: string | RegExp, to: string) => {
      const line = lines[at]?.replace(from, to) ?? ''
      expect(line).not.toBe(lines[at])
      return verify(lines.with(at, line))
    }
    const wrong = [
      changed(2, '"outcome":"allow"', '"outcome":"refuse"'),
      changed(2, '"rule":"practice/community"', '"rule":"practice/own"'),
      changed(2, '"kind":"policy"', '"kind":"consent"'),
      changed(2, '"times":1', '"times":2'),
      changed(2, /"at":"20\d\d/, '"at":"2019'),
      changed(2, /"member":"[0-9a-f]{64}"/, '"member":null'),
      changed(2, /"reference":"[0-9a-f]{64}"/, '"reference":null'),
      changed(2, /"hash":"[0-9a-f]{2}/, '"hash":"00'),
      changed(0, '"seq":0', '"seq":1'),
      changed(0, /"federation":"[0-9a-f]{2}/, '"federation":"00'),
      changed(5, '"seq":4', '"seq":3'),
      changed(5, /"signature":"[0-9a-f]{2}/, '"signature":"00'),
      verify(lines.toSpliced(2, 1)),
      verify(lines.toSpliced(4, 1)),
      verify(lines.toSpliced(2, 0, lines[2] ?? '')),
      verify(lines.with(2, lines[3] ?? '').with(3, lines[2] ?? '')),
      verify(lines.slice(0, -1)),
    ]
    expect(wrong.filter((answer) => typeof answer === 'number')).toEqual([])
  })

  test('a line that is none is refused, whatever it holds', () => {
    for (const line of ['', '{', '[]', 'null', '{"seq":1}', '{"format":"other/1"}', '{"end":{}}', `{"seq":${'9'.repeat(400)}}`])
      expect(parseAuditLine(line).ok).toBe(false)
  })
})

describe('the table on the disk', () => {
  test('an entry that was changed, taken out or put in, and an end that was cut off, are found', () => {
    const found = (sql: string): boolean => {
      db = openMemoryDatabase()
      audit = open()
      noteMany(5)
      db.prepare(sql).run()
      return !audit.check().ok
    }
    expect(
      [
        `UPDATE audit_entry SET outcome = 'refuse' WHERE seq = 3`,
        `UPDATE audit_entry SET kind = 'nonsense' WHERE seq = 3`,
        `UPDATE audit_entry SET outcome = 'Some TEXT' WHERE seq = 3`,
        'UPDATE audit_entry SET at_ms = at_ms + 1 WHERE seq = 5',
        'DELETE FROM audit_entry WHERE seq = 3',
        'DELETE FROM audit_entry WHERE seq = 5',
        'DELETE FROM audit_entry WHERE seq = 1',
        `INSERT INTO audit_entry SELECT 6, at_ms, kind, outcome, rule, member, reference, times, hash FROM audit_entry WHERE seq = 5`,
        `UPDATE audit_mark SET seq = 4 WHERE place = 'end'`,
      ].map(found),
    ).toEqual(Array.from({ length: 9 }, () => true))
  })

  test('whoever takes the end away with its mark does not get a new one', () => {
    noteMany(5)
    db.prepare('DELETE FROM audit_entry WHERE seq > 3').run()
    db.prepare(`DELETE FROM audit_mark WHERE place = 'end'`).run()
    audit = open()
    expect(audit.check().ok).toBe(false)
    noteMany(2)
    expect(audit.check().ok).toBe(false)
  })

  test('whoever takes away everything but the beginning does not get a whole log', () => {
    noteMany(5)
    db.prepare('DELETE FROM audit_entry').run()
    db.prepare(`DELETE FROM audit_mark WHERE place = 'end'`).run()
    audit = open()
    expect(audit.check().ok).toBe(false)
    noteMany(2)
    audit = open()
    expect(audit.check().ok).toBe(false)
  })

  test('a full disk stops no decision: what cannot be written down is reported to the program log', () => {
    const reported: string[] = []
    const full = { ...db, transaction: () => { throw new Error('disk full') } } // prettier-ignore
    const log = { ...silentLog, write: (_level: string, event: string) => void reported.push(event) }
    createAudit({ db: full, signer, federationId, clock, log, changed: () => undefined }).note({
      kind: 'switch',
      outcome: 'off',
      rule: 'by-owner',
    })
    expect(reported).toEqual(['decision not logged'])
  })
})

describe('deleting', () => {
  test('keeps a signed mark from which the rest still verifies, and says that something was deleted', () => {
    noteMany(6)
    const cutMs = clock.nowMs() - 3_000
    expect(audit.deleteBefore(cutMs)).toBe(3)
    expect([verify(exported()), audit.check()]).toEqual([4, { ok: true, value: 4 }])
    expect(audit.page(Number.MAX_SAFE_INTEGER, 10).map(({ seq, outcome, times }) => [seq, outcome, times])).toEqual([
      [7, 'deleted', 3],
      [6, 'allow', 1],
      [5, 'allow', 1],
      [4, 'allow', 1],
    ])
    expect(audit.status()).toMatchObject({ entries: 4, wasCut: true })
    expect(verify(exported().map((line, at) => (at === 0 ? line.replace('"seq":3', '"seq":2') : line)))).toBe(
      'The signature of the beginning is wrong.',
    )
  })

  test('everything may go, and nothing is deleted where nothing is old enough', () => {
    noteMany(3)
    expect(audit.deleteBefore(0)).toBe(0)
    expect(audit.page(Number.MAX_SAFE_INTEGER, 10)).toHaveLength(3)
    expect(audit.deleteBefore(clock.nowMs() + 1)).toBe(3)
    expect([verify(exported()), audit.status().entries]).toEqual([1, 1])
  })

  test('after a clock was set back nothing goes that is not old enough, and the order stays that of the decisions', () => {
    noteMany(3)
    clock.setBy(-10 * dayMs)
    noteMany(3)
    expect(audit.deleteBefore(clock.nowMs() + dayMs)).toBe(0)
    expect(verify(exported())).toBe(6)
  })

  test('retention cuts by itself: a year by default, else what was chosen, or never', () => {
    noteMany(2)
    clock.advance(364 * dayMs)
    noteMany(1)
    expect(audit.status()).toMatchObject({ entries: 3, keepDays: 365 })
    clock.advance(2 * dayMs)
    noteMany(1)
    expect(audit.status()).toMatchObject({ entries: 3, wasCut: true })
    audit.keepFor(1)
    clock.advance(2 * dayMs)
    noteMany(1)
    expect(audit.page(Number.MAX_SAFE_INTEGER, 10).map(({ outcome }) => outcome)).toEqual(['deleted', 'allow'])
    audit.keepFor(null)
    clock.advance(4_000 * dayMs)
    noteMany(1)
    expect([audit.status().entries, audit.status().keepDays, verify(exported())]).toEqual([4, null, 4])
  })

  test('a clock that jumps ahead deletes nothing until the log has known its time for a day', () => {
    noteMany(3)
    clock.setBy(400 * dayMs)
    noteMany(3)
    audit = open()
    noteMany(1)
    clock.setBy(-400 * dayMs)
    noteMany(1)
    expect(audit.status()).toMatchObject({ entries: 8, wasCut: false })
    clock.setBy(400 * dayMs)
    noteMany(1)
    clock.advance(dayMs)
    noteMany(1)
    expect([audit.status().wasCut, verify(exported())]).toEqual([true, audit.status().entries])
  })

  test('a log that has grown too long loses its oldest tenth and still verifies', () => {
    audit = createAudit({ db, signer, federationId, clock, log: silentLog, changed: () => undefined }, 50)
    noteMany(60)
    clock.advance(3_600_000)
    noteMany(1)
    expect([audit.page(Number.MAX_SAFE_INTEGER, 1)[0]?.rule, audit.status().entries, verify(exported())]).toEqual(['size', 57, 57])
  })
})

describe('what others can cause as often as they like', () => {
  test('the first is written at once, the same again within a minute as one entry with its number', () => {
    const refused = { kind: 'cap', outcome: 'refuse', rule: 'tasks-a-day', member: idOf('flooder') } as const
    for (let times = 0; times < 500; times++) audit.tally(refused)
    expect(audit.page(Number.MAX_SAFE_INTEGER, 10)).toHaveLength(1)
    clock.advance(60_000)
    expect(audit.page(Number.MAX_SAFE_INTEGER, 10).map(({ times }) => times)).toEqual([499, 1])
    expect(verify(exported())).toBe(2)
  })

  test('ten thousand senders make some hundred entries a minute, and every one of them is counted', () => {
    for (let sender = 0; sender < 10_000; sender++)
      audit.tally({ kind: 'request', outcome: 'no-bid', rule: 'no-offer-for-class', member: idOf(`sender ${sender}`) })
    audit.flush()
    const entries = audit.page(Number.MAX_SAFE_INTEGER, 1_000)
    expect(entries.reduce((sum, { times }) => sum + times, 0)).toBe(10_000)
    expect(entries.length).toBeLessThan(220)
  })

  test('what is no word is a mistake of the program and is not written', () => {
    expect(() => db.transaction(() => audit.note({ kind: 'policy', outcome: 'Summarise this letter', rule: 'x' }))).toThrow('made of words')
    expect(audit.status().entries).toBe(0)
  })
})
