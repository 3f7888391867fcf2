/**
 * A QR code (ISO/IEC 18004) of a text: bytes at the lowest level of error correction, which is for screens, where nothing gets lost. A
 * row is a list of modules, true for dark; the quiet zone around it is the drawing's.
 */
export type QrModules = readonly (readonly boolean[])[]

const maxVersion = 40
/** Codewords of correction in a block, and blocks, by version from 1 (table 9, level L). */
const CORRECTION = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30,
  30, 30, 30, 30, 30,
]
const BLOCKS = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
]

/** Null for a text that is too long for any: 2,953 bytes fit. */
export const encodeQr = (text: string): QrModules | null => {
  const bytes = new TextEncoder().encode(text)
  const version = Array.from({ length: maxVersion }, (_, index) => index + 1).find((one) => bytes.length <= capacityBytes(one))
  if (version === undefined) return null
  const codewords = interleaved(dataCodewords(bytes, version), version)
  const grid = functionPatterns(version)
  const places = dataPlaces(grid)
  const masked = MASKS.map((flips, mask) => {
    const copy = grid.map((line) => line.map((dark) => dark === true))
    for (const [index, [row, column]] of places.entries()) {
      const dark = ((at(codewords, index >>> 3) >>> (7 - (index & 7))) & 1) === 1
      setModule(copy, [row, column], dark !== flips(row, column))
    }
    setFormat(copy, mask)
    return copy
  })
  const penalties = masked.map(penaltyOf)
  return masked[penalties.indexOf(Math.min(...penalties))] ?? null
}

const sizeOf = (version: number): number => 17 + 4 * version
const lengthBits = (version: number): number => (version < 10 ? 8 : 16)

/** Of data and correction together: what the function patterns leave, in whole bytes. */
const codewordCount = (version: number): number => {
  const aligned = Math.floor(version / 7) + 2
  const alignment = version === 1 ? 0 : (25 * aligned - 10) * aligned - 55
  return Math.floor(((16 * version + 128) * version + 64 - alignment - (version < 7 ? 0 : 36)) / 8)
}
const dataCount = (version: number): number => codewordCount(version) - at(CORRECTION, version - 1) * at(BLOCKS, version - 1)
const capacityBytes = (version: number): number => dataCount(version) - Math.ceil((4 + lengthBits(version)) / 8)

const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0

/** Mode, length, bytes, terminator, and what fills the rest. */
const dataCodewords = (bytes: Uint8Array, version: number): readonly number[] => {
  const bits = [
    ...bitsOf(0b0100, 4),
    ...bitsOf(bytes.length, lengthBits(version)),
    ...[...bytes].flatMap((byte) => bitsOf(byte, 8)),
    ...bitsOf(0, 4),
  ]
  const count = dataCount(version)
  const whole = Array.from({ length: Math.min(count, Math.ceil(bits.length / 8)) }, (_, index) =>
    bits.slice(8 * index, 8 * index + 8).reduce((value, bit, place) => value | (bit << (7 - place)), 0),
  )
  return [...whole, ...Array.from({ length: count - whole.length }, (_, index) => (index % 2 === 0 ? 0xec : 0x11))]
}
const bitsOf = (value: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (value >>> (count - 1 - index)) & 1)

/** The blocks, each with its correction, taken by turns: damage in one place is shared by all. */
const interleaved = (data: readonly number[], version: number): readonly number[] => {
  const [correction, blocks] = [at(CORRECTION, version - 1), at(BLOCKS, version - 1)]
  const divisor = generatorOf(correction)
  const shortLength = Math.floor(data.length / blocks)
  const shortBlocks = blocks - (data.length % blocks)
  const parts = Array.from({ length: blocks }, (_, index) => {
    const start = index * shortLength + Math.max(0, index - shortBlocks)
    return data.slice(start, start + shortLength + (index < shortBlocks ? 0 : 1))
  })
  return [...byTurns(parts), ...byTurns(parts.map((part) => remainderOf(part, divisor)))]
}
const byTurns = (parts: readonly (readonly number[])[]): readonly number[] =>
  Array.from({ length: Math.max(...parts.map(({ length }) => length)) }, (_, index) =>
    parts.flatMap((part) => part.slice(index, index + 1)),
  ).flat()

/** In the field of 256 elements with the polynomial 0x11d. */
const multiply = (a: number, b: number): number =>
  bitsOf(b, 8).reduce((product, bit) => (product << 1) ^ ((product >>> 7) * 0x11d) ^ (bit * a), 0)

/** The product of (x − 2^i) for i below the degree, without its leading 1. */
const generatorOf = (degree: number): readonly number[] => {
  let coefficients = [...Array.from({ length: degree - 1 }, () => 0), 1]
  let root = 1
  for (let step = 0; step < degree; step++) {
    coefficients = coefficients.map((value, index) => multiply(value, root) ^ at(coefficients, index + 1))
    root = multiply(root, 2)
  }
  return coefficients
}
const remainderOf = (data: readonly number[], divisor: readonly number[]): readonly number[] =>
  data.reduce<readonly number[]>(
    (rest, byte) => {
      const factor = byte ^ at(rest, 0)
      return divisor.map((coefficient, index) => at(rest, index + 1) ^ multiply(coefficient, factor))
    },
    divisor.map(() => 0),
  )

/** Null where data belongs. */
type Grid = (boolean | null)[][]
type Place = readonly [row: number, column: number]

const setModule = (grid: Grid, [row, column]: Place, dark: boolean): void => {
  const line = grid[row]
  if (line !== undefined && column >= 0 && column < line.length) line[column] = dark
}

const functionPatterns = (version: number): Grid => {
  const size = sizeOf(version)
  const grid: Grid = Array.from({ length: size }, () => Array.from({ length: size }, () => null))
  const set = (row: number, column: number, dark: boolean): void => setModule(grid, [row, column], dark)
  for (let index = 0; index < size; index++) {
    set(6, index, index % 2 === 0)
    set(index, 6, index % 2 === 0)
  }
  const ringed = (row: number, column: number, radius: number, light: readonly number[]): void => {
    for (let y = -radius; y <= radius; y++)
      for (let x = -radius; x <= radius; x++) set(row + y, column + x, !light.includes(Math.max(Math.abs(x), Math.abs(y))))
  }
  const places = alignmentPlaces(version)
  const last = places.at(-1)
  for (const row of places)
    for (const column of places) {
      const isCorner = (row === 6 && (column === 6 || column === last)) || (row === last && column === 6)
      if (!isCorner) ringed(row, column, 2, [1])
    }
  ringed(3, 3, 4, [2, 4])
  ringed(3, size - 4, 4, [2, 4])
  ringed(size - 4, 3, 4, [2, 4])
  // Written with the mask; nothing else may stand there.
  setFormat(grid, 0)
  if (version >= 7) {
    const bits = withRemainder(version, 12, 0x1f25)
    for (let index = 0; index < 18; index++) {
      const [far, near] = [size - 11 + (index % 3), Math.floor(index / 3)]
      set(near, far, ((bits >>> index) & 1) === 1)
      set(far, near, ((bits >>> index) & 1) === 1)
    }
  }
  return grid
}

const alignmentPlaces = (version: number): readonly number[] => {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, index) => sizeOf(version) - 7 - (count - 2 - index) * step)]
}

/** The value, followed by what is left of it after division (BCH). */
const withRemainder = (value: number, degree: number, divisor: number): number => {
  let rest = value
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * divisor)
  return (value << degree) | rest
}

/** Level L and the mask, twice: around the first finder, and along the other two. */
const setFormat = (grid: Grid, mask: number): void => {
  const bits = withRemainder((0b01 << 3) | mask, 10, 0x537) ^ 0x5412
  const size = grid.length
  for (let index = 0; index < 15; index++) {
    const dark = ((bits >>> index) & 1) === 1
    const near = index < 6 ? index : index < 8 ? index + 1 : 14 - index
    setModule(grid, index < 8 ? [near, 8] : [8, index === 8 ? 7 : near], dark)
    setModule(grid, index < 8 ? [8, size - 1 - index] : [size - 15 + index, 8], dark)
  }
  setModule(grid, [size - 8, 8], true)
}

/** In pairs of columns from the right, up and down by turns, around what is set. */
const dataPlaces = (grid: Grid): readonly Place[] => {
  const size = grid.length
  const rights = Array.from({ length: (size - 1) / 2 }, (_, index) => size - 1 - 2 * index).map((right) => (right <= 6 ? right - 1 : right))
  return rights.flatMap((right) =>
    Array.from({ length: size }, (_, step) => (((right + 1) & 2) === 0 ? size - 1 - step : step)).flatMap((row) =>
      [right, right - 1].flatMap((column): readonly Place[] => (grid[row]?.[column] === null ? [[row, column]] : [])),
    ),
  )
}

/** Which data modules are turned over; what is easiest to scan is taken. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/** What makes a code hard to scan (7.8.3): long runs, blocks, what looks like a finder, and too much of one colour. */
const penaltyOf = (modules: QrModules): number => {
  const columns = modules.map((_, column) => modules.map((line) => line[column] === true))
  const lines = [...modules, ...columns].map((line) => line.map((dark) => (dark ? '1' : '0')).join(''))
  const runs = lines.flatMap((line) => line.match(/1{5,}|0{5,}/g) ?? []).reduce((sum, { length }) => sum + length - 2, 0)
  const finders = lines.reduce((sum, line) => sum + (`0000${line}0000`.match(/(?=00001011101|10111010000)/g) ?? []).length, 0)
  const blocks = modules.slice(1).reduce(
    (sum, line, row) =>
      sum +
      line.slice(1).filter((dark, column) => {
        const [above, aboveRight, left] = [modules[row]?.[column], modules[row]?.[column + 1], line[column]]
        return dark === above && dark === aboveRight && dark === left
      }).length,
    0,
  )
  const dark = modules.flat().filter((one) => one).length / modules.length ** 2
  return runs + 3 * blocks + 40 * finders + 10 * Math.floor(Math.abs(dark - 0.5) * 20)
}
