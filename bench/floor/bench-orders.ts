import { keyFromSeed } from '../../core/identity/ed25519.ts'
import { createSigner, type Signer } from '../../core/identity/signing.ts'
import type { Network } from '../../core/network/port.ts'
import { createOrders, type Orders } from '../../core/orders/service.ts'
import { createOrderStore } from '../../core/orders/store.ts'
import { equalBytes } from '../../core/platform/bytes.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { silentLog } from '../../core/platform/log.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { accountIdOf } from '../../core/settlement/account-id.ts'
import { defaultLimits } from '../../core/federation/limits.ts'
import { openMemoryDatabase } from '../../core/storage/testing/memory-database.ts'

/** Nobody judges in a benchmark; terms name a panel all the same. */
export const benchPanel = () => ({ size: 1, quorum: 1 })

/** The order service of a node as the market wires it, without the rest of the market. */
export const createBenchOrders = (network: Network, federationId: Uint8Array, seed: Uint8Array): Orders =>
  createOrdersOf(network, federationId, createSigner(keyFromSeed(seed)))

export const createOrdersOf = (network: Network, federationId: Uint8Array, signer: Signer): Orders => {
  const birth = { federationId, epoch: 0 }
  return createOrders(
    {
      network,
      store: createOrderStore(openMemoryDatabase()),
      signer,
      federationId,
      accountId: accountIdOf(birth, signer.publicKey),
      keyBelongsTo: (account, key) => equalBytes(accountIdOf(birth, key), account),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      limits: defaultLimits.practice,
      maxOrdersPerMinute: 6_000,
      attestation: () => null,
      isKnown: () => true,
      sawPeer: () => undefined,
      reputationPpm: () => 500_000,
      wordOn: () => null,
      neverProviders: () => new Set(),
      panelFor: benchPanel,
    },
    { changed: () => undefined, decree: () => undefined, split: () => undefined },
  )
}
