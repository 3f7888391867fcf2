import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assert } from '../platform/assert.ts'
import type { Database } from '../storage/database.ts'
import type { Migration } from '../storage/migrate.ts'
import { inviteClaimantsMigration } from '../storage/migrations/0029-invite-claimants.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { openDatabase } from '../storage/open.ts'
import { createInviteStore } from './invite-store.ts'

test('an invite that was made before anybody wrote down who claimed it is one that nobody is known to have claimed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invite-store-'))
  const open = (migrations: readonly Migration[]): Database => {
    const opened = openDatabase({ file: join(folder, 'market.db'), migrations })
    assert(opened.ok, 'the file opens')
    return opened.value
  }
  const account = new Uint8Array(32).fill(7)
  const claimant = new Uint8Array(32).fill(8)
  const before = open(marketMigrations.slice(0, inviteClaimantsMigration.version - 1))
  before.prepare<[Uint8Array]>(`INSERT INTO wallet_invite VALUES (?, 'request-invite-1', 0, 5, 9)`).run(account)
  before.prepare<[Uint8Array]>(`INSERT INTO wallet_movement VALUES (NULL, 9, 'invite', -5, 0, 5, ?, NULL, zeroblob(32), '')`).run(account)
  before.close()

  const db = open(marketMigrations)
  const store = createInviteStore(db)
  const invite = { account, keyIndex: 0, amountMicro: 5n, atMs: 9, isPaid: true, claimedBy: null }
  expect(store.unclaimed(1, 9)).toEqual([invite])
  expect([store.noteClaimant(account, claimant, 10), store.noteClaimant(account, account, 11)]).toEqual([true, false])
  expect([store.unclaimedMicro(), store.made(account)]).toEqual([0n, { ...invite, claimedBy: claimant }])
  db.close()
  await rm(folder, { recursive: true })
})
