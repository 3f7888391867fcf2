import { compareReleases, releasePattern } from '../contract/version.ts'

/**
 * What peers say they run, as libp2p's identify carries it. It is their word alone: nothing follows from it but a sentence, and nothing
 * is ever fetched from them.
 */
const program = 'claude-market/'
export const agentOf = (version: string): string => `${program}${version}`

/** Of this program and of a release; null for another program, for none, and for whatever else a peer may say. */
export const releaseOf = (agent: string | null): string | null => {
  const version = agent?.startsWith(program) === true ? agent.slice(program.length) : ''
  return releasePattern.test(version) ? version : null
}

export type NewerRelease = {
  readonly version: string
  /** Those of the committee that say they run it, or a later one. */
  readonly witnesses: number
}

/**
 * The latest release that more than f witnesses say they run, or a later one, if it is newer than this program: at least one honest witness
 * runs it, so that liars alone can neither invent a release nor make it out newer than it is.
 */
export const newerRelease = (own: string, committee: readonly (string | null)[], faults: number): NewerRelease | null => {
  if (!releasePattern.test(own)) return null
  const newer = committee
    .flatMap((version) => (version !== null && compareReleases(version, own) > 0 ? [version] : []))
    .toSorted((one, other) => compareReleases(other, one))
  const version = newer[faults]
  if (version === undefined) return null
  return { version, witnesses: newer.filter((one) => compareReleases(one, version) >= 0).length }
}
