/** What the seeds of a campaign draw from. */
export type Profile = {
  readonly sizes: readonly number[]
  /** Up to f, or one more than the protocol can bear. */
  readonly liars: 'within' | 'beyond'
  readonly mostParties: number
  /** Whether a dishonest party always takes part, and in every escrow. */
  readonly hasVillain: boolean
  /** Of the deeds, the part that opens escrows. */
  readonly opensShare: number
  readonly mostWorkMs: number
  /** Of the escrows, those that are delivered and then disputed, if nothing comes in between. */
  readonly disputesShare: number
  /** A dishonest party signs competing orders instead of doing anything else, with this probability. */
  readonly equivocatesShare: number
  readonly mostDeeds: number
  readonly mostCuts: number
  readonly mostCrashes: number
  readonly mostAttacks: number
  /** Runs in which somebody tries what nobody may, over and over. */
  readonly forgesShare: number
  /** Runs in which a side gives in during its dispute. */
  readonly concedesShare: number
  /** Of the liars, those that keep their share of every panel's seed to themselves. */
  readonly withholdsShare: number
  /** Time for a ruling, in reviews. */
  readonly ruleReviews: number
  /** Runs without a liar in which a witness's disk is put back to an older copy. */
  readonly rollBackShare: number
  /** Runs in which an honest party goes on from an older copy of its disk. */
  readonly putBackShare: number
  /** Runs in which a party works on two computers. */
  readonly twinShare: number
  /** Of those with a key of its own for the second one, the runs in which it is stolen. */
  readonly theftShare: number
  /** Runs in which other committees follow the first one. */
  readonly changesShare: number
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
  hasVillain: false,
  opensShare: 0.6,
  mostWorkMs: 25_000,
  disputesShare: 0,
  equivocatesShare: 0.4,
  mostDeeds: 4,
  mostCuts: 2,
  mostCrashes: 3,
  mostAttacks: 30,
  forgesShare: 0.05,
  concedesShare: 0,
  withholdsShare: 0.5,
  ruleReviews: 3,
  rollBackShare: 0.3,
  putBackShare: 0.15,
  twinShare: 0.2,
  theftShare: 0.5,
  changesShare: 0.06,
  leastChaosMs: 3_000,
  mostChaosMs: 30_000,
  skewMs: 5_000,
  watchesClocksShare: 0.25,
  calmShare: 0.3,
  realSignaturesEvery: 50,
}

export const profiles = {
  usual,
  /** Competing orders for the accounts of a dishonest party, over and over. */
  contention: {
    ...usual,
    sizes: [4],
    hasVillain: true,
    equivocatesShare: 0.9,
    mostDeeds: 8,
    mostAttacks: 80,
    forgesShare: 0,
    rollBackShare: 0.6,
  },
  /** Escrows with a dishonest side around their deadlines, on a network that loses nothing. */
  deadlines: {
    ...usual,
    sizes: [4],
    hasVillain: true,
    opensShare: 1,
    mostWorkMs: 8_000,
    equivocatesShare: 0,
    mostCuts: 0,
    mostCrashes: 1,
    mostAttacks: 120,
    leastChaosMs: 25_000,
    mostChaosMs: 45_000,
    calmShare: 1,
  },
  /** Escrows that end up before a panel, which a lying witness does not want to be drawn; a ruling has the time for any draw. */
  disputes: {
    ...usual,
    sizes: [4],
    opensShare: 1,
    disputesShare: 0.9,
    equivocatesShare: 0,
    mostCuts: 1,
    rollBackShare: 0,
    changesShare: 0,
    withholdsShare: 1,
    concedesShare: 0.5,
    ruleReviews: 6,
  },
  /** Orders that nobody may give, before, during and after disputes, on a network that loses nothing. */
  forgeries: {
    ...usual,
    sizes: [4],
    opensShare: 0.8,
    disputesShare: 0.7,
    equivocatesShare: 0,
    mostDeeds: 6,
    mostCuts: 0,
    mostCrashes: 1,
    mostAttacks: 0,
    forgesShare: 1,
    ruleReviews: 6,
    rollBackShare: 0,
    twinShare: 0.6,
    theftShare: 1,
    changesShare: 0,
    leastChaosMs: 25_000,
    mostChaosMs: 45_000,
    calmShare: 1,
  },
  /** A party works on two computers, one of which may be stolen, while its account is contested. */
  devices: { ...usual, sizes: [4], twinShare: 1, theftShare: 0.8, mostDeeds: 8, opensShare: 0.3, rollBackShare: 0 },
  /** Short agreements on a bad network, so that one after the other lapses before it is decided. */
  outages: {
    ...usual,
    sizes: [4],
    mostParties: 2,
    opensShare: 0.9,
    mostWorkMs: 2_500,
    mostDeeds: 16,
    mostCuts: 10,
    rollBackShare: 0,
    putBackShare: 0,
    twinShare: 0,
    changesShare: 0,
  },
  /** Committees that follow each other while accounts are contested. */
  changes: {
    ...usual,
    sizes: [4],
    equivocatesShare: 0.6,
    opensShare: 0.3,
    mostDeeds: 8,
    mostAttacks: 60,
    changesShare: 1,
    leastChaosMs: 15_000,
  },
  /** f+1 liars: safety breaks now and then, and every break has to leave proof. */
  beyond: {
    ...usual,
    sizes: [4],
    liars: 'beyond',
    hasVillain: true,
    opensShare: 0.3,
    equivocatesShare: 0.9,
    mostDeeds: 8,
    mostCrashes: 0,
    mostAttacks: 60,
    rollBackShare: 0,
    changesShare: 0,
  },
} as const satisfies Readonly<Record<string, Profile>>

export type ProfileName = keyof typeof profiles
export const profileNames = Object.keys(profiles) as readonly ProfileName[]
