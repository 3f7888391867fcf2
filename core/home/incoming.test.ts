import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { containing } from '../contract/testing/matching.ts'
import { renderBackup } from '../copies/backup-file.ts'
import { signCopy } from '../copies/model.ts'
import { renderGenesisFile } from '../federation/genesis-file.ts'
import { createInviteLink } from '../federation/invite.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { summaryOf } from '../federation/summary.ts'
import { fromBase64Url, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { systemDisk } from '../platform/disk.ts'
import { createSeededRandom } from '../platform/random.ts'
import { signerOf } from '../settlement/testing/world.ts'
import { createIncoming, readIncomingLink } from './incoming.ts'

const nowMs = 1_750_000_000_000
const made = createPracticeFederation({
  random: createSeededRandom('incoming'),
  nowMs,
  requesterKey: fromBase64Url('O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik'),
  witnessAddresses: [4001, 4002, 4003, 4004].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
})
if (!made.ok) throw new Error(made.error.message)
const { federation } = made.value
const link = createInviteLink({
  federation,
  seed: sha256(utf8('invite')),
  amountMicro: 5_000_000n,
  sponsor: sha256(utf8('sponsor')),
  expiresAtMs: nowMs + 1,
})
const file = renderGenesisFile(federation)
const ofBackup = { accountId: toHex(sha256(utf8('account'))), madeAtMs: nowMs }
const sealed = {
  account: sha256(utf8('account')),
  slot: new Uint8Array(16),
  version: 1,
  enc: new Uint8Array(32),
  ciphertext: new Uint8Array(9),
}
const backup = renderBackup({ federation, madeAtMs: nowMs, copy: signCopy(sealed, signerOf('ann'), federation.id) })

describe('a link from anywhere', () => {
  test('comes through as it is when it is a whole invite, expired or not', () => {
    expect(readIncomingLink(link)).toEqual({ kind: 'invite', link })
  })

  const notInvite = 'not an invite link'
  test.each([
    ['nothing', '', notInvite],
    ['the scheme alone', 'claude-market:', notInvite],
    ['an invite of nothing', 'claude-market://invite/', notInvite],
    ['an invite in another spelling', link.replace('claude-market', 'Claude-Market'), notInvite],
    ['another action', 'claude-market://transfer/AQ?to=me&amount=1000', notInvite],
    ['a device code', 'claude-market://device/AQ', notInvite],
    ['an invite with a query', `${link}?amount=1000`, notInvite],
    ['an invite with a fragment', `${link}#/wallet`, notInvite],
    ['an invite on a path', `claude-market://invite/../${link.slice(23)}`, notInvite],
    ['an invite with a user', link.replace('//invite', '//me@invite'), notInvite],
    ['an invite with a port', link.replace('invite/', 'invite:80/'), notInvite],
    ['an invite with spaces', link.replace(/.{76}/g, '$& '), notInvite],
    ['an invite in percent signs', `${link}%20`, notInvite],
    ['an invite with a line after it', `${link}\n--practice`, notInvite],
    ['an invite with a byte of nothing', `${link}\0`, notInvite],
    ['an invite with characters nobody sees', `${link}\u200b`, notInvite],
    ['an invite that reads backwards', `\u202e${link}`, notInvite],
    ['an invite with letters that look alike', link.replace('invite', 'invi\u0442e'), notInvite],
    ['a script', 'javascript:alert(1)', notInvite],
    ['a script behind the scheme', 'claude-market:javascript:alert(1)', notInvite],
    ['a file', 'file:///etc/passwd', notInvite],
    ['markup', 'claude-market://invite/<img src=x onerror=alert(1)>', notInvite],
    ['a page', 'https://example.org/invite/AQ', notInvite],
    ['a switch', '--gpu-launcher=calc', notInvite],
    ['an invite cut off', link.slice(0, -20), 'missing'],
    ['an invite with another letter', `${link.slice(0, -9)}${link.at(-9) === 'A' ? 'B' : 'A'}${link.slice(-8)}`, 'changed on its way'],
    ['more than any link', `claude-market://invite/${'A'.repeat(100_000)}`, 'too long'],
  ])('is refused with a sentence where it is %s', (_what, text, sentence) => {
    expect(readIncomingLink(text)).toEqual({ kind: 'refused', message: containing(sentence) })
  })
})

describe('a file from anywhere', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'incoming-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test.each([
    ['a federation file', file, { kind: 'federation-file', federation: summaryOf(federation), content: file }],
    ['empty', '', { kind: 'refused', message: containing('not a federation file') }],
    ['no text', Buffer.from([0xff, 0xfe, 0x00]), { kind: 'refused', message: containing('not a federation file') }],
    ['forged', file.replace('"faults": 1', '"faults": 0'), { kind: 'refused', message: containing('valid') }],
    ['a backup file', backup, { kind: 'backup-file', backup: { federation: summaryOf(federation), ...ofBackup }, content: backup }],
    ['a backup that was cut off', backup.slice(0, -9), { kind: 'refused', message: containing('only a part of one') }],
    ['huge', 'x'.repeat(200_000), { kind: 'refused', message: containing('too long') }],
  ])('that is %s', async (_what, content, item) => {
    const path = join(folder, 'lab.claude-market')
    writeFileSync(path, content)
    const incoming = createIncoming(systemDisk)
    await incoming.receiveFile(path)
    expect(incoming.current()).toEqual({ revision: 1, item })
  })

  test('with the ending of a backup is told what it is not', async () => {
    const path = join(folder, 'old.claude-market-backup')
    writeFileSync(path, file)
    const incoming = createIncoming(systemDisk)
    await incoming.receiveFile(path)
    expect(incoming.current().item).toEqual({ kind: 'refused', message: containing('not a backup file') })
  })

  test('that is gone or a folder is refused with a sentence', async () => {
    const incoming = createIncoming(systemDisk)
    await incoming.receiveFile(join(folder, 'gone.claude-market'))
    expect(incoming.current().item).toEqual({ kind: 'refused', message: containing('not there any more') })
    await incoming.receiveFile(folder)
    expect(incoming.current().item).toMatchObject({ kind: 'refused' })
  })
})

test('the newest waits, and a decision about an older one does not take it away', () => {
  const incoming = createIncoming(systemDisk)
  const told: number[] = []
  incoming.onChanged(() => told.push(incoming.current().revision))
  incoming.receiveLink('claude-market://elsewhere')
  incoming.receiveLink(link)
  incoming.dismiss(1)
  expect(incoming.current()).toEqual({ revision: 2, item: { kind: 'invite', link } })
  incoming.dismiss(2)
  incoming.dismiss(3)
  expect([incoming.current(), told]).toEqual([{ revision: 3, item: null }, [1, 2, 3]])
})
