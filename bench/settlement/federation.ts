import { peerIdOfSeed } from '../../core/identity/peer-id.ts'
import { silentLog } from '../../core/platform/log.ts'
import { createSeededRandom } from '../../core/platform/random.ts'
import type { Clock } from '../../core/platform/clock.ts'
import { genesisCredits } from '../../core/settlement/account.ts'
import type { Committee, Credit } from '../../core/settlement/objects.ts'
import {
  birth,
  committeeOf,
  createMember,
  hash,
  rulesOf,
  seedKeyOfWitness,
  signerOf,
  type Member,
} from '../../core/settlement/testing/world.ts'
import { witnessMigrations } from '../../core/settlement/witness-schema.ts'
import { createWitnessStore } from '../../core/settlement/witness-store.ts'
import { createWitness, resumeMemory, type Witness } from '../../core/settlement/witness.ts'
import type { Database } from '../../core/storage/database.ts'
import { openDatabase } from '../../core/storage/open.ts'

/** A federation whose keys everybody in the benchmark can work out: witnesses in processes of their own, members in this one. */
export const nodeSeedOf = (index: number): Uint8Array => hash(`node of witness ${index}`)

/** `addressOf`: where each witness is dialled, which may be a proxy. */
export const benchCommittee = (size: number, addressOf: (index: number) => readonly string[] = () => []): Committee => ({
  ...committeeOf(size),
  witnesses: committeeOf(size).witnesses.map((witness, index) => ({
    ...witness,
    peerId: peerIdOfSeed(nodeSeedOf(index)),
    addresses: addressOf(index),
  })),
})

export const holdersOf = (count: number): readonly Member[] => Array.from({ length: count }, (_, index) => createMember(`holder ${index}`))
/** Credit i is holder i's. */
export const creditsOf = (holders: readonly Member[]): readonly Credit[] =>
  genesisCredits(
    birth,
    holders.map(({ signer }) => ({ firstKey: signer.publicKey, amountMicro: 1_000_000n })),
  )

export type BenchWitness = { readonly witness: Witness; readonly database: Database }

/** A witness with a file that survives a power cut, as in the product. */
export const openWitness = (file: string, index: number, committee: Committee, credits: readonly Credit[], clock: Clock): BenchWitness => {
  const opened = openDatabase({ file, migrations: witnessMigrations })
  if (!opened.ok) throw new Error(opened.error.message)
  const store = createWitnessStore(opened.value)
  const memory = resumeMemory(store, null, createSeededRandom(`witness ${index}`))
  const witness = createWitness({
    store,
    signer: signerOf(`witness ${index}`),
    seedKey: seedKeyOfWitness(index),
    rules: rulesOf(committee),
    genesisCredits: credits,
    clock,
    log: silentLog,
    isRetired: !memory.ok,
  })
  return { witness, database: opened.value }
}
