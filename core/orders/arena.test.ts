import { expect, test } from 'vitest'
import { createArena } from './arena.ts'

const bytesOf = (index: number): Uint8Array => new Uint8Array(1_000).fill(index % 251)

test('what was put is got, whatever was freed beside it', () => {
  const arena = createArena()
  const places = Array.from({ length: 2_000 }, (_, index) => arena.put(bytesOf(index)))
  for (let index = 0; index < places.length; index += 2) arena.free(places[index] ?? 0)
  expect([1, 777, 1_999].map((index) => arena.get(places[index] ?? 0))).toEqual([1, 777, 1_999].map(bytesOf))
})
test('an arena is wasteful when more than half of its slabs, and a slab, is waste', () => {
  const arena = createArena()
  const places = Array.from({ length: 4_000 }, (_, index) => arena.put(bytesOf(index)))
  expect(arena.isWasteful()).toBe(false)
  const freedUntilWasteful = places.findIndex((place) => {
    arena.free(place)
    return arena.isWasteful()
  })
  // Eight slabs of 512 KiB hold the four megabytes; seven of them halved is what may be left.
  expect(freedUntilWasteful).toBe(2_168)
})
test('a small arena is never wasteful', () => {
  const arena = createArena()
  arena.free(arena.put(bytesOf(1)))
  expect(arena.isWasteful()).toBe(false)
})
