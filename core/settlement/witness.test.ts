import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMemoryNetwork } from '../network/memory.ts'
import { createManualClock } from '../platform/clock.ts'
import { createLog, silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { Database } from '../storage/database.ts'
import { openDatabase } from '../storage/open.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { genesisCredits } from './account.ts'
import { decodeAnswer, encodeRequest } from './bundle.ts'
import type { AuthorisedTx, Statement } from './objects.ts'
import { signStatement } from './signatures.ts'
import { birth, createMember, decided, hash, rules, seedKeyOfWitness, signerOf } from './testing/world.ts'
import { witnessMigrations } from './witness-schema.ts'
import { createWitnessStore, type WitnessStore } from './witness-store.ts'
import { createWitness, resumeMemory } from './witness.ts'

let folder: string
let database: Database
let store: WitnessStore
const alice = createMember('alice')
const genesis = genesisCredits(birth, [{ firstKey: alice.signer.publicKey, amountMicro: 100n }])
const signer = signerOf('witness 0')
const seedKey = seedKeyOfWitness(0)
const clock = createManualClock()

const open = (maxPages?: number): void => {
  database = decided(
    openDatabase({ file: join(folder, 'witness.db'), migrations: witnessMigrations, ...(maxPages === undefined ? {} : { maxPages }) }),
  )
  store = createWitnessStore(database)
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'witness-'))
  open()
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const witnessOn = (ownStore: WitnessStore, log = silentLog) =>
  createWitness({
    store: ownStore,
    signer,
    seedKey,
    rules,
    genesisCredits: genesis,
    clock,
    log,
    isRetired: false,
  })
const questionFor = (order: AuthorisedTx): Uint8Array => {
  const { governance, objectId, step } = order.tx
  const register = { governance, objectId, step }
  return encodeRequest({ kind: 'exchange', register, orders: [order], votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] })
}
const kindOf = (answer: Uint8Array): string => {
  const { kind, ...rest } = decided(decodeAnswer(answer))
  return 'refusal' in rest && rest.refusal !== null ? `${kind} ${rest.refusal}` : kind
}

describe('the database of a witness', () => {
  const vote = (kind: Statement['kind'], view: number, tx: string) =>
    signStatement({ governance: birth, objectId: hash('object'), step: 0, view, kind, txHash: hash(tx) }, 0, signer)
  const saves =
    (...votes: readonly ReturnType<typeof vote>[]) =>
    (): void => {
      for (const one of votes) store.saveOwnVote(one)
    }

  it('refuses a second N in one view (R1), by itself', () => {
    expect(saves(vote('N', 0, 'a'), vote('N', 1, 'b'))).not.toThrow()
    expect(saves(vote('N', 1, 'a'))).toThrow(expect.objectContaining({ code: 'constraint' }))
  })

  it('refuses S beside F in one view (R2), by itself', () => {
    expect(saves(vote('F', 0, 'a'), vote('S', 1, ''))).not.toThrow()
    expect(saves(vote('S', 0, ''))).toThrow(expect.objectContaining({ code: 'constraint' }))
    expect(saves(vote('F', 1, 'a'))).toThrow(expect.objectContaining({ code: 'constraint' }))
  })
})

describe('resuming', () => {
  const resume = (remembered: Parameters<typeof resumeMemory>[1]) => resumeMemory(store, remembered, createSeededRandom('db'))

  it('starts a new generation every time, and notices a file that is older, another, or of unknown past', () => {
    const first = decided(resume(null))
    const second = decided(resume(first))
    expect([first.generation, second.generation]).toEqual([0, 1])
    expect(resume({ ...second, generation: 2 })).toMatchObject({ error: { code: 'retired' } })
    expect(resume({ ...second, dbId: hash('other') })).toMatchObject({ error: { code: 'retired' } })
    expect(resume(null)).toMatchObject({ error: { code: 'retired' } })
    expect(decided(resume(second)).generation).toBe(2)
  })

  it('forgives a vault that missed the very first write, when nothing can have been voted', () => {
    const first = decided(resume(null))
    expect(decided(resume(null))).toEqual({ ...first, generation: 1 })
  })

  it('notices that the file is gone', () => {
    expect(resume({ dbId: hash('db'), generation: 3 })).toMatchObject({ error: { code: 'retired' } })
  })
})

describe('a file that was rolled back within one start', () => {
  it('is noticed by the first vote of its own that somebody shows, and the key votes no more', () => {
    const [one, other] = [alice.transfer(hash('somebody'), 1n, genesis), alice.transfer(hash('another'), 2n, genesis)]
    const answer = decided(decodeAnswer(witnessOn(store).exchange(questionFor(one), clock.nowMs())))
    const votes = answer.kind === 'open' ? answer.votes : []
    expect(votes.map(({ statement }) => statement.kind)).toContain('N')
    let forgotten = 0
    const copy = createWitness({
      store: createWitnessStore(openMemoryDatabase(witnessMigrations)),
      signer,
      seedKey,
      rules,
      genesisCredits: genesis,
      clock,
      log: silentLog,
      isRetired: false,
      onForgotten: () => forgotten++,
    })
    const { governance, objectId, step } = other.tx
    const about = { register: { governance, objectId, step }, orders: [other], proposals: [], carried: [], wantSkip: false, decrees: [] }
    const foreign = votes.map((vote) => ({ ...vote, signature: new Uint8Array(64) }))
    const ask = (shown: typeof votes) => kindOf(copy.exchange(encodeRequest({ kind: 'exchange', ...about, votes: shown }), clock.nowMs()))
    expect([ask(foreign), forgotten]).toEqual(['open', 0])
    expect([ask(votes), ask([]), forgotten]).toEqual(['refused retired', 'refused retired', 1])
  })
})

describe('serving', () => {
  it('answers questions that arrive together with one commit', async () => {
    let commits = 0
    const counting: WitnessStore = {
      ...store,
      transaction: (work) => {
        commits++
        return store.transaction(work)
      },
    }
    const network = createMemoryNetwork({ clock })
    witnessOn(counting).serve(network.addNode('witness-0'))
    const asker = network.addNode('asker')
    const orders = [1n, 2n, 3n].map((amountMicro) => alice.transfer(hash('somebody'), amountMicro, genesis))
    const peer = { peerId: 'witness-0', addresses: [] }
    const answers = await Promise.all(orders.map((order) => asker.request(peer, 'settlement', questionFor(order), { timeoutMs: 1_000 })))
    expect({ kinds: answers.map(kindOf), commits }).toEqual({ kinds: ['open', 'open', 'open'], commits: 1 })
  })

  it('says that it cannot, and lets no vote out, when the disk is full', () => {
    const pages = Number(database.prepare<[], { page_count: bigint }>('PRAGMA page_count').get()?.page_count)
    database.close()
    open(pages)
    const lines: string[] = []
    const log = createLog((line) => lines.push(line), clock.nowMs)
    const members = Array.from({ length: 40 }, (_, at) => createMember(`member ${at}`))
    const credits = genesisCredits(
      birth,
      members.map((member) => ({ firstKey: member.signer.publicKey, amountMicro: 9n })),
    )
    const deps = { store, signer, seedKey, rules, genesisCredits: credits, clock, log, isRetired: false }
    const witness = createWitness(deps)
    const questions = members.map((member, at) => questionFor(member.transfer(hash('somebody'), 1n, credits.slice(at, at + 1))))
    const kinds = questions.map((question) => kindOf(witness.exchange(question, clock.nowMs())))
    const voted = kinds.filter((kind) => kind === 'open').length
    const stored = members.filter((member) => store.ownVotes({ governance: birth, objectId: member.id, step: 0 }, 0).length === 1).length
    expect(kinds).toContain('refused internal')
    expect(stored).toBe(voted)
    expect(lines.length).toBe(kinds.length - voted)
  })
})
