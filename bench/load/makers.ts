import { setTimeout as sleep } from 'node:timers/promises'
import { keyFromSeed } from '../../core/identity/ed25519.ts'
import { createSigner } from '../../core/identity/signing.ts'
import type { PeerAddress } from '../../core/network/port.ts'
import type { Federation } from '../../core/federation/federation.ts'
import { offers } from '../../core/orders/model.ts'
import { offerGossips } from '../../core/orders/wire.ts'
import { offerValue, pricingOf } from '../../core/orders/testing/fixtures.ts'
import { toHex } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { accountIdOf } from '../../core/settlement/account-id.ts'
import { createBenchOrders } from '../floor/bench-orders.ts'
import { openBenchNetwork } from '../bench-network.ts'

/** Members whose offers stand while others trade: one node that has them all and bids on nothing. */
const offersOfMaker = 20
const dearMicro = 900_000n
/** Three quarters of what a node takes from one peer. */
const announcementsPerSecond = 150
/** Until gossip has found its neighbours. */
const meshMs = 2_000

export const standingMakers = async (
  { id: federationId }: Federation,
  count: number,
  members: readonly PeerAddress[],
): Promise<{ readonly stop: () => Promise<void> }> => {
  const network = await openBenchNetwork({ scope: toHex(federationId) })
  const orders = createBenchOrders(network, federationId, systemRandom.bytes(32))
  orders.start()
  const announcements: Uint8Array[] = []
  for (let maker = 0; maker * offersOfMaker < count; maker++) {
    const signer = createSigner(keyFromSeed(systemRandom.bytes(32)))
    for (let index = 0; index < offersOfMaker; index++) {
      const createdAtMs = systemClock.nowMs()
      const value = offerValue('nobody', {
        provider: accountIdOf({ federationId, epoch: 0 }, signer.publicKey),
        providerKey: signer.publicKey,
        peer: network.self(),
        pricing: pricingOf(dearMicro + BigInt(index)),
        nonce: systemRandom.bytes(16),
        createdAtMs,
        validUntilMs: createdAtMs + 23 * 3_600_000,
      })
      const offer = offers.sign(value, signer, federationId)
      orders.book.offers.insert(offer)
      announcements.push(offerGossips.encode({ kind: 'offer', offer: offers.encode(offer) }))
    }
  }
  for (const member of members) await network.connect(member, { timeoutMs: 5_000 })
  await sleep(meshMs)
  for (const announcement of announcements) {
    await network.publish('offers', announcement)
    await sleep(1_000 / announcementsPerSecond)
  }
  return {
    stop: async () => {
      orders.stop()
      await network.stop()
    },
  }
}
