/** Which columns of a table there is room for. */

export type Track = {
  /** The least that it can do with, in rem. */
  readonly width: number
  /** Its share of the room that is left over; without one it is never wider. */
  readonly grows?: number
  /** Left out where there is no room for all: every first one before any second one, and of the same the last one of the row. */
  readonly leaves?: 'first' | 'second'
}

/** As the style sheet has them, in rem. */
const GAP = 0.75
const PADDING = 2 * 0.5

const leastWidth = (tracks: readonly Track[]): number =>
  tracks.reduce((sum, { width }) => sum + width, PADDING + GAP * Math.max(0, tracks.length - 1))

/** How many have to leave a table of so many rem. */
export const leavingFrom = (tracks: readonly Track[], roomRem: number): number => {
  const leaving = inOrderOfLeaving(tracks)
  const count = leaving.findIndex((_, left) => leastWidth(without(tracks, left)) <= roomRem)
  return count < 0 ? leaving.length : count
}

/** The columns that stay when so many have left, in their own order. */
export const without = <T extends Track>(tracks: readonly T[], count: number): readonly T[] => {
  const gone = new Set(inOrderOfLeaving(tracks).slice(0, count))
  return tracks.filter((track) => !gone.has(track))
}

const inOrderOfLeaving = <T extends Track>(tracks: readonly T[]): readonly T[] => {
  const fromTheEnd = tracks.toReversed()
  return [...fromTheEnd.filter(({ leaves }) => leaves === 'first'), ...fromTheEnd.filter(({ leaves }) => leaves === 'second')]
}

/** For `grid-template-columns`. */
export const trackList = (tracks: readonly Track[]): string =>
  tracks.map(({ width, grows }) => (grows === undefined ? `${width}rem` : `minmax(${width}rem, ${grows}fr)`)).join(' ')
