/** One figure beside the floor it cannot go below, both measured in the same run on the same machine. */
export type Measurement = {
  readonly figure: number
  readonly floor: number
  /** What was measured, as sentences for people: they stand under the numbers. */
  readonly figureIs: string
  readonly floorIs: string
  readonly unit: 'ms' | 'MB'
  readonly goalText: string
  readonly goalMet: boolean
}

export type Benchmark = { readonly name: string; readonly about: string; readonly run: () => Promise<Measurement> }

export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}
