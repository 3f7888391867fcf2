/**
 * A sorted list in blocks of at most 512 entries: a place costs two binary searches, an insertion moves one block, and a position
 * is found by adding up block lengths. One array of 100,000 would move half of itself each time (0.7 ms in V8, against 0.01 ms).
 */
export type SortedList<E> = {
  readonly length: () => number
  /** `compare` must tell any two entries apart. */
  readonly insert: (entry: E) => void
  /** Whether it was there. */
  readonly remove: (entry: E) => boolean
  /** The position of the first entry for which `isBehind` holds, or the length; it must hold for all that follow that one. */
  readonly search: (isBehind: (entry: E) => boolean) => number
  readonly slice: (from: number, to: number) => readonly E[]
}

const maxBlock = 512

export const createSortedList = <E>(compare: (a: E, b: E) => number): SortedList<E> => {
  /** Never empty ones. */
  const blocks: E[][] = []
  let length = 0

  const blockOf = (isBehind: (entry: E) => boolean): number =>
    firstPlace(blocks, (block) => {
      const last = block.at(-1)
      return last !== undefined && isBehind(last)
    })

  const insert = (entry: E): void => {
    const isBehind = (other: E): boolean => compare(other, entry) > 0
    const at = Math.min(blockOf(isBehind), Math.max(0, blocks.length - 1))
    const block = blocks[at]
    length++
    if (block === undefined) return void blocks.push([entry])
    block.splice(firstPlace(block, isBehind), 0, entry)
    if (block.length > maxBlock) blocks.splice(at + 1, 0, block.splice(maxBlock / 2))
  }

  const remove = (entry: E): boolean => {
    const isNotBefore = (other: E): boolean => compare(other, entry) >= 0
    const at = blockOf(isNotBefore)
    const block = blocks[at]
    if (block === undefined) return false
    const place = firstPlace(block, isNotBefore)
    const found = block[place]
    if (found === undefined || compare(found, entry) !== 0) return false
    block.splice(place, 1)
    if (block.length === 0) blocks.splice(at, 1)
    length--
    return true
  }

  const search = (isBehind: (entry: E) => boolean): number => {
    const at = blockOf(isBehind)
    let before = 0
    for (let index = 0; index < at; index++) before += blocks[index]?.length ?? 0
    return before + firstPlace(blocks[at] ?? [], isBehind)
  }

  const slice = (from: number, to: number): readonly E[] => {
    const found: E[] = []
    let before = 0
    for (const block of blocks) {
      if (before >= to) break
      if (before + block.length > from) found.push(...block.slice(Math.max(0, from - before), to - before))
      before += block.length
    }
    return found
  }

  return { length: () => length, insert, remove, search, slice }
}

const firstPlace = <E>(sorted: readonly E[], isBehind: (entry: E) => boolean): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const entry = sorted[middle]
    if (entry !== undefined && !isBehind(entry)) low = middle + 1
    else high = middle
  }
  return low
}
