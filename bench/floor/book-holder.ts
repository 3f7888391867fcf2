import { keyFromSeed } from '../../core/identity/ed25519.ts'
import { createSigner } from '../../core/identity/signing.ts'
import { offers } from '../../core/orders/model.ts'
import { offerValue } from '../../core/orders/testing/fixtures.ts'
import { toHex } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { accountIdOf } from '../../core/settlement/account-id.ts'
import type { BookReady } from '../orders-join.ts'
import { createBenchOrders } from './bench-orders.ts'
import { openBenchNetwork } from '../bench-network.ts'

// A process of its own, so that the joining node has seen none of the keys before.
const members = 500
const ordersPerMember = 20
const federationId = systemRandom.bytes(32)
const network = await openBenchNetwork({ scope: toHex(federationId) })
const held = createBenchOrders(network, federationId, systemRandom.bytes(32))
held.start()
let sample: BookReady['sample'] | null = null
for (let member = 0; member < members; member++) {
  const signer = createSigner(keyFromSeed(systemRandom.bytes(32)))
  for (let index = 0; index < ordersPerMember; index++) {
    const nowMs = systemClock.nowMs()
    const order = offers.sign(
      offerValue('nobody', {
        provider: accountIdOf({ federationId, epoch: 0 }, signer.publicKey),
        providerKey: signer.publicKey,
        nonce: systemRandom.bytes(16),
        createdAtMs: nowMs,
        validUntilMs: nowMs + 3_600_000,
      }),
      signer,
      federationId,
    )
    held.book.offers.insert(order)
    sample ??= { key: toHex(signer.publicKey), body: toHex(offers.encode(order)), signature: toHex(order.signature) }
  }
}
process.stdout.write(
  `${JSON.stringify({ peer: network.self(), federationId: toHex(federationId), orders: held.book.offers.count(), members, sample })}\n`,
)
process.on('SIGTERM', () => {
  held.stop()
  void network.stop().finally(() => process.exit(0))
})
