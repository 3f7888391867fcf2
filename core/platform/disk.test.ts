import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FileTooLarge, systemDisk } from './disk.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a file is read whole up to the limit and refused above it', async () => {
  const file = join(folder, 'file')
  await writeFile(file, 'x'.repeat(200_000))
  expect((await systemDisk.read(file, 200_000))?.length).toBe(200_000)
  await expect(systemDisk.read(file, 199_999)).rejects.toThrow(FileTooLarge)
})

test('a device without an end is refused at the limit instead of filling the memory', async () => {
  await expect(systemDisk.read('/dev/zero', 100_000)).rejects.toThrow(FileTooLarge)
})

test('a file that is not there is null', async () => {
  expect(await systemDisk.read(join(folder, 'none'), 10)).toBeNull()
})
