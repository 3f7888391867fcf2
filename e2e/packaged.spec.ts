import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expectSettledTrade } from './flows.ts'
import { inMainProcess, test } from './harness/app.ts'
import { packagedExecutable, packagePath, testedExecutable } from './harness/package.ts'

test('the fuses of the package let nobody run, debug or replace its code', async () => {
  const wire = await getCurrentFuseWire(packagedExecutable)
  const on = [FuseV1Options.EnableCookieEncryption, FuseV1Options.EnableEmbeddedAsarIntegrityValidation, FuseV1Options.OnlyLoadAppFromAsar]
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ]
  expect(on.map((fuse) => wire[fuse])).toEqual(on.map(() => FuseState.ENABLE))
  expect(off.map((fuse) => wire[fuse])).toEqual(off.map(() => FuseState.DISABLE))
})

test('the package that the tests drive differs from the one given away in one byte, the fuse for driving it', () => {
  const [given, tested] = [readFileSync(packagedExecutable), readFileSync(testedExecutable)]
  let differing = 0
  for (let at = 0; at < given.length; at++) if (given[at] !== tested[at]) differing += 1
  expect([given.length, differing]).toEqual([tested.length, 1])
})

test('the package holds the bundles and SQLite, and neither sources nor the Node that built it', () => {
  const resources = join(packagePath, 'resources')
  // The header of an asar archive is JSON after 16 bytes of lengths (github.com/electron/asar).
  const archive = readFileSync(join(resources, 'app.asar'))
  const header = JSON.parse(archive.subarray(16, 16 + archive.readUInt32LE(12)).toString('utf8')) as Folder
  const files = filesOf(header, '')
  const foreign = files.filter(
    (path) => !/^\/(?:out|resources\/tray|node_modules\/better-sqlite3)\/|^\/(?:package\.json|LICENSE-\w+)$/.test(path),
  )
  expect(foreign).toEqual([])
  expect(files).toEqual(
    expect.arrayContaining(['/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html', '/resources/tray/off-light.png']),
  )
  expect(readdirSync(resources).filter((name) => name === 'app')).toEqual([])
  expect(existsSync(join(resources, 'app.asar.unpacked', 'node_modules', 'better-sqlite3', 'prebuilds'))).toBe(true)
})

test('the package does the main job', async ({ app }) => {
  expect(await inMainProcess(() => app.electron.evaluate(({ app: electronApp }) => electronApp.isPackaged))).toBe(true)
  await expectSettledTrade(app.pages)
})

type Folder = { readonly files?: Readonly<Record<string, Folder>> }
const filesOf = (folder: Folder, path: string): readonly string[] =>
  folder.files === undefined ? [path] : Object.entries(folder.files).flatMap(([name, entry]) => filesOf(entry, `${path}/${name}`))
