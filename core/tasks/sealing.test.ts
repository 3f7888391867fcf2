import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { maxPaddedBytes, maxUnpaddedBytes, pad, paddedLength, unpad } from './padding.ts'
import { commitmentOf, createBidKey, maxTaskBytes, openTask, saltTask, sealTask, type TaskContext } from './sealing.ts'

const filled = (byte: number) => new Uint8Array(32).fill(byte)
const flipped = (bytes: Uint8Array, at = 0) => bytes.with(at, (bytes[at] ?? 0) ^ 1)
const client = createSigner(keyFromSeed(filled(1)))
const stranger = createSigner(keyFromSeed(filled(2)))

/** A sealed task with all that is needed to open it; `change` falsifies the context before sealing. */
const scene = async (text = 'Write a haiku.', change: Partial<TaskContext> = {}) => {
  const random = createSeededRandom('sealing')
  const bidKey = await createBidKey(random)
  const task = saltTask(random, utf8(text))
  const context: TaskContext = {
    federationId: filled(3),
    escrowId: filled(4),
    clientKey: client.publicKey,
    providerKey: filled(5),
    bidKey: bidKey.publicKey,
    taskCommit: commitmentOf(task),
    amountMicro: 5_000n,
    maxOutputTokens: 400,
    deliverByMs: 1_800_000_000_000,
    ...change,
  }
  const result = await sealTask({ random, signer: client }, context, task)
  if (!result.ok) throw new Error(result.error.message)
  return { ...result.value, bidKey, task, context, random }
}

test('the provider opens what the client sealed, and both have the same result key', async () => {
  const { sealed, resultKey, bidKey, task, context } = await scene()
  expect(await openTask(bidKey.privateKey, context, sealed)).toEqual({ ok: true, value: { plaintext: task.plaintext, resultKey } })
})

test('every task up to the limit can be sealed, and one byte more is refused', async () => {
  const longest = await scene('x'.repeat(maxTaskBytes))
  expect(longest.sealed.ciphertext).toHaveLength(maxPaddedBytes + 16)
  expect(await openTask(longest.bidKey.privateKey, longest.context, longest.sealed)).toMatchObject({ ok: true })
  const { context, random } = longest
  const over = saltTask(random, new Uint8Array(maxTaskBytes + 1))
  expect(await sealTask({ random, signer: client }, context, over)).toMatchObject({ error: { code: 'task-too-large' } })
})

test.each(['federationId', 'escrowId', 'clientKey', 'providerKey', 'bidKey', 'taskCommit'] as const)(
  'another %s than the sealed one is refused',
  async (field) => {
    const { sealed, bidKey, context } = await scene()
    const changed = { ...context, [field]: flipped(context[field]) }
    expect(await openTask(bidKey.privateKey, changed, sealed)).toMatchObject({ ok: false, error: { code: 'bad-signature' } })
  },
)

test.each([{ amountMicro: 5_001n }, { maxOutputTokens: 401 }, { deliverByMs: 1_800_000_000_001 }])(
  'other caps than the sealed ones are refused: %o',
  async (change) => {
    const { sealed, bidKey, context } = await scene()
    expect(await openTask(bidKey.privateKey, { ...context, ...change }, sealed)).toMatchObject({ error: { code: 'bad-signature' } })
  },
)

test('a change of the encapsulated key, the ciphertext or the signature is refused', async () => {
  const { sealed, bidKey, context } = await scene()
  const changes = [
    { ...sealed, enc: flipped(sealed.enc) },
    { ...sealed, ciphertext: flipped(sealed.ciphertext, 17) },
    { ...sealed, ciphertext: sealed.ciphertext.slice(0, -1) },
    { ...sealed, ciphertext: new Uint8Array(0) },
    { ...sealed, signature: flipped(sealed.signature) },
  ]
  for (const changed of changes) {
    expect(await openTask(bidKey.privateKey, context, changed)).toMatchObject({ ok: false, error: { code: 'bad-signature' } })
  }
})

test("a stranger's signature is refused, though the sealing is right", async () => {
  const { bidKey, context, task, random } = await scene()
  const forged = await sealTask({ random, signer: stranger }, context, task)
  expect(forged.ok && (await openTask(bidKey.privateKey, context, forged.value.sealed))).toMatchObject({ error: { code: 'bad-signature' } })
})

test('a task sealed to another bid cannot be opened', async () => {
  const { sealed, context } = await scene()
  const other = await createBidKey(createSeededRandom('another bid'))
  expect(await openTask(other.privateKey, context, sealed)).toMatchObject({ ok: false, error: { code: 'not-for-this-key' } })
})

test('another task than the committed one is refused, though client and key are right', async () => {
  const { sealed, bidKey, context } = await scene('Write a novel.', { taskCommit: filled(9) })
  expect(await openTask(bidKey.privateKey, context, sealed)).toMatchObject({ ok: false, error: { code: 'commitment-mismatch' } })
})

test('a bid key that is no key, or one that gives everybody the same secret, is refused', async () => {
  const { context, task, random } = await scene()
  for (const bidKey of [new Uint8Array(32), new Uint8Array(31), filled(0).with(0, 1)]) {
    expect(await sealTask({ random, signer: client }, { ...context, bidKey }, task)).toMatchObject({ error: { code: 'invalid-bid-key' } })
  }
})

test('two sealings of one task share neither ciphertext nor result key', async () => {
  const { sealed, resultKey, context, task, random } = await scene()
  const again = await sealTask({ random, signer: client }, context, task)
  expect(again.ok && again.value.resultKey).not.toEqual(resultKey)
  expect(again.ok && again.value.sealed.ciphertext).not.toEqual(sealed.ciphertext)
})

test('padding gives back what went in, in a bucket that is a power of two or a whole number of 64 KiB', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), (content) => {
      const padded = pad(content)
      expect(unpad(padded)).toEqual(content)
      expect(Math.log2(padded.length) % 1).toBe(0)
    }),
  )
  expect([0, 252, 253, 65_532, 65_533, 131_069, maxUnpaddedBytes].map(paddedLength)).toEqual([
    256, 256, 512, 65_536, 131_072, 196_608, 262_144,
  ])
})

test('padding that hides bytes, lies about its length or took a larger bucket than needed is refused', () => {
  const padded = pad(utf8('hello'))
  const large = new Uint8Array(512)
  large.set(padded)
  const overlong = padded.slice().fill(0xff, 0, 4)
  for (const bad of [flipped(padded, 255), large, overlong, padded.slice(0, 255), new Uint8Array(0)]) expect(unpad(bad)).toBeNull()
})
