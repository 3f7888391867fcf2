import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createInviteLink } from '../federation/invite.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { fromBase64Url, sha256, utf8 } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { claimPendingInvite } from './claiming.ts'
import { writePendingInvite } from './member-files.ts'

test('what an invite is to bring is awaited while the witnesses are away, and until it is there', async () => {
  const clock = createManualClock()
  const made = createPracticeFederation({
    random: createSeededRandom('claiming'),
    nowMs: clock.nowMs(),
    requesterKey: fromBase64Url('O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik'),
    witnessAddresses: [4001, 4002, 4003, 4004].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
  })
  if (!made.ok) throw new Error(made.error.message)
  const { federation } = made.value
  const promise = { seed: sha256(utf8('invite')), amountMicro: 25_000_000n, sponsor: sha256(utf8('sponsor')), expiresAtMs: 1 }
  const dataFolder = await mkdtemp(join(tmpdir(), 'claiming-'))
  await writePendingInvite(dataFolder, createInviteLink({ federation, ...promise }))
  const awaited: bigint[] = []
  let areWitnessesThere = false
  const stop = claimPendingInvite({
    dataFolder,
    clock,
    log: silentLog,
    door: {
      call: () =>
        Promise.resolve(
          areWitnessesThere ? { ok: true, value: {} } : { ok: false, error: { code: 'no-quorum', message: 'Too few witnesses answered.' } },
        ),
    },
    awaiting: (amountMicro) => void awaited.push(amountMicro),
    refused: () => undefined,
  })
  await vi.waitFor(() => expect(clock.nextDueMs()).not.toBe(null))
  expect(awaited).toEqual([25_000_000n])
  areWitnessesThere = true
  clock.advance(1_000)
  await vi.waitFor(() => expect(awaited).toEqual([25_000_000n, 25_000_000n, 0n]))
  expect(existsSync(join(dataFolder, 'invite.txt'))).toBe(false)
  stop()
  await rm(dataFolder, { recursive: true })
})
