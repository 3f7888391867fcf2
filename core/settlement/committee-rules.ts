import { isAdmissiblePublicKey } from '../identity/ed25519.ts'
import { isPeerId } from '../identity/peer-id.ts'
import { toHex } from '../platform/bytes.ts'
import type { Bytes32, Committee, NamedArbiter } from './objects.ts'
import { isSeedKey } from './seed-share.ts'

/** What holds of a committee wherever it is written down; each check gives the sentence that names the field at fault, or null. */
export type CommitteeDraft = Pick<Committee, 'witnesses' | 'faults'> & { readonly arbiters: readonly NamedArbiter[] }

const checks: readonly ((draft: CommitteeDraft) => string | null)[] = [
  ({ witnesses, faults }) =>
    witnesses.length === 3 * faults + 1
      ? null
      : `witnesses must be 3 × faults + 1, which is ${3 * faults + 1} for faults = ${faults}, but there are ${witnesses.length}.`,
  ({ witnesses }) =>
    keyProblem(
      witnesses.map(({ publicKey }) => publicKey),
      (index) => `witnesses[${index}].publicKey`,
    ),
  ({ witnesses }) =>
    firstProblem(witnesses, ({ peerId }, index) =>
      isPeerId(peerId) ? null : `witnesses[${index}].peerId must be the libp2p id of an Ed25519 key.`,
    ),
  ({ witnesses }) =>
    duplicate(
      witnesses.map(({ peerId }) => peerId),
      (index) => `witnesses[${index}].peerId`,
    ),
  ({ witnesses }) =>
    firstProblem(witnesses, ({ seedKey }, index) =>
      isSeedKey(seedKey) ? null : `witnesses[${index}].seedKey is not a usable BLS12-381 key.`,
    ),
  ({ witnesses }) =>
    duplicate(
      witnesses.map(({ seedKey }) => toHex(seedKey)),
      (index) => `witnesses[${index}].seedKey`,
    ),
  ({ witnesses }) =>
    firstProblem(witnesses, ({ addresses }, index) => {
      const wrong = addresses.findIndex((address) => !isAddress(address))
      return wrong < 0 ? null : `witnesses[${index}].addresses[${wrong}] must be a multiaddr such as /dns4/example.org/tcp/4001.`
    }),
  ({ arbiters }) =>
    firstProblem(arbiters, ({ name }, index) => (isTitle(name) ? null : `arbiters[${index}].name must be one line of text and not empty.`)),
  ({ arbiters }) =>
    keyProblem(
      arbiters.map(({ publicKey }) => publicKey),
      (index) => `arbiters[${index}].publicKey`,
    ),
  ({ arbiters }) =>
    firstProblem(arbiters, ({ operator }, index) =>
      operator === '' || isTitle(operator) ? null : `arbiters[${index}].operator must be one line of text, or empty.`,
    ),
]

/** Null for a committee that all of the rules hold for. */
export const committeeProblem = (draft: CommitteeDraft): string | null => firstProblem(checks, (check) => check(draft))

export const firstProblem = <T>(items: readonly T[], problemOf: (item: T, index: number) => string | null): string | null => {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index)
    if (problem !== null) return problem
  }
  return null
}

const duplicate = (items: readonly string[], fieldOf: (index: number) => string): string | null =>
  firstProblem(items, (item, index) =>
    items.indexOf(item) === index ? null : `${fieldOf(index)} is the same as ${fieldOf(items.indexOf(item))}; each must differ.`,
  )

export const keyProblem = (keys: readonly Bytes32[], fieldOf: (index: number) => string): string | null =>
  firstProblem(keys, (key, index) => (isAdmissiblePublicKey(key) ? null : `${fieldOf(index)} is not a usable Ed25519 public key.`)) ??
  duplicate(keys.map(toHex), fieldOf)

export const isTitle = (text: string): boolean => text.trim() === text && text !== '' && !/[\t\n]/.test(text)
const isAddress = (text: string): boolean => /^(?:\/[A-Za-z0-9._:%-]+){2,}$/.test(text)
