import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openVault } from '../core/identity/vault.ts'
import { freePorts } from '../core/node/free-ports.ts'
import { systemDisk } from '../core/platform/disk.ts'
import { systemRandom } from '../core/platform/random.ts'
import { startDaemon, stopDaemon, type Daemon } from './testing/daemon.ts'
import { containing } from '../core/contract/testing/matching.ts'
import { createBench, type Bench } from './testing/program.ts'

/** A team starts a federation with the command line alone; every member has a folder and a passphrase of its own. */
let bench: Bench
let federationFile: string
const running = new Map<string, Daemon>()
const witnesses = ['witness-1', 'witness-2', 'witness-3', 'witness-4'] as const
const patience = { timeout: 30_000, interval: 200 }

const folderOf = (name: string): string => join(bench.folder, name)
const passphraseOf = (name: string): string => `the passphrase of ${name}`
const envOf = (name: string) => ({ CLAUDE_MARKET_PASSPHRASE: passphraseOf(name) })

const run = async (name: string, command: string, args: readonly string[] = []): Promise<unknown> => {
  const { stdout, stderr } = await bench.cli([command, '--data', folderOf(name), ...args], envOf(name)).ended
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}
const start = async (name: string, listen: string, ...roles: readonly string[]): Promise<Daemon> => {
  const args = ['--federation', federationFile, '--data', folderOf(name), '--listen', listen, ...roles]
  const daemon = await startDaemon(bench, args, envOf(name))
  running.set(name, daemon)
  return daemon
}
const daemonOf = (name: string): Daemon => {
  const daemon = running.get(name)
  if (daemon === undefined) throw new Error(`${name} does not run`)
  return daemon
}
const stop = async (name: string): Promise<void> => expect(await stopDaemon(daemonOf(name))).toMatchObject({ code: 0 })
const anyPort = '/ip4/127.0.0.1/tcp/0'
const addresses = new Map<string, string>()

/** What the command `call` prints, which is what any script can use. */
const call = async (name: string, what: string, input: object): Promise<unknown> => {
  const { socketUrl, token } = daemonOf(name)
  const { stdout } = await bench.cli(['call', what, JSON.stringify(input), '--socket', socketUrl], { CLAUDE_MARKET_TOKEN: token }).ended
  return JSON.parse(stdout)
}
const expectBalance = (name: string, availableMicro: bigint): Promise<void> =>
  vi.waitFor(
    async () => expect(await daemonOf(name).client.wallet.summary({})).toMatchObject({ ok: true, value: { availableMicro } }),
    patience,
  )

beforeAll(async () => {
  bench = createBench()
  federationFile = join(bench.folder, 'federation.json')
  mkdirSync(folderOf('founder'))
  const ports = await freePorts(witnesses.length)
  witnesses.forEach((name, index) => addresses.set(name, `/ip4/127.0.0.1/tcp/${ports[index]}`))
  const keys = await Promise.all(witnesses.map((name) => run(name, 'keys', ['--witness']) as Promise<{ readonly witness: string }>))
  const seats = keys.flatMap(({ witness }, index) => ['--witness', `${witness},${addresses.get(witnesses[index] ?? '')}`])
  const choices = ['--name', 'Our team', '--kind', 'organisation', '--customer', 'Our company', '--out', federationFile]
  await run('founder', 'found', [...choices, ...seats])
  await Promise.all([
    ...witnesses.map((name) => start(name, addresses.get(name) ?? '', '--witness')),
    start('founder', anyPort),
    start('newcomer', anyPort),
  ])
})
afterAll(() => bench.end())

const supplyMicro = 1_000_000_000_000n
const giftMicro = 25_000_000n

test('an invite takes credit from the founder to a newcomer', async () => {
  await expectBalance('founder', supplyMicro)
  expect(await daemonOf('founder').client.app.info({})).toMatchObject({
    value: { federation: { name: 'Our team', kind: 'organisation' }, practice: false },
  })
  const invite = await vi.waitFor(async () => {
    const made = await daemonOf('founder').client.invites.create({ requestId: crypto.randomUUID(), amountMicro: giftMicro })
    if (!made.ok) throw new Error(made.error.message)
    return made.value
  }, patience)
  const claimed = await call('newcomer', 'invites.claim', { link: invite.link })
  expect(claimed).toMatchObject({ ok: true, value: { amountMicro: String(giftMicro) } })
  await expectBalance('newcomer', giftMicro)
  await expectBalance('founder', supplyMicro - giftMicro)
  const again = await call('founder', 'invites.claim', { link: invite.link })
  expect(again).toMatchObject({ ok: false, error: { code: 'already-claimed' } })
})

test('members that start again own what they owned, can pay with it, and find what they were paid meanwhile', async () => {
  const before = await daemonOf('newcomer').client.identity.current({})
  await stop('newcomer')
  await start('newcomer', anyPort)
  expect(await daemonOf('newcomer').client.identity.current({})).toEqual(before)
  await expectBalance('newcomer', giftMicro)
  const founder = await daemonOf('founder').client.wallet.summary({})
  const to = founder.ok ? founder.value.accountId : ''
  const payment = { requestId: crypto.randomUUID(), to, amountMicro: 1_000_000n, memo: 'thanks' }
  await stop('founder')
  await vi.waitFor(async () => expect(await daemonOf('newcomer').client.wallet.transfer(payment)).toMatchObject({ ok: true }), patience)
  await expectBalance('newcomer', giftMicro - 1_000_000n)
  await start('founder', anyPort)
  await expectBalance('founder', supplyMicro - giftMicro + 1_000_000n)
})

const witnessMemory = async (name: string) => {
  const deps = { file: join(folderOf(name), 'vault.json'), disk: systemDisk, random: systemRandom }
  const vault = await openVault(deps, { kind: 'passphrase', passphrase: passphraseOf(name) })
  return vault.ok ? (vault.value.secrets().witness?.memory ?? null) : null
}

/** The command `federation`, on a member's daemon. */
const federation = async (name: string, ...args: readonly string[]) => {
  const { socketUrl, token } = daemonOf(name)
  return bench.cli(['federation', ...args, '--socket', socketUrl], { CLAUDE_MARKET_TOKEN: token }).ended
}

test('the founder proposes another witness, three of four endorse it, and it is decided: with commands alone', async () => {
  const card = `${((await run('witness-5', 'keys', ['--witness'])) as { readonly witness: string }).witness},/dns4/five.example.org/tcp/4001`
  expect(await federation('newcomer', 'propose', '--replace', `4=${card}`)).toMatchObject({
    code: 1,
    stderr: containing('Only the founder'),
  })
  expect(await federation('founder', 'propose', '--add', card)).toMatchObject({ code: 1, stderr: containing('3f+1') })
  expect(await federation('founder', 'propose', '--replace', `4=${card}`, '--starts-in', '1d')).toMatchObject({
    code: 1,
    stderr: containing('later start'),
  })
  expect(await federation('founder', 'propose')).toMatchObject({ code: 2 })
  const judge = `${((await run('arbiter', 'keys')) as { readonly accountKey: string }).accountKey},Ada`
  expect(await federation('founder', 'show')).toMatchObject({ stdout: containing('No arbiters') })
  expect(await federation('founder', 'propose', '--add-arbiter', 'Ada')).toMatchObject({ code: 1, stderr: containing('An arbiter is') })
  const proposed = await federation('founder', 'propose', '--replace', `4=${card}`, '--add-arbiter', judge)
  const { id } = JSON.parse(proposed.stdout) as { readonly id: string }
  expect(await federation('founder', 'endorse')).toMatchObject({ code: 1, stderr: containing('Only the witnesses') })
  for (const name of witnesses.slice(0, 3))
    await vi.waitFor(async () => expect(await federation(name, 'endorse', id)).toMatchObject({ code: 0 }), patience)
  expect(await federation('founder', 'show')).toMatchObject({ stdout: containing('judges from then on: Ada') })
  const decided = { code: 0, stdout: containing('Epoch 1 is decided and begins') }
  await vi.waitFor(async () => expect(await federation('founder', 'show')).toMatchObject(decided), patience)
  expect(await federation('founder', 'show', '--json')).toMatchObject({ code: 0, stdout: containing('"epoch":0') })
})

test('what a member exports is checked by anybody who knows the id of the federation, and is never written over a file', async () => {
  const { socketUrl, token } = daemonOf('founder')
  const [out, table] = [join(bench.folder, 'founder.proof'), join(bench.folder, 'founder.csv')]
  const write = (...args: readonly string[]) => bench.cli(['export', ...args, '--socket', socketUrl], { CLAUDE_MARKET_TOKEN: token }).ended
  expect(await write('--out', out)).toMatchObject({ code: 0 })
  expect(await write('--out', out)).toMatchObject({ code: 1, stderr: containing('already') })
  expect(await write('--out', table, '--csv')).toMatchObject({ code: 0 })
  expect(await write('--out', join(bench.folder, 'none.proof'), '--decree', 'a'.repeat(64))).toMatchObject({ code: 1 })
  const info = await daemonOf('founder').client.app.info({})
  const id = info.ok ? (info.value.federation?.id ?? '') : ''
  expect(await bench.cli(['verify', out, '--federation', id]).ended).toMatchObject({ code: 0, stdout: containing('Holds: account') })
  expect(await bench.cli(['verify', table]).ended).toMatchObject({ code: 1, stdout: containing('not-a-proof') })
})

test('a witness that starts again goes on with its votes, and is needed', async () => {
  const before = await witnessMemory('witness-1')
  await stop('witness-1')
  await start('witness-1', addresses.get('witness-1') ?? '', '--witness')
  expect(await witnessMemory('witness-1')).toEqual({ dbId: before?.dbId, generation: (before?.generation ?? 0) + 1 })
  // With one of the others gone, the three that are left are just enough, if the one that came back still votes.
  await stop('witness-4')
  const newcomer = await daemonOf('newcomer').client.wallet.summary({})
  const payment = { requestId: crypto.randomUUID(), to: newcomer.ok ? newcomer.value.accountId : '', amountMicro: 2_000_000n, memo: '' }
  await vi.waitFor(async () => expect(await daemonOf('founder').client.wallet.transfer(payment)).toMatchObject({ ok: true }), patience)
  await expectBalance('founder', supplyMicro - giftMicro - 1_000_000n)
})

test('without enough witnesses nothing moves, and a sentence says why', async () => {
  await stop('witness-3')
  const newcomer = await daemonOf('newcomer').client.wallet.summary({})
  const payment = { requestId: crypto.randomUUID(), to: newcomer.ok ? newcomer.value.accountId : '', amountMicro: 2_000_000n, memo: '' }
  const answer = await daemonOf('founder').client.wallet.transfer(payment)
  expect(answer).toMatchObject({ ok: false, error: { code: 'no-quorum', message: containing('witnesses') } })
})

test('the keys of a member are shown with its phrase, and never while it runs', async () => {
  const busy = await bench.cli(['keys', '--data', folderOf('newcomer')], envOf('newcomer')).ended
  expect(busy).toMatchObject({ code: 1, stderr: containing('already running') })
  await stop('newcomer')
  const keys = (await run('newcomer', 'keys', ['--show-phrase'])) as { readonly phrase: string; readonly witness: string | null }
  expect([keys.phrase.split(' ').length, keys.witness]).toEqual([24, null])
})
