/** What the seeds of a campaign draw from. */
export type Profile = {
  readonly sizes: readonly number[]
  /** Up to f, or one more than the protocol can bear. */
  readonly liars: 'within' | 'beyond'
  readonly mostParties: number
  readonly mostDeeds: number
  readonly mostCuts: number
  readonly mostCrashes: number
  readonly mostAttacks: number
  readonly leastChaosMs: number
  readonly mostChaosMs: number
  readonly skewMs: number
  /** Runs in which witnesses compare their clocks. */
  readonly watchesClocksShare: number
  /** Runs whose network loses, doubles and damages nothing. */
  readonly calmShare: number
  /** One seed in so many runs with Ed25519 instead of the cheap tokens; 0: none. */
  readonly realSignaturesEvery: number
}

const usual: Profile = {
  sizes: [4, 4, 4, 4, 4, 4, 4, 4, 4, 7],
  liars: 'within',
  mostParties: 3,
  mostDeeds: 4,
  mostCuts: 2,
  mostCrashes: 3,
  mostAttacks: 30,
  leastChaosMs: 3_000,
  mostChaosMs: 30_000,
  skewMs: 5_000,
  watchesClocksShare: 0.25,
  calmShare: 0.3,
  realSignaturesEvery: 50,
}

export const profiles = {
  usual,
  /** f+1 liars: safety breaks now and then, and every break has to leave proof. */
  beyond: { ...usual, sizes: [4], liars: 'beyond', mostAttacks: 60, mostCrashes: 0 },
} as const satisfies Readonly<Record<string, Profile>>

export type ProfileName = keyof typeof profiles
export const profileNames = Object.keys(profiles) as readonly ProfileName[]
