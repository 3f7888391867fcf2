import { keyFromSeed, type Ed25519Key } from './ed25519.ts'
import { seedOfEntropy } from './phrase.ts'
import { deriveNode } from './slip10.ts'

/**
 * The keys that come back from the recovery phrase. All are SLIP-0010 nodes below m/5395798' ("RUV" as a number; BIP-43 leaves
 * purposes of that size free), each in a branch of its own so that handing one out says nothing about another:
 *
 *   m/5395798'/0'/r'   account key after r rotations; r = 0 names the account
 *   m/5395798'/1'/d'   key of the device with the random index d, certified by the account (REGISTER_DEVICE)
 *
 * Not derived, but random and kept in the vault: the libp2p seed (a node id that the phrase would repeat on two devices at once) and
 * a witness's key (a restored one might vote twice; settlement.md §3.6).
 */
const purpose = 5_395_798
const branches = { account: 0, device: 1 } as const
const maxIndex = 0x7fff_ffff

export type KeyTree = {
  readonly accountKey: (rotation: number) => Ed25519Key
  readonly deviceKey: (deviceIndex: number) => Ed25519Key
}

/** Takes the phrase's 32 bytes of entropy. Costs one BIP-39 stretching, so keep the tree. Indexes are 0 to 2^31 − 1. */
export const createKeyTree = (entropy: Uint8Array): KeyTree => {
  const seed = seedOfEntropy(entropy)
  const keyAt = (branch: number, index: number) => keyFromSeed(deriveNode(seed, [purpose, branch, index]).key)
  return {
    accountKey: (rotation) => keyAt(branches.account, rotation),
    deviceKey: (deviceIndex) => keyAt(branches.device, deviceIndex),
  }
}

/** A device index from 4 random bytes: two devices of one person need not agree on who comes next. */
export const deviceIndexOf = (random4: Uint8Array): number => new DataView(random4.buffer, random4.byteOffset).getUint32(0) & maxIndex
