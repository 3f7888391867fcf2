import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { marketMigrations } from '../core/storage/migrations/index.ts'
import { openDatabase } from '../core/storage/open.ts'
import { startDaemon, type Daemon } from './testing/daemon.ts'
import { foundingOf, newAccount, passphrase, patience, reaches, requestId } from './testing/first-start.ts'
import { createBench, type Bench } from './testing/program.ts'

/** A backup file, from the program that saves it to the one that is brought back with it. */
let bench: Bench
beforeAll(() => {
  bench = createBench()
})
afterAll(() => bench.end())

const newFolder = (): string => mkdtempSync(join(bench.folder, 'data-'))
const start = async (data = newFolder()): Promise<Daemon> => {
  const daemon = await startDaemon(bench, ['--data', data])
  onTestFinished(() => void daemon.child.kill('SIGKILL'))
  return daemon
}
/** On the four witnesses of this founder. @returns how many rows it was */
const onWitnesses = (founderData: string, sql: string): number =>
  [1, 2, 3, 4].reduce((total, number) => {
    const opened = openDatabase({ file: join(founderData, `witness-${number}`, 'market.db'), migrations: marketMigrations })
    if (!opened.ok) throw new Error(opened.error.message)
    const statement = opened.value.prepare<[], unknown>(sql)
    const rows = sql.startsWith('SELECT') ? statement.all().length : statement.run().changes
    opened.value.close()
    return total + rows
  }, 0)
const linkedNames = async ({ client }: Daemon): Promise<readonly string[]> => {
  const devices = await client.devices.list({})
  return devices.ok ? devices.value.rows.filter(({ kind }) => kind === 'linked').map(({ name }) => name) : []
}
const accountOf = async ({ client }: Daemon): Promise<string> => {
  const identity = await client.identity.current({})
  return (identity.ok ? identity.value.current?.accountId : null) ?? 'none'
}

test('an account comes back from its words and a backup file, with what the witnesses have lost, and with no other words', async () => {
  const founderData = newFolder()
  const founder = await start(founderData)
  const { words, account } = await newAccount(founder)
  expect(await founder.client.setup.found(foundingOf(account))).toMatchObject({ ok: true })
  await reaches(founder, 'running')
  const attic = await (await start()).client.setup.deviceCode({ requestId: requestId(), name: 'Attic' })
  if (!attic.ok) throw new Error(attic.error.message)
  const link = { requestId: requestId(), code: attic.value.code }
  await vi.waitFor(async () => expect(await founder.client.devices.link(link)).toMatchObject({ ok: true }), patience)
  const saved = await founder.client.identity.backup({})
  if (!saved.ok) throw new Error(saved.error.message)
  await vi.waitFor(() => expect(onWitnesses(founderData, 'SELECT body FROM kept_copy')).toBe(4), patience)
  onWitnesses(founderData, 'DELETE FROM kept_copy')

  const restored = await start()
  const { content, madeAtMs } = saved.value
  expect(await restored.client.setup.readBackup({ content })).toMatchObject({
    ok: true,
    value: { federation: { name: 'Our team' }, accountId: await accountOf(founder), madeAtMs },
  })
  const whole = { federation: content, phrase: words.join(' ') }
  const others = (await newAccount(restored)).words.join(' ')
  for (const [wrong, code] of [
    [{ phrase: others }, 'other-phrase'],
    [{ federation: content.slice(0, -20) }, 'damaged'],
    [{ phrase: words.slice(1).join(' ') }, 'wrong-phrase'],
  ] as const) {
    expect(await restored.client.setup.checkRestore({ ...whole, ...wrong })).toMatchObject({ ok: false, error: { code } })
    const refused = await restored.client.setup.restore({ requestId: requestId(), passphrase, ...whole, ...wrong })
    expect(refused).toMatchObject({ ok: false, error: { code } })
  }
  expect(await restored.client.setup.restore({ requestId: requestId(), passphrase, ...whole })).toEqual({ ok: true, value: {} })
  await vi.waitFor(async () => expect(await linkedNames(restored)).toEqual(['Attic']), patience)
  expect(await accountOf(restored)).toBe(await accountOf(founder))
})

test('a practice account has no phrase and is saved in no file', async () => {
  const { client } = await start()
  expect(await client.setup.practice({ requestId: requestId() })).toMatchObject({ ok: true })
  expect(await client.identity.backup({})).toMatchObject({ ok: false, error: { code: 'practice' } })
})
