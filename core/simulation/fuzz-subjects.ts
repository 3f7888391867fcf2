import { carriedSubjects } from './fuzz-carried.ts'
import { keptSubjects } from './fuzz-kept.ts'
import { marketSubjects } from './fuzz-market.ts'
import { settlementSubjects } from './fuzz-settlement.ts'
import type { Subject } from './fuzz-subject.ts'

/** Every reader of what strangers can write; fuzz-coverage.test.ts tells which one is missing. */
export const subjects = (seed: number): readonly Subject[] => [
  ...settlementSubjects(seed),
  ...marketSubjects(),
  ...carriedSubjects(seed),
  ...keptSubjects(seed),
]
