/** A process of its own for the crash test: commits one row, then fills a transaction and says so without ever ending it. */
import { assert } from '../../platform/assert.ts'
import { openDatabase } from '../open.ts'

const opened = openDatabase({
  file: process.argv[2] ?? '',
  migrations: [{ version: 1, name: 'rows', sql: 'CREATE TABLE row (id INTEGER PRIMARY KEY, filler BLOB) STRICT' }],
})
assert(opened.ok, 'the database opens')
const insert = opened.value.prepare<[number, Uint8Array]>('INSERT INTO row VALUES (?, ?)')
const filler = new Uint8Array(100_000)
insert.run(0, filler)
opened.value.transaction(() => {
  // More than SQLite's page cache holds, so that a part of it is in the log file already.
  for (let id = 1; id <= 200; id += 1) insert.run(id, filler)
  process.stdout.write('halfway\n')
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
})
