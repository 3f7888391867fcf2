import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import type { Database } from '../storage/database.ts'
import type { Migration } from '../storage/migrate.ts'
import { providerBackendsMigration } from '../storage/migrations/0027-provider-backends.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openDatabase } from '../storage/open.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { encodeChoice } from './choice.ts'
import { createChoiceStore } from './choice-store.ts'
import { createJobStore } from './job-store.ts'
import { createOwnerStore } from './owner-store.ts'
import { localBackend, startOf } from './testing/provider-mode.ts'

test('what a provider chose before it could have several backends is the first of them, with what it ran and used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'choice-store-'))
  const open = (migrations: readonly Migration[]): Database => {
    const opened = openDatabase({ file: join(folder, 'market.db'), migrations })
    assert(opened.ok, 'the file opens')
    return opened.value
  }
  const { requestId: _id, ...choice } = startOf({ kind: 'practice' }, null)
  const before = open(marketMigrations.slice(0, providerBackendsMigration.version - 1))
  before.prepare<[string]>('INSERT INTO provider_choice VALUES (1, ?, 1, -1)').run(encodeChoice(choice))
  before.prepare(`INSERT INTO owner_rules VALUES (1, '{"reservePercent":20,"idleMinutes":5,"onBattery":"hold","onMetered":"serve"}')`).run()
  before.prepare('INSERT INTO own_use VALUES (10, 30, 4)').run()
  before
    .prepare(
      `INSERT INTO job VALUES (zeroblob(32), zeroblob(32), 10, zeroblob(16), zeroblob(32), 'running', NULL, NULL, 70, 'practice', 0, 9)`,
    )
    .run()
  before.close()

  const db = open(marketMigrations)
  const store = createChoiceStore(db)
  expect(store.list()).toEqual([{ id: 1, choice, isOn: true }])
  expect(store.theSwitch()).toEqual({ isOn: true, pause: { untilMs: null } })
  expect(createJobStore(db).sumSince(0, 1)).toMatchObject({ tasks: 1, outputTokens: 70, costMillicents: 9 })
  const owner = createOwnerStore(db)
  expect(owner.rules()).toEqual({ reservePercent: 20, idleMinutes: 5, onBattery: 'hold', onMetered: 'serve', together: null })
  expect([owner.usedSince(0, 'practice'), owner.usedSince(0)]).toEqual(Array(2).fill({ tasks: 1, outputTokens: 30, costMillicents: 4 }))
  db.close()
  await rm(folder, { recursive: true })
})

test('a backend that was removed is gone, and has its old number when the same one is added again', () => {
  const store = createChoiceStore(openMemoryDatabase())
  const { requestId: _id, ...choice } = startOf({ kind: 'practice' }, null)
  const { requestId: _other, ...local } = startOf(localBackend, null)
  const first = store.findOrAdd(choice).id
  store.switchOn(first, choice)
  for (let times = 0; times < 2; times++) {
    store.remove(first)
    expect([store.list(), store.get(first)]).toEqual([[], null])
  }
  expect(store.findOrAdd(local).id).not.toBe(first)
  expect(store.findOrAdd(choice)).toEqual({ id: first, isNew: true })
  expect(store.findOrAdd(choice)).toEqual({ id: first, isNew: false })
  expect(store.get(first)).toEqual({ id: first, choice, isOn: false })
})
