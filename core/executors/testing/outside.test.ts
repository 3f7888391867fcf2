import childProcess from 'node:child_process'
import fs from 'node:fs'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { unwatchOutside, watchOutside } from './outside.ts'

afterEach(unwatchOutside)

test('the watch sees what it watches for, also of whoever imports one function by its name', async () => {
  const seen = watchOutside()
  fs.readFileSync(import.meta.filename)
  await readFile(import.meta.filename)
  childProcess.spawnSync('true')
  await new Promise<void>((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port: 9 })
    socket.on('error', () => resolve())
  })
  expect(seen.files.map((act) => act.split(' ')[0])).toEqual(expect.arrayContaining(['readFileSync', 'readFile']))
  expect([seen.programs, seen.sockets]).toEqual([['spawnSync true'], ['9']])
})
