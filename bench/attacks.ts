import type { Benchmark, Measurement } from './benchmark.ts'
import { badmouthing } from './attacks/badmouthing.ts'
import { milking } from './attacks/milking.ts'
import { orderFlood } from './attacks/order-flood.ts'
import { priceSpam } from './attacks/price-spam.ts'
import { sybils } from './attacks/sybils.ts'
import { washRing } from './attacks/wash-ring.ts'

/** Each figure is what an attacker gains in spite of the defence, each floor what it would gain without. */
const attacks: readonly (() => Measurement)[] = [washRing, sybils, badmouthing, milking, priceSpam, orderFlood]

export const attacksBenchmark: Benchmark = {
  name: 'attacks',
  about: 'what wash traders, Sybils, badmouthers, milkers, price spammers and order flooders gain, with and without the defence',
  run: async () => attacks.map((attack) => attack()),
}
