import { hkdfSync } from 'node:crypto'
import { keyFromSeed } from '../identity/ed25519.ts'
import { deviceIndexOf } from '../identity/keys.ts'
import type { Secrets, WitnessSecrets } from '../identity/secrets.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Witness } from '../settlement/objects.ts'
import type { Federation } from './federation.ts'

/** One of them may fail, as in the smallest federation; that they share a computer is the founder's choice. */
export const hostedWitnessCount = 4

export type HostedWitness = Secrets & { readonly witness: WitnessSecrets }

/**
 * The witnesses a founder runs beside the own node. Their keys grow from the node's seed, which is random in every data folder and
 * in no phrase: an account restored elsewhere has other ones, so that no witness can come to vote twice (settlement.md §3.6).
 */
export const hostedWitnesses = (nodeSeed: Uint8Array): readonly HostedWitness[] =>
  Array.from({ length: hostedWitnessCount }, (_, index) => {
    const derive = (part: string): Uint8Array =>
      new Uint8Array(hkdfSync('sha256', nodeSeed, new Uint8Array(), `RUV1/HOSTED-WITNESS/${index}/${part}`, 32))
    return {
      accountEntropy: derive('account'),
      linkedTo: null,
      deviceIndex: deviceIndexOf(derive('device')),
      nodeSeed: derive('node'),
      witness: { seed: derive('witness'), memory: null },
      credentials: [],
    }
  })

/** Those of this seed's witnesses that the federation knows, each with its seat; none for a member that hosts none. */
export const hostedSeats = (
  federation: Federation,
  nodeSeed: Uint8Array,
): readonly { readonly secrets: HostedWitness; readonly seat: Witness }[] =>
  hostedWitnesses(nodeSeed).flatMap((secrets) => {
    const { publicKey } = keyFromSeed(secrets.witness.seed)
    const seat = federation.genesis.witnesses.find((witness) => equalBytes(witness.publicKey, publicKey))
    return seat === undefined ? [] : [{ secrets, seat }]
  })
