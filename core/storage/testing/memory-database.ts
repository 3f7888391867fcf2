import { assert } from '../../platform/assert.ts'
import type { Database } from '../database.ts'
import { marketMigrations } from '../migrations/index.ts'
import type { Migration } from '../migrate.ts'
import { openDatabase } from '../open.ts'

/** An empty database in memory with the schema of `market.db`, or with that of the given migrations. */
export const openMemoryDatabase = (migrations: readonly Migration[] = marketMigrations): Database => {
  const opened = openDatabase({ file: ':memory:', migrations })
  assert(opened.ok, 'a database in memory opens')
  return opened.value
}
