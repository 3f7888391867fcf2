import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAudit } from '../core/audit/service.ts'
import { keyFromSeed } from '../core/identity/ed25519.ts'
import { createSigner } from '../core/identity/signing.ts'
import { sha256, toHex, utf8 } from '../core/platform/bytes.ts'
import { createManualClock } from '../core/platform/clock.ts'
import { silentLog } from '../core/platform/log.ts'
import { openMemoryDatabase } from '../core/storage/testing/memory-database.ts'
import { verifyAuditFile } from './audit.ts'

const signer = createSigner(keyFromSeed(sha256(utf8('me'))))
const federationId = sha256(utf8('federation'))
let folder: string
let lines: readonly string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-test-'))
  const audit = createAudit({
    db: openMemoryDatabase(),
    signer,
    federationId,
    clock: createManualClock(),
    log: silentLog,
    changed: () => undefined,
  })
  for (let index = 0; index < 5; index++) audit.note({ kind: 'switch', outcome: 'paused', rule: 'by-owner' })
  lines = audit.lines(null, 100).lines
})
afterEach(() => rmSync(folder, { recursive: true }))

const verify = async (text: string) => {
  const file = join(folder, 'audit.jsonl')
  writeFileSync(file, text)
  const verified = await verifyAuditFile(file)
  return verified.ok ? verified.value : verified.error.message
}

test('a whole file is, with whose log it is and until when', async () => {
  expect(await verify(`${lines.join('\n')}\n`)).toEqual({
    entries: 5,
    publicKey: toHex(signer.publicKey),
    federation: toHex(federationId),
    followsFrom: null,
    until: '2025-06-15T15:06:40.000Z',
  })
  expect(await verify(lines.join('\r\n'))).toMatchObject({ entries: 5 })
})

test.each([
  [
    'an entry that was changed',
    () => lines.map((line) => line.replace('"seq":3,', '"seq":3,"note":1,').replace('paused', 'resumed')),
    'Entry 1 was changed.',
  ],
  ['a line left out', () => lines.toSpliced(2, 1), 'Entry 3 does not follow entry 1: something was taken out or put in.'],
  ['a file that is cut off', () => lines.slice(0, -1), 'The end is missing: the file is cut off, or no exported log.'],
  ['a missing beginning', () => lines.slice(1), 'Line 1: The beginning is missing.'],
  ['a second log in the same file', () => [...lines, ...lines], 'Line 8: Something follows the end.'],
  ['a file of another kind', () => ['Dear reader,'], 'Line 1: This is no line of an exported log.'],
  ['an empty file', () => [], 'The end is missing: the file is cut off, or no exported log.'],
])('%s is told in one sentence', async (_what, changed, sentence) => expect(await verify(changed().join('\n'))).toBe(sentence))

test('a file that is not there is told as well', async () =>
  expect(await verifyAuditFile(join(folder, 'nothing'))).toMatchObject({ ok: false, error: { code: 'unreadable' } }))
