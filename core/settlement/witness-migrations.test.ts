import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../platform/log.ts'
import { createManualClock } from '../platform/clock.ts'
import { createSeededRandom } from '../platform/random.ts'
import { schemaVersion } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open.ts'
import { genesisCredits } from './account.ts'
import { decodeAnswer, encodeRequest } from './bundle.ts'
import { encodeAuthorisedTx, encodeDecree, txHash } from './encoding.ts'
import type { AuthorisedTx, Decree, Statement } from './objects.ts'
import { signStatement } from './signatures.ts'
import { birth, createMember, decided, hash, rules, seedKeyOfWitness, signerOf } from './testing/world.ts'
import { witnessMigrations } from './witness-schema.ts'
import { createWitnessStore } from './witness-store.ts'
import { createWitness, resumeMemory } from './witness.ts'

/** A file that an earlier version of the program wrote, with its votes in it. */
const [alice, bob] = [createMember('alice'), createMember('bob')]
const genesis = genesisCredits(birth, [{ firstKey: alice.signer.publicKey, amountMicro: 100n }])
const signer = signerOf('witness 0')
const first = alice.transfer(bob.id, 1n, genesis)
const rival = alice.transfer(bob.id, 2n, genesis)
const memory = { dbId: hash('db'), generation: 4 }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'witness-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const fileOf = (version: number): string => join(folder, `version-${version}.db`)

const statementOf = ({ tx }: AuthorisedTx, kind: 'N' | 'F', view = 0): Statement => ({
  governance: birth,
  objectId: tx.objectId,
  step: tx.step,
  view,
  kind,
  txHash: txHash(tx),
})
const certified = (order: AuthorisedTx): Decree => {
  const votes = [1, 2, 3].map((index) => signStatement(statementOf(order, 'F'), index, signerOf(`witness ${index}`)))
  const signatures = votes.map(({ witnessIndex, signature }) => ({ witnessIndex, signature }))
  return { ...order, certificate: { statement: statementOf(order, 'F'), signatures } }
}

/** As a witness of that version left it: it has notarized one order, knows of a rival, and of a step that was decided elsewhere. */
const writeOld = (version: number): void => {
  const raw = decided(openDatabase({ file: fileOf(version), migrations: witnessMigrations.slice(0, version) }))
  raw.prepare('INSERT INTO identity VALUES (1, ?, ?)').run(memory.dbId, memory.generation)
  const vote = signStatement(statementOf(first, 'N'), 0, signer)
  const { tx } = first
  raw.prepare('INSERT INTO own_vote VALUES (?, ?, 0, 0, ?, ?, ?, ?)').run(tx.objectId, tx.step, 'N', 'N', txHash(tx), vote.signature)
  const skip = { ...statementOf(first, 'N', 1), kind: 'S', txHash: new Uint8Array(32) } as const
  const skipped = signStatement(skip, 0, signer)
  raw.prepare('INSERT INTO own_vote VALUES (?, ?, 0, 1, ?, ?, ?, ?)').run(tx.objectId, tx.step, 'X', 'S', skip.txHash, skipped.signature)
  const candidate = version < 3 ? '(?, ?, ?, 0, 0, ?)' : '(?, ?, 0, ?, 0, 0, ?)'
  raw.prepare(`INSERT INTO candidate VALUES ${candidate}`).run(tx.objectId, tx.step, txHash(tx), encodeAuthorisedTx(first))
  const other = createMember('carol').transfer(bob.id, 5n)
  raw.prepare('INSERT INTO decree VALUES (?, 7, ?, ?)').run(other.tx.objectId, txHash(other.tx), encodeDecree(certified(other)))
  if (version >= 2) raw.prepare('INSERT INTO open_register VALUES (?, ?, 0, 0)').run(tx.objectId, tx.step)
  if (version >= 3) raw.prepare('INSERT INTO arrival (object, step) VALUES (?, 7)').run(other.tx.objectId)
  raw.close()
}

const reopen = (version: number) => {
  const database = decided(openDatabase({ file: fileOf(version), migrations: witnessMigrations }))
  const store = createWitnessStore(database)
  const resumed = resumeMemory(store, memory, createSeededRandom('resume'))
  const witness = createWitness({
    store,
    signer,
    seedKey: seedKeyOfWitness(0),
    rules,
    genesisCredits: genesis,
    clock: createManualClock(),
    log: silentLog,
    isRetired: !resumed.ok,
  })
  const ask = (order: AuthorisedTx) => {
    const { governance, objectId, step } = order.tx
    const register = { governance, objectId, step }
    const rest = { votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] } as const
    return decided(decodeAnswer(witness.exchange(encodeRequest({ kind: 'exchange', register, orders: [order], ...rest }), 0)))
  }
  return { database, store, resumed, ask }
}

const versions = witnessMigrations.map(({ version }) => version).filter((version) => version < witnessMigrations.length)

describe.each(versions)('a witness file of version %i', (version) => {
  it('opens, keeps its past and its votes, and contradicts none of them', () => {
    writeOld(version)
    const { database, resumed, ask } = reopen(version)
    expect(decided(resumed)).toEqual({ dbId: memory.dbId, generation: memory.generation + 1 })
    const answer = ask(rival)
    const votes = answer.kind === 'open' ? answer.votes : []
    expect(votes.map(({ statement: { kind, view, txHash: about } }) => [kind, view, about])).toEqual([
      ['N', 0, txHash(first.tx)],
      ['S', 1, new Uint8Array(32)],
    ])
    database.close()
    const raw = new SqliteDatabase(fileOf(version), { readonly: true })
    expect(schemaVersion(raw)).toBe(witnessMigrations.length)
    raw.close()
  })

  it('sees through what it gave up before there was a list of that, and shows what it knows to those who catch up', () => {
    writeOld(version)
    const { database, store } = reopen(version)
    const { objectId, step } = first.tx
    expect(database.prepare('SELECT object, step FROM open_register').all()).toEqual([
      { object: Buffer.from(objectId), step: BigInt(step) },
    ])
    expect(store.log(0, 10).map((entry) => entry.step)).toEqual([7])
    database.close()
  })
})
