import { createCopyKeeper } from '../../copies/keeper.ts'
import { createCopyStore } from '../../copies/store.ts'
import { committeeOf, creditsOfFederation, settlementRulesOf } from '../../federation/federation.ts'
import { createPracticeFederation } from '../../federation/practice.ts'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { createMemoryNetwork } from '../../network/memory.ts'
import { assert } from '../../platform/assert.ts'
import { createManualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { createDriver } from '../../settlement/driver.ts'
import { firstEpoch } from '../../settlement/epochs.ts'
import { seedKeyOf } from '../../settlement/seed-share.ts'
import { witnessMigrations } from '../../settlement/witness-schema.ts'
import { createWitnessStore } from '../../settlement/witness-store.ts'
import { createWitness, resumeMemory } from '../../settlement/witness.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'

/** A practice federation with its four real witnesses on the memory network; the supply is the treasury's and `requester`'s. With a customer it is an organisation's. */
export const createRealFederation = (requester: Signer, customer?: string) => {
  const clock = createManualClock()
  const random = createSeededRandom('federation')
  // Nobody is dialled at these; an organisation's witnesses must have one.
  const addresses = Array.from({ length: 4 }, (_, index) => (customer === undefined ? [] : [`/ip4/127.0.0.1/tcp/${index + 1}`]))
  const made = createPracticeFederation({
    random,
    nowMs: clock.nowMs(),
    requesterKey: requester.publicKey,
    witnessAddresses: addresses,
    ...(customer === undefined ? {} : { customer }),
  })
  assert(made.ok, 'a practice federation can be founded')
  const { federation, witnesses } = made.value
  const committee = committeeOf(federation)
  const epochs = firstEpoch(committee)
  const rules = settlementRulesOf(federation, epochs)
  const genesis = creditsOfFederation(federation)
  const network = createMemoryNetwork({ clock })
  const running = witnesses.map(({ witness }, index) => {
    assert(witness !== null, 'a witness of the federation has its key')
    const store = createWitnessStore(openMemoryDatabase(witnessMigrations))
    resumeMemory(store, null, random)
    const signer = createSigner(keyFromSeed(witness.seed))
    const seedKey = seedKeyOf(witness.seed, signer.publicKey)
    const peerId = committee.witnesses[index]?.peerId ?? ''
    const facts = { rules, genesisCredits: genesis, clock, log: silentLog, isRetired: false }
    const node = network.addNode(peerId)
    const { serve, maySpeakFor } = createWitness({ store, signer, seedKey, ...facts })
    serve(node)
    const copies = createCopyStore(openMemoryDatabase())
    createCopyKeeper({ store: copies, federationId: federation.id, clock, maySpeakFor }).serve(node)
    return { node, store }
  })
  return {
    clock,
    federation,
    providers: made.value.providers,
    /** The members behind the witnesses; the first three are the arbiters. */
    witnessSecrets: witnesses,
    witnessNodes: running.map(({ node }) => node),
    witnessStores: running.map(({ store }) => store),
    committee,
    genesis,
    rules,
    network,
    driverOf: (peerId: string) => createDriver({ network: network.addNode(peerId), epochs: rules.epochs, clock, log: silentLog }),
  }
}
