import { networkInterfaces } from 'node:os'
import type { z } from 'zod'
import type { witnessChoice } from '../contract/setup.ts'
import { parseArbiterCard } from '../federation/arbiter-card.ts'
import { foundFederation, type Federation } from '../federation/federation.ts'
import { hostedWitnesses } from '../federation/hosted-witnesses.ts'
import { defaultLimits } from '../federation/limits.ts'
import { parseWitnessCard, witnessOf } from '../federation/witness-card.ts'
import { createKeyTree } from '../identity/keys.ts'
import type { Secrets } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { committeeBounds } from '../settlement/committee-codec.ts'
import { committeeProblem } from '../settlement/committee-rules.ts'
import type { NamedArbiter, Witness } from '../settlement/objects.ts'

export type FoundingWish = {
  readonly name: string
  readonly kind: 'organisation' | 'community'
  readonly customer: string | null
  readonly supplyMicro: AmountMicro
  readonly witnesses: z.output<typeof witnessChoice>
  /** As cards. */
  readonly arbiters: readonly string[]
}

/** Signs a federation into being whose whole supply is the founder's. `ports` are for witnesses on this computer. */
export const foundFrom = (
  wish: FoundingWish,
  secrets: Secrets,
  ports: readonly number[],
  nowMs: number,
): Result<Federation, Failure<'bad-witnesses' | 'bad-arbiters' | 'refused'>> => {
  const witnesses = wish.witnesses.kind === 'cards' ? readCards(wish.witnesses.cards) : ok(seatsHere(secrets.nodeSeed, ports))
  if (!witnesses.ok) return witnesses
  const faults = Math.floor((witnesses.value.length - 1) / 3)
  const witnessProblem = committeeProblem({ witnesses: witnesses.value, faults, arbiters: [] })
  if (witnessProblem !== null) return fail('bad-witnesses', witnessProblem)
  const arbiters = readArbiters(wish.arbiters)
  if (!arbiters.ok) return arbiters
  const arbiterProblem = committeeProblem({ witnesses: witnesses.value, faults, arbiters: arbiters.value })
  if (arbiterProblem !== null) return fail('bad-arbiters', arbiterProblem)
  const founder = createSigner(createKeyTree(secrets.accountEntropy).accountKey(0))
  const founded = foundFederation(
    {
      name: wish.name.trim(),
      kind: wish.kind,
      organisation: wish.customer === null ? null : { customer: wish.customer.trim() },
      witnesses: witnesses.value,
      faults,
      arbiters: arbiters.value,
      supply: [{ firstKey: founder.publicKey, amountMicro: wish.supplyMicro }],
      feePpm: 0,
      createdAtMs: nowMs,
      limits: defaultLimits[wish.kind],
    },
    founder,
  )
  return founded.ok ? founded : fail('refused', founded.error.message)
}

const readCards = (cards: readonly string[]): Result<readonly Witness[], Failure<'bad-witnesses'>> => {
  const witnesses: Witness[] = []
  for (const [index, card] of cards.entries()) {
    const witness = parseWitnessCard(card)
    if (!witness.ok) return fail('bad-witnesses', `Card ${index + 1}: ${witness.error.message}`)
    witnesses.push(witness.value)
  }
  if (witnesses.length < 4 || witnesses.length % 3 !== 1)
    return fail('bad-witnesses', `A federation has 4, 7, 10, … witnesses, so that a third of them may fail; these are ${witnesses.length}.`)
  return ok(witnesses)
}

const readArbiters = (cards: readonly string[]): Result<readonly NamedArbiter[], Failure<'bad-arbiters'>> => {
  const arbiters: NamedArbiter[] = []
  for (const [index, card] of cards.entries()) {
    const arbiter = parseArbiterCard(card)
    if (!arbiter.ok) return fail('bad-arbiters', `Arbiter ${index + 1}: ${arbiter.error.message}`)
    arbiters.push(arbiter.value)
  }
  return ok(arbiters)
}

const seatsHere = (nodeSeed: Uint8Array, ports: readonly number[]): readonly Witness[] => {
  const hosts = ownAddresses()
  return hostedWitnesses(nodeSeed).map((witness, index) =>
    witnessOf(
      witness,
      hosts.map((host) => `/ip4/${host}/tcp/${ports[index] ?? 0}`),
    ),
  )
}

/** As others reach this computer, then as it reaches itself when it is in no network. */
const ownAddresses = (): readonly string[] => {
  const outside = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  )
  return [...new Set(outside)].slice(0, committeeBounds.addressesPerWitness - 1).concat('127.0.0.1')
}
