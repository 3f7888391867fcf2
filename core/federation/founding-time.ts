import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Federation } from './federation.ts'

/** Clocks of honest members differ by seconds; a founding that lies further ahead was not signed in the future. */
const futureToleranceMs = 60_000

export const checkFoundingTime = <F extends Federation>(federation: F, nowMs: number): Result<F, Failure<'wrong-clock'>> => {
  const { createdAtMs } = federation.genesis
  if (createdAtMs <= nowMs + futureToleranceMs) return ok(federation)
  return fail(
    'wrong-clock',
    'The clock of this computer is wrong: it shows a time before the federation was founded. Set it and start again.',
  )
}
