import { assert, expect, test } from 'vitest'
import { decodeAnswer, encodeRequest } from './bundle.ts'
import type { Decree } from './objects.ts'
import { createScene } from './testing/scene.ts'

/** A certificate does not cover the authorisations beside it, so a peer can hand on a certified decree with damaged ones. */
const damages: readonly (readonly [string, (opening: Decree) => Decree['authorisations']])[] = [
  ['a wrong signature', ({ authorisations }) => authorisations.map((one) => ({ ...one, signature: new Uint8Array(64).fill(7) }))],
  ['no signature', () => []],
]

test.each(damages)('a copy of an opening with %s does not keep a witness from the good one', async (_what, damage) => {
  const { world, alice, bob, openBetween, failureOf } = createScene()
  const last = world.witnesses[3]
  assert(last !== undefined)
  last.lie = () => new Uint8Array([0])
  const { opening } = await openBetween()
  last.lie = null
  const inform = (decree: Decree) =>
    decodeAnswer(last.witness.exchange(encodeRequest({ kind: 'inform', decrees: [decree] }), world.clock.nowMs()))
  inform({ ...opening, authorisations: damage(opening) })
  expect(inform(opening)).toMatchObject({ ok: true, value: { kind: 'informed' } })
  world.network.kill('witness-1')
  expect(await failureOf(alice.transfer(bob.id, 5n), [], 30_000)).toBeNull()
})
