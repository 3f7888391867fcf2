export const contractVersion = 1

/** Of a release: three numbers, such as 0.3.0. What else a version may say has no order that everybody agrees on. */
export const releasePattern = /^(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){2}$/

/** Of two releases, below zero when the first is the older. */
export const compareReleases = (one: string, other: string): number => {
  const [ones, others] = [one, other].map((release) => release.split('.').map(Number))
  return (ones ?? []).map((number, place) => number - (others?.[place] ?? 0)).find((difference) => difference !== 0) ?? 0
}
