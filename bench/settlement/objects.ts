import { createSeededRandom } from '../../core/platform/random.ts'
import { compareBytes } from '../../core/platform/bytes.ts'
import type { BenchWitness } from './federation.ts'

/** As much as an account and its last decree take. */
const stateBytes = 150
const decreeBytes = 610
const rowsAtOnce = 50_000

/** Fills a witness's file with accounts of one step each. */
export const fillWithObjects = ({ database }: BenchWitness, count: number): void => {
  const random = createSeededRandom('objects')
  const object = database.prepare('INSERT INTO object VALUES (?, ?, ?)')
  const decree = database.prepare('INSERT INTO decree VALUES (?, ?, ?, ?)')
  const [state, body] = [random.bytes(stateBytes), random.bytes(decreeBytes)]
  // In order, as a file is after it was rebuilt; at random a million rows would take a quarter of an hour.
  const prefixes = Array.from({ length: count }, () => random.bytes(32)).toSorted(compareBytes)
  for (let from = 0; from < count; from += rowsAtOnce)
    database.transaction(() => {
      for (const id of prefixes.slice(from, from + rowsAtOnce)) {
        object.run(id, 'account', state)
        decree.run(id, 0, id, body)
      }
    })
}
