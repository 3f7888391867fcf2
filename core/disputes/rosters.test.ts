import { expect, test } from 'vitest'
import { createSigner } from '../identity/signing.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import type { Epoch, Epochs } from '../settlement/epochs.ts'
import { hash } from '../settlement/testing/world.ts'
import { createRealFederation } from '../wallet/testing/real-federation.ts'
import { judgesWith } from './rosters.ts'

test('an arbiter of a former roster judges with it as long as one of its escrows may be disputed', () => {
  const { rules } = createRealFederation(createSigner(keyFromSeed(hash('requester'))))
  const { limits } = rules
  const former = rules.epochs.newest()
  const [arbiter] = former.committee.arbiters
  if (arbiter === undefined) throw new Error('no arbiter')
  const closesAtMs = 1_000_000
  const newest: Epoch = { ...former, committee: { ...former.committee, epoch: 1, arbiters: [{ ...arbiter, publicKey: hash('other') }] } }
  const known: readonly Epoch[] = [{ ...former, closesAtMs }, newest]
  const epochs: Epochs = { ...rules.epochs, newest: () => newest, get: (epoch) => known[epoch] ?? null }
  const epochsOf = (key: Uint8Array, nowMs: number) => judgesWith({ ...rules, epochs }, key, nowMs).map(({ epoch }) => epoch)
  const lastRulingMs = closesAtMs + limits.maxWorkMs + limits.maxReviewMs + limits.maxRuleMs
  expect([0, lastRulingMs, lastRulingMs + 60_000].map((nowMs) => epochsOf(arbiter.publicKey, nowMs))).toEqual([[0], [0], []])
  expect(epochsOf(hash('other'), lastRulingMs + 60_000)).toEqual([1])
  expect(epochsOf(hash('nobody'), 0)).toEqual([])
})
