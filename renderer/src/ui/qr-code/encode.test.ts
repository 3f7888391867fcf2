import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { encodeQr } from './encode.ts'

const drawn = (text: string): readonly string[] | undefined =>
  encodeQr(text)?.map((line) => line.map((dark) => (dark ? '#' : '.')).join(''))
const hashOf = (text: string): string =>
  createHash('sha256')
    .update(drawn(text)?.join('\n') ?? '')
    .digest('hex')
    .slice(0, 16)

test('a short text is the smallest code, with its three finders, its timing and its format', () =>
  expect(drawn('claude-market')).toEqual([
    '#######.#.###.#######',
    '#.....#...##..#.....#',
    '#.###.#.##.#..#.###.#',
    '#.###.#.##..#.#.###.#',
    '#.###.#.#..#..#.###.#',
    '#.....#..####.#.....#',
    '#######.#.#.#.#######',
    '...........##........',
    '####..#.######..###.#',
    '.##.#..#.##.######..#',
    '#.....#..#.#.###.#.##',
    '#.####...#.....###..#',
    '..#.####...##.#.#....',
    '........##..#.#.##...',
    '#######....#....##...',
    '#.....#...####...###.',
    '#.###.#..#...#.#..##.',
    '#.###.#.###.##...#.#.',
    '#.###.#.##.##.#..##..',
    '#.....#.#.#.###.....#',
    '#######.##..#####.#..',
  ]))

// The same modules came out of another encoder (uqr 0.1.3, level L, the same mask) for 71 lengths over all forty versions.
test.each([
  [18, 25, 'aa5e78a632ee44a3'],
  [134, 41, 'deb7b844e2c6e9eb'],
  [320, 61, '7a925fbde2e06083'],
  [1_000, 105, 'd9639bbedb025603'],
  [2_953, 177, '4212298c9a4cccf1'],
])('a text of %i bytes is a code of %i modules, the known ones', (length, size, hash) => {
  const text = 'claude-market://invite/'.repeat(200).slice(0, length)
  expect([encodeQr(text)?.length, hashOf(text)]).toEqual([size, hash])
})

test('a text is counted in bytes, and one byte more than fits is no code', () => {
  expect(encodeQr('x'.repeat(2_954))).toBeNull()
  expect(encodeQr('é'.repeat(1_477))).toBeNull()
  expect(encodeQr('é'.repeat(1_476))).toHaveLength(177)
})
