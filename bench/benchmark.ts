/** One figure beside the floor it cannot go below, both measured in the same run on the same machine. */
export type Measurement = {
  readonly figure: number
  readonly floor: number
  /** What was measured, as sentences for people: they stand under the numbers. */
  readonly figureIs: string
  readonly floorIs: string
  readonly unit: string
  readonly goalText: string
  readonly goalMet: boolean
  /** Further figures of the same run, for whoever wants to know where the time or the memory goes. */
  readonly details?: readonly Detail[]
}
export type Detail = { readonly name: string; readonly value: number; readonly unit: string }

export type BenchmarkOptions = {
  /** How long to trade, where that is for the caller to say. */
  readonly minutes: number | null
}

export type Benchmark = {
  readonly name: string
  readonly about: string
  readonly run: (options: BenchmarkOptions) => Promise<Measurement | readonly Measurement[]>
}

export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** The smallest value that so many of a hundred do not exceed. */
export const percentileOf = (values: ArrayLike<number>, percent: number): number => {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN
}
