import type { EscrowTerms, RulingOutcome } from '../settlement/objects.ts'
import type { CrashPoint } from './life.ts'
import { lies, type Lie } from './lying-witness.ts'
import type { Conditions } from './network.ts'
import { createPrng, type Prng } from './prng.ts'
import type { Profile } from './profiles.ts'

/** Everything a run will do, drawn from its seed before it starts, so that a failing run can be made smaller by leaving things out. */
export type Plan = {
  readonly seed: number
  /** 3f+1; of the first committee. */
  readonly size: number
  /** Witnesses that have no seat at first. */
  readonly newcomers: number
  /** Without habits: the honest code with a clock that is far off. */
  readonly liars: readonly Liar[]
  /** Witnesses compare their clocks; honest ones are then close enough to pass. */
  readonly watchesClocks: boolean
  readonly honestParties: number
  readonly dishonestParties: number
  /** The first party works on two computers at once: with one phrase in both, or with a key that its account certifies. */
  readonly twin: 'none' | 'same-key' | 'device-key'
  /** What each process's clock is wrong by. */
  readonly witnessSkewsMs: readonly number[]
  readonly partySkewsMs: readonly number[]
  readonly newcomerSkewsMs: readonly number[]
  readonly conditions: Conditions
  readonly chaosMs: number
  /** Sorted by time; times count from the start. */
  readonly events: readonly PlannedEvent[]
  readonly court: Court
  readonly signatures: 'token' | 'ed25519'
}

export type Liar = {
  readonly witness: number
  readonly habits: readonly Lie[]
  /** It never gives its share of a panel's seed. */
  readonly withholdsShares: boolean
  readonly goesOnAfterHeal: boolean
}

/** By their places in the roster; the bribed are fewer than any quorum. */
export type Court = {
  readonly absentArbiters: readonly number[]
  readonly bribedArbiters: readonly number[]
  readonly outcome: RulingOutcome
  /** Whether anybody but the parties asks for a panel. */
  readonly isCalled: boolean
  /** For a ruling, in reviews. */
  readonly ruleReviews: number
  /** Who had a dispute gives in as soon as it has come that far. */
  readonly concession: Concession | null
  /** Of nine, one can be drawn only while the arbiter that trades is no party. */
  readonly panel: EscrowTerms['panel']
}

export type Concession = { readonly phase: 'disputed' | 'panel'; readonly kind: 'release' | 'refund' | 'split' }

export type PlannedEvent = { readonly atMs: number } & (
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly amountMicro: number }
  | ({ readonly kind: 'open'; readonly client: number; readonly provider: number } & Story)
  | { readonly kind: 'cut'; readonly forMs: number; readonly from: readonly string[]; readonly to: readonly string[] }
  | { readonly kind: 'crash-witness'; readonly witness: number; readonly point: CrashPoint | 'between'; readonly downMs: number }
  | { readonly kind: 'crash-party'; readonly party: number; readonly point: CrashPoint | 'between'; readonly downMs: number }
  /** After a restart, somebody puts an older copy of its disk in its place: from then on it must be silent. */
  | { readonly kind: 'roll-back'; readonly witness: number }
  /** Its computer breaks down, and an older copy of its disk is all there is. */
  | { readonly kind: 'put-back'; readonly party: number; readonly copyAgeMs: number }
  /** The members agree on who follows them, seat by seat. */
  | { readonly kind: 'change-committee'; readonly witnesses: readonly number[] }
  /** The second computer of the first party is stolen, key and all: its owner never works on it again. */
  | { readonly kind: 'steal-device' }
  /** Its owner takes it back from the account. */
  | { readonly kind: 'revoke-device' }
  /** The thief signs something with it. */
  | { readonly kind: 'rob' }
  /** A dishonest party signs competing orders for its next step. */
  | { readonly kind: 'equivocate'; readonly party: number }
  /** The liars show something to someone. */
  | { readonly kind: 'attack' }
  /** Somebody tries what nobody may. */
  | { readonly kind: 'forge' }
  /** A dishonest payer goes away when only it can know that it has paid. */
  | { readonly kind: 'quit' }
)

/** What the two sides of an escrow mean to do; null: never. Times count from the opening. */
export type Story = {
  readonly amountMicro: number
  readonly workMs: number
  readonly reviewMs: number
  /** The provider signs its price. */
  readonly answerAfterMs: number | null
  readonly priceShare: number
  readonly releaseAfterMs: number | null
  readonly refundAfterMs: number | null
  /** The client proposes a split, and the provider agrees to it. */
  readonly splitAfterMs: number | null
  /** The client disputes, if there is something to dispute. */
  readonly disputeAfterMs: number | null
}

export const drawPlan = (seed: number, profile: Profile): Plan => {
  const prng = createPrng(seed).fork('plan')
  const size = prng.pick(profile.sizes)
  const faults = Math.floor((size - 1) / 3)
  const liarCount = profile.liars === 'beyond' ? faults + 1 : prng.between(0, faults)
  const witnesses = Array.from({ length: size }, (_, index) => index)
  const watchesClocks = prng.chance(profile.watchesClocksShare)
  const withholding = prng.fork('withholding')
  const liars = prng
    .shuffled(witnesses)
    .slice(0, liarCount)
    .map((witness) => ({
      witness,
      habits: watchesClocks && prng.chance(0.5) ? [] : habitsOf(prng),
      withholdsShares: withholding.chance(profile.withholdsShare),
      goesOnAfterHeal: prng.chance(0.3),
    }))
  const honestParties = prng.between(2, profile.mostParties)
  const dishonestParties = profile.hasVillain ? 1 : liarCount > 0 || prng.chance(0.5) ? prng.between(0, 1) : 0
  const mostSkewMs = watchesClocks ? Math.min(profile.skewMs, passingSkewMs) : profile.skewMs
  const skew = (): number => prng.between(-mostSkewMs, mostSkewMs)
  const isClockLiar = (index: number): boolean => liars.some(({ witness, habits }) => witness === index && habits.length === 0)
  const chaosMs = prng.between(profile.leastChaosMs, profile.mostChaosMs)
  const changes = drawChanges(prng.fork('changes'), profile, { size, liars: liars.map(({ witness }) => witness), chaosMs })
  const newcomers = Math.max(size, ...changes.flatMap((change) => change.witnesses.map((witness) => witness + 1))) - size
  const drawing: Drawing = { prng, profile, size, liars: liars.map(({ witness }) => witness), honestParties, dishonestParties, chaosMs }
  const twin = drawTwin(prng.fork('twin'), profile)
  const forgeries = drawForgeries(prng.fork('forgeries'), profile, chaosMs)
  const theft = twin === 'device-key' ? drawTheft(prng.fork('theft'), profile, chaosMs) : []
  return {
    seed,
    size,
    newcomers,
    liars,
    honestParties,
    dishonestParties,
    twin,
    watchesClocks,
    witnessSkewsMs: witnesses.map((index) => (isClockLiar(index) ? prng.pick([-1, 1]) * prng.between(8_000, 60_000) : skew())),
    partySkewsMs: Array.from({ length: honestParties + dishonestParties }, skew),
    newcomerSkewsMs: Array.from({ length: newcomers }, skew),
    conditions: drawConditions(prng, profile, watchesClocks),
    chaosMs,
    events: [...drawEvents(drawing), ...changes, ...theft, ...forgeries].toSorted((a, b) => a.atMs - b.atMs),
    court: drawCourt(prng, profile),
    signatures: profile.realSignaturesEvery > 0 && seed % profile.realSignaturesEvery === 0 ? 'ed25519' : 'token',
  }
}

/** Two such clocks differ by less than what a witness steps aside for, whatever a round trip adds. */
const passingSkewMs = 700

const drawTwin = (prng: Prng, { twinShare }: Profile): Plan['twin'] =>
  prng.chance(twinShare) ? prng.pick(['same-key', 'device-key'] as const) : 'none'

const drawTheft = (prng: Prng, { theftShare }: Profile, chaosMs: number): readonly PlannedEvent[] => {
  if (!prng.chance(theftShare)) return []
  const stolenMs = prng.between(chaosMs >> 2, chaosMs >> 1)
  return [
    { kind: 'steal-device', atMs: stolenMs },
    { kind: 'revoke-device', atMs: prng.between(stolenMs, chaosMs) },
    ...Array.from({ length: prng.between(2, 8) }, () => ({ kind: 'rob', atMs: prng.between(stolenMs, chaosMs) }) as const),
  ]
}

/** In the end a payer goes away, so that nobody else brings its account on. */
const drawForgeries = (prng: Prng, { forgesShare }: Profile, chaosMs: number): readonly PlannedEvent[] => {
  if (!prng.chance(forgesShare)) return []
  const attempts = Array.from({ length: prng.between(10, 40) }, (): PlannedEvent => ({ kind: 'forge', atMs: prng.between(0, chaosMs) }))
  return [...attempts, { kind: 'quit', atMs: Math.max(0, chaosMs - 5_000) }]
}

const drawCourt = (prng: Prng, { ruleReviews, concedesShare }: Profile): Court => {
  const places = prng.shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8])
  const later = prng.fork('concession')
  const concession = later.chance(concedesShare) ? later.pick(concessions) : null
  const staysDisputed = concession === null ? later.chance(0.2) : concession.phase === 'disputed'
  const bribed = prng.chance(0.3) ? prng.between(1, 3) : 0
  return {
    bribedArbiters: places.slice(0, bribed),
    absentArbiters: prng.chance(0.3) ? places.slice(bribed, bribed + prng.between(1, 2)) : [],
    outcome: prng.pick(['release', 'refund', 'half']),
    isCalled: prng.chance(0.85),
    ruleReviews,
    concession,
    panel: staysDisputed ? { size: 9, quorum: 5 } : { size: 5, quorum: 4 },
  }
}
const concessions = (['disputed', 'panel'] as const).flatMap((phase) =>
  (['release', 'refund', 'split'] as const).map((kind) => ({ phase, kind })),
)

type Change = Extract<PlannedEvent, { readonly kind: 'change-committee' }>

/** Mostly one witness for another; sometimes the committee grows, shrinks or only changes its order. No committee has more than f liars. */
const drawChanges = (
  prng: Prng,
  { changesShare }: Profile,
  { size, liars, chaosMs }: Pick<Drawing, 'size' | 'liars' | 'chaosMs'>,
): readonly Change[] => {
  if (!prng.chance(changesShare)) return []
  let seats: readonly number[] = Array.from({ length: size }, (_, witness) => witness)
  let newcomer = size
  const keepsOrder = prng.chance(0.5)
  const next = (): readonly number[] => {
    const isSmall = seats.length === 4
    if (isSmall && prng.chance(0.15)) return [...seats, newcomer++, newcomer++, newcomer++]
    const honest = seats.filter((witness) => !liars.includes(witness))
    if (!isSmall && seats.length - honest.length <= 1 && prng.chance(0.15))
      return seats.filter((witness) => !honest.slice(0, 3).includes(witness))
    const leaving = prng.some(seats, 0.4)
    return seats.map((witness) => (leaving.includes(witness) ? newcomer++ : witness))
  }
  const times = Array.from({ length: prng.between(1, 3) }, () => prng.between(0, chaosMs)).toSorted((a, b) => a - b)
  return times.map((atMs) => {
    seats = next()
    if (!keepsOrder) seats = prng.shuffled(seats)
    return { kind: 'change-committee', atMs, witnesses: seats }
  })
}

const habitsOf = (prng: Prng): readonly Lie[] => {
  const habits = prng.some(lies, 0.4)
  // A liar that only ever tells the truth, or nothing, is worth having too.
  return habits.length === 0 ? [prng.pick(lies)] : habits
}

const drawConditions = (prng: Prng, { calmShare }: Profile, watchesClocks: boolean): Conditions => {
  const maybe = (share: number): number => (prng.chance(0.5) ? prng.share() * share : 0)
  const leastDelayMs = prng.between(1, 50)
  const quiet = { lossShare: 0, duplicateShare: 0, corruptShare: 0, slowShare: 0 }
  const noisy = {
    lossShare: maybe(0.4),
    duplicateShare: maybe(0.3),
    corruptShare: prng.chance(0.2) ? prng.share() * 0.05 : 0,
    slowShare: maybe(0.2),
  }
  return {
    ...(prng.chance(calmShare) ? quiet : noisy),
    // Nothing but the channel protects what a witness says of the time: damaged, it is one lie more than f.
    ...(watchesClocks ? { corruptShare: 0 } : {}),
    leastDelayMs,
    mostDelayMs: leastDelayMs + prng.between(1, prng.chance(0.3) ? 1_000 : 100),
    longestDelayMs: 8_000,
  }
}

type Drawing = {
  readonly prng: Prng
  readonly profile: Profile
  readonly size: number
  readonly liars: readonly number[]
  readonly honestParties: number
  readonly dishonestParties: number
  readonly chaosMs: number
}

const drawEvents = (drawing: Drawing): readonly PlannedEvent[] => {
  const { prng, profile, honestParties, dishonestParties, chaosMs } = drawing
  const many = <T>(most: number, make: () => T): readonly T[] => Array.from({ length: prng.between(0, most) }, make)
  const at = (): number => prng.between(0, chaosMs)
  const parties = Array.from({ length: honestParties + dishonestParties }, (_, index) => index)
  const two = (): readonly [number, number] => {
    const [one = 0, other = 1] = prng.shuffled(parties)
    if (!profile.hasVillain) return [one, other]
    const [victim, villain] = [prng.between(0, honestParties - 1), honestParties]
    return prng.chance(0.7) ? [victim, villain] : [villain, victim]
  }
  const deeds = Array.from({ length: prng.between(1, profile.mostDeeds) }, (): PlannedEvent => {
    const [one, other] = two()
    const villain = parties.find((party) => party >= honestParties)
    if (villain !== undefined && prng.chance(profile.equivocatesShare)) return { kind: 'equivocate', atMs: at(), party: villain }
    if (!prng.chance(profile.opensShare)) return { kind: 'transfer', atMs: at(), from: one, to: other, amountMicro: prng.between(1, 5_000) }
    return { kind: 'open', atMs: profile.hasVillain ? at() >> 1 : at(), client: one, provider: other, ...drawStory(drawing) }
  })
  return [
    ...deeds,
    ...many(profile.mostCuts, () => drawCut(drawing)),
    ...many(profile.mostCrashes, () => drawCrash(drawing)),
    ...drawRollBack(drawing),
    ...drawPutBack(drawing),
    ...many(dishonestParties > 0 || drawing.liars.length > 0 ? profile.mostAttacks : 0, (): PlannedEvent => ({
      kind: 'attack',
      atMs: at(),
    })),
  ]
}

/** The work leaves time to deliver before it ends, and nobody gives in. */
const drawDisputed = (prng: Prng): Story => ({
  amountMicro: prng.between(10, 10_000),
  workMs: prng.between(12_000, 20_000),
  reviewMs: prng.between(5_000, 15_000),
  answerAfterMs: prng.between(100, 1_000),
  priceShare: prng.share(),
  releaseAfterMs: null,
  refundAfterMs: null,
  splitAfterMs: null,
  disputeAfterMs: 1_000,
})

const drawStory = ({ prng, profile }: Drawing): Story => {
  if (profile.disputesShare > 0 && prng.chance(profile.disputesShare)) return drawDisputed(prng)
  const workMs = prng.between(2_000, profile.mostWorkMs)
  const maybe = (share: number, least: number, most: number): number | null => (prng.chance(share) ? prng.between(least, most) : null)
  const answerAfterMs = maybe(0.6, 100, workMs + 8_000)
  return {
    amountMicro: prng.between(10, 10_000),
    workMs,
    reviewMs: prng.between(5_000, 15_000),
    answerAfterMs,
    priceShare: prng.share(),
    releaseAfterMs: maybe(0.4, 200, workMs + 15_000),
    refundAfterMs: maybe(0.2, 200, workMs + 15_000),
    splitAfterMs: maybe(0.15, 200, workMs),
    disputeAfterMs: maybe(0.6, workMs >> 1, workMs + 12_000),
  }
}

const drawCut = ({ prng, size, honestParties, dishonestParties, chaosMs }: Drawing): PlannedEvent => {
  const everybody = [
    ...Array.from({ length: size }, (_, index) => `witness-${index}`),
    ...Array.from({ length: honestParties + dishonestParties }, (_, index) => `party-${index}`),
  ]
  const from = prng.some(everybody, 0.5)
  const to = prng.some(everybody, 0.5)
  return { kind: 'cut', atMs: prng.between(0, chaosMs), forMs: prng.between(500, 10_000), from, to }
}

/** Such a witness is one of the f. */
const drawRollBack = ({ prng, profile, size, liars, chaosMs }: Drawing): readonly PlannedEvent[] => {
  if (liars.length >= Math.floor((size - 1) / 3) || !prng.chance(profile.rollBackShare)) return []
  const witness = prng.pick(Array.from({ length: size }, (_, index) => index).filter((index) => !liars.includes(index)))
  return [{ kind: 'roll-back', atMs: prng.between(0, chaosMs), witness }]
}

const drawPutBack = ({ prng, profile, honestParties, chaosMs }: Drawing): readonly PlannedEvent[] => {
  if (!prng.chance(profile.putBackShare)) return []
  const party = prng.between(0, honestParties - 1)
  return [{ kind: 'put-back', atMs: prng.between(chaosMs >> 2, chaosMs), party, copyAgeMs: prng.between(1, chaosMs) }]
}

const crashPoints = ['at-a-write', 'before-commit', 'after-commit', 'between'] as const
const drawCrash = ({ prng, size, liars, honestParties, chaosMs }: Drawing): PlannedEvent => {
  const honest = Array.from({ length: size }, (_, index) => index).filter((index) => !liars.includes(index))
  const crash = { atMs: prng.between(0, chaosMs), point: prng.pick(crashPoints), downMs: prng.between(10, 10_000) } as const
  return prng.chance(0.7)
    ? { kind: 'crash-witness', witness: prng.pick(honest), ...crash }
    : { kind: 'crash-party', party: prng.between(0, honestParties - 1), ...crash }
}
