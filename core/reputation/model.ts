import type { Fault, SettlementFact, Speed } from '../facts/model.ts'
import { microPerRuv, type AmountMicro } from '../platform/amount.ts'
import { halvedBy, logarithm, ppm, raised, squareRoot } from '../platform/fixed-point.ts'

/**
 * Reputation (settlement.md §10, changed where bench/attacks showed better): a pure function, in whole numbers, of certified facts and the
 * day. Every settled escrow is evidence for both of its sides, worth the more the later it was, the larger, the more trusted the other
 * side is, and the fewer trades the two have had since. The lower bound of what that evidence allows ranks.
 */
export type Settlement = Pick<SettlementFact, 'id' | 'atMs' | 'client' | 'provider' | 'lockedMicro' | 'paidMicro' | 'outcome' | 'speed'> & {
  /** Whose fault it was that nothing came, in the client's own words; null: the provider's, as far as it matters. */
  readonly fault: Fault | null
}
export type Role = 'client' | 'provider'

/** What an account's standing depends on beside its own trades. All shares in ppm. */
export type Context = {
  /** How far the genesis members trust an account, through who paid and introduced whom. */
  readonly trustOf: (account: string) => number
  /** Accounts that one sponsor brought in count as one counterparty. */
  readonly clusterOf: (account: string) => string
  /** How many of this client's trades with other providers end well: one with whom nobody can trade says little about anybody. */
  readonly reliabilityOf: (client: string, exceptProvider: string) => number
  /** A usual payment: a trade of this size counts fully. */
  readonly usualMicro: AmountMicro
  readonly nowMs: number
}

export const dayMs = 24 * 3_600_000
const halfLifeDays = 60
/** What is older weighs an eighth, and is forgotten. */
export const reputationHorizonMs = 180 * dayMs

/** How well it went for this side's duty, and how much heavier than usual it weighs; null where it says nothing about it. */
type Verdict = { readonly sharePpm: number; readonly times: number } | null
const fully: Verdict = { sharePpm: ppm, times: 1 }
const half: Verdict = { sharePpm: ppm / 2, times: 1 }
/** Panels see few cases and look closely. */
const guilty: Verdict = { sharePpm: 0, times: 3 }

const providerVerdict = (fact: Settlement): Verdict => {
  switch (fact.outcome) {
    case 'paid':
    case 'expired-paid':
    case 'ruled-paid':
      return { sharePpm: promptnessOf(fact.speed), times: 1 }
    case 'split':
      return { sharePpm: shareOf(fact.paidMicro, fact.lockedMicro), times: 1 }
    case 'refunded':
      return fact.fault === null ? { sharePpm: 300_000, times: 1 } : null
    case 'expired':
      return fact.fault === null ? { sharePpm: 0, times: 1 } : null
    case 'ruled-refunded':
      return guilty
    case 'ruled-half':
    case 'defaulted':
      return half
  }
}

const clientVerdict = ({ outcome, fault }: Settlement): Verdict => {
  switch (outcome) {
    case 'paid':
    case 'ruled-refunded':
      return fully
    case 'expired-paid':
      return { sharePpm: 600_000, times: 1 }
    case 'split':
      return { sharePpm: 800_000, times: 1 }
    case 'refunded':
    case 'expired':
      return fault === 'client' ? half : null
    case 'ruled-paid':
      return guilty
    case 'ruled-half':
    case 'defaulted':
      return half
  }
}

const shareOf = (part: bigint, whole: bigint): number => (whole === 0n || part >= whole ? ppm : Number((part * BigInt(ppm)) / whole))

/** Kept promises count fully; an answer twice as late as promised loses a fifth. */
const promptnessOf = (speed: Speed | null): number => 600_000 + Math.floor((400_000 * speedOf(speed)) / ppm)

/** Promised against measured, at most one; without a receipt nobody complained. */
const speedOf = (speed: Speed | null): number =>
  speed === null ? ppm : Math.min(keptOf(speed.promisedFirstMs, speed.firstMs), keptOf(speed.promisedTotalMs, speed.totalMs))
const keptOf = (promisedMs: number, measuredMs: number): number =>
  measuredMs <= promisedMs ? ppm : Math.max(leastKeptPpm, Math.floor((promisedMs * ppm) / measuredMs))
/** Four times as late is as late as can be: one very late answer in twenty must not undo a provider. */
const leastKeptPpm = 250_000

/** A trade as evidence. */
type Evidence = { readonly fact: Settlement; readonly verdict: NonNullable<Verdict>; readonly weightPpm: number }

/** Better than half: a failure must not look like availability. */
const isFine = ({ verdict }: Evidence): boolean => verdict.sharePpm > ppm / 2

/** A lower bound, what is most likely, and an upper bound, in ppm. */
export type Interval = { readonly lowPpm: number; readonly midPpm: number; readonly highPpm: number }

export type Parts = {
  /** How well the trades went. */
  readonly success: Interval
  /** How often there was any answer by the deadline. */
  readonly availability: Interval
  /** Promised against measured times, at the median and the 95th percentile. */
  readonly latencyPpm: number
  /** Share of the trades that a panel decided against this side. */
  readonly disputesLost: Interval
}

export type Standing = Interval & {
  readonly parts: Parts
  /** The trades are worth as much as this many large, fresh ones with different trusted partners, in thousandths. */
  readonly evidenceMilli: number
  readonly trades: number
  /** What others may have under way with it at a time (settlement.md §10). */
  readonly exposureMicro: AmountMicro
}

/**
 * One role of one account. `facts`: its settlements in this role, in any order. `inherited`: what those whom it brought in have lost,
 * in ppm of a trade.
 */
export const standingOf = (role: Role, facts: readonly Settlement[], context: Context, inheritedPpm = 0): Standing => {
  const evidence = weigh(role, facts, context)
  const losses = evidence.map(({ verdict, weightPpm }) => Math.floor((weightPpm * (ppm - verdict.sharePpm)) / ppm))
  const good = evidence.reduce((sum, { weightPpm }, index) => sum + weightPpm - (losses[index] ?? 0), 0)
  const bad = evidence.reduce((sum, one, index) => sum + heard(one, losses[index] ?? 0, role, context), 0)
  const missed = evidence.reduce((sum, one) => sum + (one.fact.outcome === 'expired' ? heard(one, one.weightPpm, role, context) : 0), 0)
  const all = sumOf(evidence.map(({ weightPpm }) => weightPpm))
  const fine = sumOf(evidence.filter(isFine).map(({ weightPpm }) => weightPpm))
  const lost = sumOf(evidence.filter(({ verdict }) => verdict.times > 1).map(({ weightPpm }) => weightPpm))
  const parts: Parts = {
    success: boundsOf(ppm + good, ppm + bad + Math.floor(inheritedPpm / inheritedPart)),
    availability: boundsOf(ppm + fine, ppm + missed),
    latencyPpm: role === 'provider' ? latencyOf(evidence) : ppm,
    disputesLost: boundsOf(lost, cleanPrior + fine),
  }
  const score = scoreOf(parts)
  return {
    parts,
    ...score,
    evidenceMilli: Math.floor(all / 1_000),
    trades: facts.length,
    exposureMicro: exposureOf(score.lowPpm, evidence, role, context),
  }
}
/** Two undisputed trades are taken for granted. */
const cleanPrior = 2 * ppm
/** A sponsor answers for a fifth of what those it brought in do wrong. */
const inheritedPart = 5

/** What an account's trades as a provider went wrong by, for its sponsor. */
export const lossOf = (facts: readonly Settlement[], context: Context): number =>
  sumOf(
    weigh('provider', facts, context).map((one) =>
      heard(one, Math.floor((one.weightPpm * (ppm - one.verdict.sharePpm)) / ppm), 'provider', context),
    ),
  )

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0)

/** What a client's bad word about a provider is worth: nothing takes it but the trades that client has with everybody else. */
const heard = ({ fact, verdict }: Evidence, lossPpm: number, role: Role, { reliabilityOf }: Context): number =>
  role === 'client' || verdict.times > 1 ? lossPpm : Math.floor((lossPpm * reliabilityOf(fact.client, fact.provider)) / ppm)

/** Newest first, so that the last trade of a pair weighs most: what went wrong today is not drowned by a hundred good days. */
const weigh = (role: Role, facts: readonly Settlement[], context: Context): readonly Evidence[] => {
  const verdictOf = role === 'provider' ? providerVerdict : clientVerdict
  const seen = new Map<string, number>()
  return facts.toSorted(compareFacts).flatMap((fact) => {
    const verdict = verdictOf(fact)
    const ageMs = context.nowMs - fact.atMs
    if (verdict === null || ageMs > reputationHorizonMs) return []
    const other = role === 'provider' ? fact.client : fact.provider
    const cluster = context.clusterOf(other)
    // A panel's verdict neither fades behind later trades of the pair nor takes anything from them.
    const since = verdict.times > 1 ? 1 : (seen.get(cluster) ?? 0) + 1
    if (verdict.times === 1) seen.set(cluster, since)
    const freshPpm = halvedBy(Math.floor((Math.max(0, daysBetween(fact.atMs, context.nowMs)) * ppm) / halfLifeDays))
    // A lock costs nothing: what went well counts by what was paid for it.
    const sizePpm = sizeOf(fact.paidMicro > 0n ? fact.paidMicro : fact.lockedMicro, context.usualMicro)
    const weightPpm = Math.floor(share(share(freshPpm, sizePpm), context.trustOf(other)) / since) * verdict.times
    return weightPpm === 0 ? [] : [{ fact, verdict, weightPpm }]
  })
}
const share = (a: number, b: number): number => Math.floor((a * b) / ppm)
const daysBetween = (fromMs: number, toMs: number): number => Math.floor(toMs / dayMs) - Math.floor(fromMs / dayMs)

/** Newest first; equal moments by id, so that the order in which facts arrived cannot matter. */
export const compareFacts = (a: Settlement, b: Settlement): number => b.atMs - a.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** min(1, log₂(1 + amount/usual)): a usual trade counts fully, one of a tenth of it an eighth. */
const sizeOf = (amountMicro: AmountMicro, usualMicro: AmountMicro): number => {
  const usual = usualMicro > 0n ? usualMicro : 1n
  if (amountMicro >= usual) return ppm
  return Math.min(ppm, logarithm(sizeScale + Number((amountMicro * BigInt(sizeScale)) / usual)) - logarithm(sizeScale))
}
const sizeScale = 1_000_000

/** Wilson's interval at one-sided 90 % (z = 1.28) around good ÷ (good + bad), both in ppm of a trade. */
export const boundsOf = (goodPpm: number, badPpm: number): Interval => {
  const all = Math.floor((goodPpm + badPpm) / 10)
  // Beyond a thousand trades the interval is a hair; what is above is scaled down to stay within whole numbers.
  const over = Math.max(1, Math.ceil(all / maxEvidence))
  const total = Math.max(1, Math.floor(all / over))
  const good = Math.min(total, Math.floor(goodPpm / 10 / over))
  const spread = squareRoot(Math.floor((good * (total - good)) / total) * evidenceScale + quarterSquare)
  const reach = Math.floor((spread * 128) / 100)
  const bound = (value: number): number => Math.max(0, Math.min(ppm, Math.floor((value * ppm) / (total + square))))
  const middle = good + Math.floor(square / 2)
  return { lowPpm: bound(middle - reach), midPpm: Math.floor((good * ppm) / total), highPpm: bound(middle + reach) }
}
const evidenceScale = 100_000
const maxEvidence = 1_000 * evidenceScale
/** z² and z²/4, scaled. */
const square = 163_840
const quarterSquare = 4_096_000_000

/**
 * √(promised/measured at the median) · √(promised/measured at the 95th percentile), first token and total alike. What never came was as
 * late as can be, or a failure would make an earlier delay look smaller.
 */
const latencyOf = (evidence: readonly Evidence[]): number => {
  const kept = evidence
    .map((one) => ({ weightPpm: one.weightPpm, keptPpm: isFine(one) ? speedOf(one.fact.speed) : leastKeptPpm }))
    .toSorted((a, b) => b.keptPpm - a.keptPpm)
  const all = sumOf(kept.map(({ weightPpm }) => weightPpm))
  const at = (part: number): number => {
    let sum = 0
    return kept.find(({ weightPpm }) => (sum += weightPpm) * 100 >= all * part)?.keptPpm ?? ppm
  }
  return share(raised(at(50), ppm / 2), raised(at(95), ppm / 2))
}

/** Success^.55 · availability^.15 · latency^.20 · (1 − disputes lost)^.10, at the worst, the likely and the best of each part. */
const scoreOf = ({ success, availability, latencyPpm, disputesLost }: Parts): Interval => {
  const score = (r: number, a: number, d: number): number =>
    share(share(raised(r, 550_000), raised(a, 150_000)), share(raised(latencyPpm, 200_000), raised(ppm - d, 100_000)))
  return {
    lowPpm: score(success.lowPpm, availability.lowPpm, disputesLost.highPpm),
    midPpm: score(success.midPpm, availability.midPpm, disputesLost.midPpm),
    highPpm: score(success.highPpm, availability.highPpm, disputesLost.lowPpm),
  }
}

/** Open to everybody, so that newcomers find their first tasks; three times the largest done well is the next step of the ladder. */
const newcomerMicro = 25n * microPerRuv
const ladder = 3n

/** 25 RUV + 2 · score^1.5 · √(volume ÷ 100 RUV), at most three times the largest trade that went well with somebody trusted. */
const exposureOf = (lowPpm: number, evidence: readonly Evidence[], role: Role, { trustOf }: Context): AmountMicro => {
  const clean = evidence
    .filter(isFine)
    .map(({ fact }) => (fact.paidMicro * BigInt(trustOf(role === 'provider' ? fact.client : fact.provider))) / BigInt(ppm))
  const volumeMicro = clean.reduce((sum, paid) => sum + paid, 0n)
  const largestMicro = clean.reduce((most, paid) => (paid > most ? paid : most), 0n)
  // In hundredths of a score: 100^1.5 = 1,000.
  const scorePart = BigInt(raised(lowPpm, 1_500_000)) * 2_000n
  const earned = (scorePart * BigInt(squareRoot(Number(volumeMicro / 100n)))) / 1_000n
  const wanted = newcomerMicro + earned
  const step = ladder * largestMicro > newcomerMicro ? ladder * largestMicro : newcomerMicro
  return wanted < step ? wanted : step
}

/** What each part costs: how much higher the lower bound were if that part were perfect. `evidence`: if it were certain. */
export type Losses = {
  readonly evidencePpm: number
  readonly successPpm: number
  readonly availabilityPpm: number
  readonly latencyPpm: number
  readonly disputesPpm: number
}
export const lossesOf = ({ parts, lowPpm, midPpm }: Standing): Losses => {
  const certain = { lowPpm: ppm, midPpm: ppm, highPpm: ppm }
  const without = (changes: Partial<Parts>): number => scoreOf({ ...parts, ...changes }).lowPpm - lowPpm
  return {
    evidencePpm: midPpm - lowPpm,
    successPpm: without({ success: certain }),
    availabilityPpm: without({ availability: certain }),
    latencyPpm: without({ latencyPpm: ppm }),
    disputesPpm: without({ disputesLost: { lowPpm: 0, midPpm: 0, highPpm: 0 } }),
  }
}
