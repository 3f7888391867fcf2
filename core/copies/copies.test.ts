import { beforeEach, describe, expect, it } from 'vitest'
import { createSeededRandom } from '../platform/random.ts'
import { federationId, hash, signerOf } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { emptyContent, maxSealedBytes, signCopy, type SealedCopy } from './model.ts'
import { packContent, unpackContent } from './packing.ts'
import { copyKeysOf } from './sealing.ts'
import { account, ann, contentOf, createCopyWorld, laptop, taskOf } from './testing/world.ts'
import { fetchRequest, maxSlots } from './wire.ts'

let world = createCopyWorld()
beforeEach(() => {
  world = createCopyWorld()
})

describe('what is open', () => {
  it('leaves a sealed copy with every witness, and an empty folder that knows the phrase takes it back', async () => {
    const { folder, wait, kept } = world
    const desk = folder()
    await wait(desk.copies.recall())
    await desk.open(contentOf('a task'))
    expect(kept()).toEqual([1, 1, 1, 1])
    const fresh = folder()
    await wait(fresh.copies.recall())
    expect(fresh.adopted).toEqual([contentOf('a task')])
  })

  it('says nothing while nothing is open, and nothing twice', async () => {
    const { folder, wait, kept, stores } = world
    const desk = folder()
    await wait(desk.copies.recall())
    await desk.open(emptyContent)
    expect(kept()).toEqual([0, 0, 0, 0])
    await desk.open(contentOf('a task'))
    const version = desk.db.prepare<[], { version: bigint }>('SELECT version FROM own_copy').get()?.version
    await desk.open(contentOf('a task'))
    expect(desk.db.prepare<[], { version: bigint }>('SELECT version FROM own_copy').get()?.version).toBe(version)
    expect(stores[0]?.keptCount()).toBe(1)
  })

  it('reaches the witnesses later when too few of them are there', async () => {
    const { folder, wait, network, rest, kept } = world
    const desk = folder()
    await wait(desk.copies.recall())
    network.setFaults(({ to }) => (to.startsWith('witness') ? 'drop' : 'deliver'))
    await desk.open(contentOf('a task'))
    network.setFaults(null)
    for (let round = 0; round < 5; round += 1) await rest()
    expect(kept()).toEqual([1, 1, 1, 1])
  })

  it('of a linked computer is sealed to the phrase, which alone can read it, and finishes only what is finished for it', async () => {
    const { folder, wait } = world
    const { publicKey } = await copyKeysOf(ann, federationId)
    const linked = folder(openMemoryDatabase(), laptop, publicKey)
    await wait(linked.copies.recall())
    await linked.open(contentOf('on the laptop'))
    const again = folder(openMemoryDatabase(), laptop, publicKey)
    await wait(again.copies.recall())
    const fresh = folder()
    await wait(fresh.copies.recall())
    expect([again.adopted, again.others, fresh.adopted, fresh.others]).toEqual([[], [], [], [contentOf('on the laptop')]])
  })
})

describe('an older copy of a data folder', () => {
  it('learns what its newer self left, and its own next copy comes after that', async () => {
    const { folder, wait } = world
    const desk = folder()
    await wait(desk.copies.recall())
    await desk.open(contentOf('first'))
    const image = desk.db.prepare<[], { slot: Buffer; version: bigint; content_hash: Buffer }>('SELECT * FROM own_copy').get()
    await desk.open(contentOf('first', 'second'))
    const olderDb = openMemoryDatabase()
    olderDb.prepare('INSERT INTO own_copy VALUES (1, ?, ?, ?)').run(image?.slot ?? '', image?.version ?? 0n, image?.content_hash ?? '')
    const older = folder(olderDb)
    await wait(older.copies.recall())
    expect(older.adopted).toEqual([contentOf('first', 'second')])
    await older.open(contentOf('third'))
    const fresh = folder()
    await wait(fresh.copies.recall())
    expect(fresh.adopted).toEqual([contentOf('third')])
  })

  it('that is the newest takes nothing back', async () => {
    const { folder, wait } = world
    const desk = folder()
    await wait(desk.copies.recall())
    await desk.open(contentOf('first'))
    const again = folder(desk.db)
    await wait(again.copies.recall())
    expect(again.adopted).toEqual([])
  })
})

describe('a copy in a file', () => {
  const restoreFrom = async (backup: SealedCopy) => {
    const fresh = world.folder(openMemoryDatabase(), ann, null, backup)
    await world.wait(fresh.copies.recall())
    return fresh
  }

  it('comes back where no witness has one, and is told from theirs', async () => {
    const { folder, wait, network } = world
    const desk = folder()
    await wait(desk.copies.recall())
    network.setFaults(({ to }) => (to.startsWith('witness') ? 'drop' : 'deliver'))
    await desk.open(contentOf('a task'))
    const file = await wait(desk.copies.forFile())
    network.setFaults(null)
    const { adopted, filed } = await restoreFrom(file)
    expect([adopted, filed]).toEqual([[], [contentOf('a task')]])
  })

  it('is older than whatever its folder leaves with the witnesses next', async () => {
    const { folder, wait, stores } = world
    const desk = folder()
    await wait(desk.copies.recall())
    await desk.open(contentOf('first'))
    const file = await wait(desk.copies.forFile())
    await desk.open(contentOf('second'))
    expect(stores[0]?.keptVersion(account, file.slot)?.version).toBeGreaterThan(file.version)
    const { adopted, filed } = await restoreFrom(file)
    expect([adopted, filed]).toEqual([[contentOf('second')], [contentOf('first')]])
  })

  it('of a linked computer gives what may be finished for it, and one that a stranger signed gives nothing', async () => {
    const { folder, wait } = world
    const { publicKey } = await copyKeysOf(ann, federationId)
    const fileOf = async (signer = laptop) => {
      const linked = folder(openMemoryDatabase(), signer, publicKey)
      await wait(linked.copies.recall())
      await linked.open(contentOf('on the laptop'))
      return wait(linked.copies.forFile())
    }
    const forged = await restoreFrom(await fileOf(signerOf('mallory')))
    expect([forged.adopted, forged.filed, forged.others]).toEqual([[], [], []])
    const file = await fileOf()
    // Where nobody has the copy that was left beside it.
    world = createCopyWorld()
    expect((await restoreFrom(file)).others).toEqual([contentOf('on the laptop')])
  })
})

describe('a witness', () => {
  const copyOf = (changes: Partial<Omit<SealedCopy, 'key' | 'signature'>> = {}, signer = ann): SealedCopy =>
    signCopy(
      { account, slot: new Uint8Array(16), version: world.clock.nowMs(), enc: hash('enc'), ciphertext: new Uint8Array(100), ...changes },
      signer,
      federationId,
    )
  const put = (copy: SealedCopy) => world.keepers[0]?.answer({ kind: 'put', copy })

  it('keeps the newest version, and never an older one in its place', () => {
    const { clock } = world
    const [older, newer] = [copyOf(), copyOf({ version: clock.nowMs() + 1 })]
    expect(put(newer)).toEqual({ kind: 'taken' })
    expect(put(newer)).toEqual({ kind: 'taken' })
    expect(put(older)).toEqual({ kind: 'refused', code: 'older' })
  })

  it('takes none of a stranger, none that was changed, none from the future, and not one after the other', () => {
    const { clock } = world
    expect(put(copyOf({}, signerOf('mallory')))).toEqual({ kind: 'refused', code: 'not-yours' })
    expect(put({ ...copyOf(), version: clock.nowMs() + 1 })).toEqual({ kind: 'refused', code: 'not-yours' })
    expect(put(copyOf({ version: clock.nowMs() + 3_600_000 }))).toEqual({ kind: 'refused', code: 'malformed' })
    expect(put(copyOf())).toEqual({ kind: 'taken' })
    expect(put(copyOf({ version: clock.nowMs() + 1 }))).toEqual({ kind: 'refused', code: 'too-soon' })
  })

  it('keeps so many folders of one account, the oldest goes first, and all of them for a while only', () => {
    const { clock, stores } = world
    for (let at = 0; at <= maxSlots; at += 1) {
      expect(put(copyOf({ slot: new Uint8Array(16).fill(at), version: clock.nowMs() }))).toEqual({ kind: 'taken' })
      clock.advance(1_000)
    }
    expect(stores[0]?.keptCount()).toBe(maxSlots)
    expect(stores[0]?.keptVersion(account, new Uint8Array(16))).toBeNull()
    clock.advance(61 * 24 * 3_600_000)
    put(copyOf({ slot: new Uint8Array(16).fill(99) }))
    expect(stores[0]?.keptCount()).toBe(1)
  })

  it('shows an account’s copies to that account alone', () => {
    const { clock, keepers } = world
    put(copyOf())
    const ask = (signer = ann, atMs = clock.nowMs()) => keepers[0]?.answer(fetchRequest(account, atMs, signer, federationId))
    expect(ask()).toMatchObject({ kind: 'copies', copies: [{}] })
    expect([ask(signerOf('mallory')), ask(ann, clock.nowMs() - 600_000)]).toMatchObject([{ code: 'not-yours' }, { code: 'not-yours' }])
  })
})

describe('a copy is bounded', () => {
  const noise = (length: number): string => Buffer.from(createSeededRandom(`noise ${length}`).bytes(length)).toString('base64')

  it('and leaves out the longest texts until the rest fits', () => {
    const content = { ...emptyContent, tasks: [taskOf('short'), taskOf('long', noise(60_000)), taskOf('middle', noise(9_000))] }
    const packed = packContent(content)
    expect(packed.length).toBeLessThanOrEqual(maxSealedBytes)
    expect(unpackContent(packed)?.tasks.map(({ id }) => id)).toEqual([hash('short'), hash('middle')])
  })

  it('and what is none is told from one', () => {
    expect([unpackContent(new Uint8Array(10)), unpackContent(packContent(contentOf('a')).subarray(3))]).toEqual([null, null])
  })
})
