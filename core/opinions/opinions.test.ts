import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import { toHex } from '../platform/bytes.ts'
import { createManualClock } from '../platform/clock.ts'
import type { Database } from '../storage/database.ts'
import type { Migration } from '../storage/migrate.ts'
import { opinionsMigration } from '../storage/migrations/0030-opinions.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openDatabase } from '../storage/open.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { createOpinions } from './service.ts'
import { createOpinionStore } from './store.ts'

const member = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const [me, ann, ben] = [member(1), member(2), member(3)]

const setUp = () => {
  const noted: string[] = []
  const clock = createManualClock(1_000)
  const audit = { note: ({ outcome, rule }: { readonly outcome: string; readonly rule: string }) => void noted.push(`${outcome}, ${rule}`) }
  const opinions = createOpinions({ db: openMemoryDatabase(), clock, accountId: me, audit, changed: () => undefined })
  return { opinions, noted, clock }
}

test('one word is kept of a member in each of its roles; a later one takes its place, and none leaves nothing', () => {
  const { opinions, noted, clock } = setUp()
  opinions.say(ann, 'provider', 'again')
  clock.advance(5)
  opinions.say(ann, 'provider', 'never')
  opinions.say(ann, 'client', 'never')
  opinions.say(ben, 'provider', 'never')
  expect(opinions.newest(10)).toEqual([
    { account: ann, role: 'client', word: 'never', atMs: 1_005 },
    { account: ann, role: 'provider', word: 'never', atMs: 1_005 },
    { account: ben, role: 'provider', word: 'never', atMs: 1_005 },
  ])
  expect([...opinions.neverProviders()]).toEqual([toHex(ann), toHex(ben)])
  opinions.say(ann, 'provider', null)
  expect([opinions.wordOn(ann, 'provider'), opinions.wordOn(ann, 'client')]).toEqual([null, 'never'])
  expect(noted).toEqual([
    'again, opinion/provider',
    'never, opinion/provider',
    'never, opinion/client',
    'never, opinion/provider',
    'no-opinion, opinion/provider',
  ])
})

test('the same word again changes nothing, so that nothing is told or written down twice', () => {
  const { opinions, noted, clock } = setUp()
  opinions.say(ann, 'provider', 'never')
  clock.advance(5)
  expect(opinions.say(ann, 'provider', 'never')).toEqual({ ok: true, value: undefined })
  expect(opinions.say(ben, 'provider', null)).toEqual({ ok: true, value: undefined })
  expect([noted.length, opinions.revision(), opinions.newest(10)[0]?.atMs]).toEqual([1, 1, 1_000])
})

test('nothing is said of one’s own account, and of a client nothing but “never”', () => {
  const { opinions } = setUp()
  expect(opinions.say(me, 'provider', 'again')).toMatchObject({ ok: false, error: { code: 'own-account' } })
  expect(opinions.say(ann, 'client', 'again')).toMatchObject({ ok: false, error: { code: 'not-of-a-client' } })
  expect(opinions.newest(10)).toEqual([])
})

test('whom a provider had blocked before there were words is blocked still', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opinions-'))
  const open = (migrations: readonly Migration[]): Database => {
    const opened = openDatabase({ file: join(folder, 'market.db'), migrations })
    assert(opened.ok, 'the file opens')
    return opened.value
  }
  const before = open(marketMigrations.slice(0, opinionsMigration.version - 1))
  before.prepare<[Uint8Array]>('INSERT INTO blocked_member VALUES (?, 7)').run(ann)
  before.close()
  const db = open(marketMigrations)
  expect(createOpinionStore(db).newest(10)).toEqual([{ account: ann, role: 'client', word: 'never', atMs: 7 }])
  db.close()
  await rm(folder, { recursive: true })
})
