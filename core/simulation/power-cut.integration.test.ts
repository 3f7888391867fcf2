import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { genesisCredits } from '../settlement/account.ts'
import { decodeAnswer, encodeRequest, type RegisterId } from '../settlement/bundle.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AuthorisedTx, Vote } from '../settlement/objects.ts'
import { signStatement } from '../settlement/signatures.ts'
import { birth, createMember, decided, hash, rules, seedKeyOfWitness, signerOf } from '../settlement/testing/world.ts'
import { witnessMigrations } from '../settlement/witness-schema.ts'
import { createWitnessStore, type WitnessMemory } from '../settlement/witness-store.ts'
import { createWitness, resumeMemory, type Witness } from '../settlement/witness.ts'
import type { Database } from '../storage/database.ts'
import { openDatabase } from '../storage/open.ts'
import { imageOf, type DiskImage } from './disks.ts'
import { createPrng, type Prng } from './prng.ts'

/**
 * A witness on a real file, opened as it ships, whose computer loses its power: of what SQLite had not synced, any part may have got
 * to the disk, in any order, or as garbage. The file is copied whenever an answer has left.
 */
const seed = 20_261_201
const memberCount = 24
/** What a disk writes at once or not at all. */
const sectorBytes = 512

const members = Array.from({ length: memberCount }, (_, number) => createMember(`member ${number}`))
const genesis = genesisCredits(
  birth,
  members.map(({ signer }) => ({ firstKey: signer.publicKey, amountMicro: 100n })),
)
const ordersOf = (number: number): readonly [AuthorisedTx, AuthorisedTx] => {
  const [member, credit] = [members[number], genesis[number]]
  if (member === undefined || credit === undefined) throw new Error('no such member')
  return [member.transfer(hash('somebody'), 1n, [credit]), member.transfer(hash('another'), 2n, [credit])]
}
const registerOf = ({ tx: { governance, objectId, step } }: AuthorisedTx): RegisterId => ({ governance, objectId, step })
const votesFor = (order: AuthorisedTx, witnesses: readonly number[]): readonly Vote[] =>
  witnesses.map((witness) =>
    signStatement({ ...registerOf(order), view: 0, kind: 'N', txHash: txHash(order.tx) }, witness, signerOf(`witness ${witness}`)),
  )
type Question = { readonly orders: readonly AuthorisedTx[]; readonly votes?: readonly Vote[]; readonly wantSkip?: boolean }
/** Its own votes in the answers to questions that arrive together. */
const ask = (witness: Witness, ...questions: readonly Question[]): readonly Vote[] => {
  const payloads = questions.map(({ orders, votes = [], wantSkip = false }) => {
    const [first] = orders
    if (first === undefined) throw new Error('nothing to ask about')
    const register = registerOf(first)
    return encodeRequest({ kind: 'exchange', register, orders, votes, proposals: [], carried: [], wantSkip, decrees: [] })
  })
  return witness.exchangeAll(payloads, clock.nowMs()).flatMap((bytes) => {
    const answer = decided(decodeAnswer(bytes))
    return answer.kind === 'open' ? answer.votes.filter(({ witnessIndex }) => witnessIndex === 0) : []
  })
}
const clock = createManualClock()
/** What tempts it to contradict itself: the other order of each member, notarized by everybody else. */
const rivals = members.map((_, number): Question => {
  const [, rival] = ordersOf(number)
  return { orders: [rival], votes: votesFor(rival, [1, 2, 3]), wantSkip: true }
})

type Start = { readonly db: Database; readonly witness: Witness; readonly memory: WitnessMemory | null; readonly image: DiskImage }
const start = (file: string, remembered: WitnessMemory | null): Start => {
  const db = decided(openDatabase({ file, migrations: witnessMigrations }))
  const image = imageOf(db)
  const store = createWitnessStore(db)
  const memory = resumeMemory(store, remembered, createSeededRandom('db'))
  const [signer, seedKey] = [signerOf('witness 0'), seedKeyOfWitness(0)]
  const deps = { store, signer, seedKey, rules, genesisCredits: genesis, clock, log: silentLog, isRetired: !memory.ok }
  return { db, image, memory: memory.ok ? memory.value : null, witness: createWitness(deps) }
}

/** After an answer: what is on the disk for sure, what the database holds, and every vote that has left by then. */
type Moment = { readonly db: Buffer; readonly log: Buffer; readonly image: DiskImage; readonly left: readonly Vote[] }

/** Backs an order; of two in three members also finalizes it, or gives the view up. */
const work = (file: string): { readonly moments: readonly Moment[]; readonly memory: WitnessMemory | null } => {
  const { db, witness, memory } = start(file, null)
  const moments: Moment[] = []
  const left: Vote[] = []
  const note = (votes: readonly Vote[]): void => {
    left.push(...votes)
    moments.push({ db: readFileSync(file), log: readFileSync(`${file}-wal`), image: imageOf(db), left: [...left] })
  }
  for (let number = 0; number < memberCount; number++) {
    const [order, rival] = ordersOf(number)
    note(ask(witness, { orders: [order] }))
    if (number % 3 === 1) note(ask(witness, { orders: [order], votes: votesFor(order, [1, 2]) }))
    if (number % 3 === 2) note(ask(witness, { orders: [order, rival], votes: votesFor(rival, [1]), wantSkip: true }))
  }
  db.close()
  return { moments, memory }
}

type Damage = (before: Buffer, after: Buffer, prng: Prng) => Buffer
/** The log ends anywhere in what was being written. */
const cutShort: Damage = (before, after, prng) => {
  const end = prng.between(firstChange(before, after), after.length)
  return Buffer.concat([after.subarray(0, end), before.subarray(Math.min(end, before.length))])
}
/** Any of the sectors that were being written have got there, and some as garbage. */
const torn: Damage = (before, after, prng) => {
  const log = Buffer.from(after)
  const from = firstChange(before, after)
  for (let at = from; at < log.length; at = nextSector(at)) {
    const end = Math.min(nextSector(at), log.length)
    const fate = prng.pick(['written', 'written', 'old', 'garbage'] as const)
    if (fate === 'old') log.fill(0, at, end).set(before.subarray(at, end), at)
    if (fate === 'garbage') log.set([(log[at] ?? 0) ^ prng.between(1, 255)], prng.between(at, end - 1))
  }
  return log
}
/** A disk that said it had synced and had not: nothing that ships can be safe from it, so the checks have to notice. */
const lostSync: Damage = (before, _after, prng) => before.subarray(0, prng.between(32, before.length - 1))

const nextSector = (at: number): number => (Math.floor(at / sectorBytes) + 1) * sectorBytes
const firstChange = (before: Buffer, after: Buffer): number => {
  const at = after.findIndex((byte, index) => byte !== before[index])
  return at < 0 ? after.length : at
}

const slotOf = ({ statement: { objectId, step, view, kind } }: Vote): string =>
  `${toHex(objectId)}/${step} ${view} ${kind === 'N' ? 'N' : 'X'}`

describe(`a witness whose computer loses its power (seed ${seed})`, () => {
  let folder = ''
  let moments: readonly Moment[] = []
  let memory: WitnessMemory | null = null
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'power-cut-'))
    ;({ moments, memory } = work(join(folder, 'witness.db')))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What is wrong after the power failed between this moment and the next one; empty: nothing. */
  const failAt = (number: number, damage: Damage, prng: Prng): readonly string[] => {
    const [moment, next] = [moments[number], moments[number + 1]]
    if (moment === undefined || next === undefined) return ['no such moment']
    const file = join(folder, 'again', 'witness.db')
    mkdirSync(join(folder, 'again'))
    writeFileSync(file, moment.db)
    writeFileSync(`${file}-wal`, damage(moment.log, next.log, prng))
    const { db, image, witness, memory: resumed } = start(file, memory)
    const problems: string[] = resumed === null ? ['retired'] : []
    problems.push(...db.checkIntegrity().map((line) => `damaged: ${line}`))
    if (!isDeepStrictEqual(image, moment.image) && !isDeepStrictEqual(image, next.image)) problems.push('half of something is there')
    const known = new Map(moment.left.map((vote) => [slotOf(vote), toHex(vote.signature)]))
    const store = createWitnessStore(db)
    const onDisk = moment.left.flatMap(({ statement }) => store.ownVotes(statement, 0)).map(({ signature }) => toHex(signature))
    for (const [slot, signature] of known) if (!onDisk.includes(signature)) problems.push(`gone: ${slot}`)
    for (const vote of ask(witness, ...rivals))
      if ((known.get(slotOf(vote)) ?? toHex(vote.signature)) !== toHex(vote.signature)) problems.push(`contradicted: ${slotOf(vote)}`)
    db.close()
    rmSync(join(folder, 'again'), { recursive: true })
    return problems
  }
  /** A log that was copied into the database meanwhile tells nothing of the state before. */
  const numbers = (): readonly number[] =>
    moments.flatMap(({ db }, number) => (moments[number + 1] !== undefined && db.equals(moments[number + 1]?.db ?? db) ? [number] : []))

  it('has cast votes of every kind, in as many transactions', () => {
    expect([...new Set(moments.at(-1)?.left.map(({ statement: { kind } }) => kind))].toSorted()).toEqual(['F', 'N', 'S'])
    expect(numbers().length).toBeGreaterThan(30)
  })

  it.each([
    ['cut short', cutShort],
    ['torn', torn],
  ])('still has every vote that left, nothing by half, and contradicts none, when what was not synced is %s', (_name, damage) => {
    const prng = createPrng(seed)
    const problems = numbers().flatMap((number) =>
      [1, 2].flatMap(() => failAt(number, damage, prng).map((problem) => `after answer ${number}: ${problem}`)),
    )
    expect(problems).toEqual([])
  })

  it('would be found to forget and to contradict itself, had its votes left before they were synced', () => {
    const prng = createPrng(seed)
    const problems = numbers().flatMap((number) => failAt(number, lostSync, prng))
    expect(problems.filter((problem) => problem.startsWith('gone'))).not.toEqual([])
    expect(problems.filter((problem) => problem.startsWith('contradicted'))).not.toEqual([])
  })
})
