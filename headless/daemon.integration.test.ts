import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { marketProtocol, socketProtocols } from '../core/contract/websocket-transport.ts'
import { renderGenesisFile } from '../core/federation/genesis-file.ts'
import { createPracticeFederation } from '../core/federation/practice.ts'
import { keyFromSeed } from '../core/identity/ed25519.ts'
import { systemRandom } from '../core/platform/random.ts'
import { startDaemon, stopDaemon, type Daemon } from './testing/daemon.ts'
import { contractExamples } from '../core/contract/testing/contract-examples.ts'
import { containing, matching } from '../core/contract/testing/matching.ts'
import { createBench, type Bench } from './testing/program.ts'

let bench: Bench
beforeAll(() => {
  bench = createBench()
})
afterAll(() => bench.end())

const newFolder = (): string => mkdtempSync(join(bench.folder, 'data-'))

describe('a practice market', () => {
  let daemon: Daemon
  let data: string
  beforeAll(async () => {
    data = newFolder()
    daemon = await startDaemon(bench, ['--practice', '--data', data])
  })

  test('says where it answers, and nothing else', async () => {
    expect(daemon).toMatchObject({
      ready: true,
      pid: daemon.child.pid,
      pageUrl: `${daemon.socketUrl.replace('ws:', 'http:').replace('/contract', '/')}#token=${daemon.token}`,
      token: matching(/^[0-9a-f]{64}$/),
    })
    const page = await fetch(daemon.pageUrl)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  })

  test('answers calls, and has a task done', async () => {
    const { client } = daemon
    expect(await client.app.info({})).toMatchObject({ ok: true, value: { practice: true, federation: { witnesses: 4, faults: 1 } } })
    await vi.waitFor(async () => expect(await offersOf(daemon)).toHaveLength(3), patience)
    const task = await answerTo(daemon, 'Is anybody there?')
    expect(task).toMatchObject({ simulated: true, answer: containing('17 characters') })
    const paidMicro = task.priceMicro ?? 0n
    const own = 1_000_000_000n - paidMicro
    await vi.waitFor(
      async () => expect(await client.wallet.summary({})).toMatchObject({ ok: true, value: { availableMicro: own, lockedMicro: 0n } }),
      patience,
    )
  })

  test.each([
    ['another token', (token: string) => socketProtocols(token.replaceAll(/./g, '0')), {}, 401],
    ['no token', () => [marketProtocol], {}, 401],
    ['a page of another origin', socketProtocols, { origin: 'http://example.org' }, 403],
    ['another name for this computer', socketProtocols, { headers: { host: 'example.org' } }, 403],
  ])('refuses %s', async (_what, protocolsOf, options, status) => {
    const socket = new WebSocket(daemon.socketUrl, protocolsOf(daemon.token), options)
    expect(await once(socket, 'error')).toMatchObject([{ message: `Unexpected server response: ${status}` }])
  })

  test('garbage is refused, and the connection it came on goes on', async () => {
    const socket = new WebSocket(daemon.socketUrl, socketProtocols(daemon.token))
    await once(socket, 'open')
    for (const garbage of ['{', 'null', '{"kind":"call"}', new Uint8Array([1, 2, 3])]) {
      socket.send(garbage)
      const [answer] = (await once(socket, 'message')) as [Buffer]
      expect(JSON.parse(answer.toString())).toMatchObject({ kind: 'refused', what: 'unreadable' })
    }
    socket.close()
    expect(await daemon.client.wallet.summary({})).toMatchObject({ ok: true })
  })

  test('a second one on the same folder is told so, and the first goes on', async () => {
    const { code, stdout, stderr } = await bench.cli(['daemon', '--practice', '--data', data]).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n').filter((line) => !line.startsWith('{'))).toEqual([containing('The market is already running on '), ''])
    expect(await daemon.client.wallet.summary({})).toMatchObject({ ok: true })
  })

  const everything = async ({ client }: Daemon) => ({
    account: await client.identity.current({}),
    wallet: await client.wallet.summary({}),
    tasks: await client.tasks.list({ cursor: null, limit: 10 }),
    escrows: await client.escrow.list({ cursor: null, limit: 10 }),
  })

  test('SIGTERM ends it and its nodes; it starts again with everything it had, and trades', async () => {
    const before = await everything(daemon)
    const offersBefore = await offersOf(daemon)
    expect(await stopDaemon(daemon)).toMatchObject({ code: 0 })
    expect(bench.processes()).toEqual([])
    daemon = await startDaemon(bench, ['--data', data])
    await vi.waitFor(async () => expect(await everything(daemon)).toEqual(before), patience)
    // The offers it kept name addresses at which nobody listens any more; their makers withdraw them and make others.
    await vi.waitFor(async () => {
      const offers = await offersOf(daemon)
      expect([offers.length, offers.filter((id) => offersBefore.includes(id))]).toEqual([3, []])
    }, patience)
    expect(await answerTo(daemon, 'Are you still there?')).toMatchObject({ state: 'settled', simulated: true })
    expect(await stopDaemon(daemon)).toMatchObject({ code: 0 })
  })

  test('its keys are in a file for its owner alone, which says what they are', () => {
    const path = join(data, 'practice.json')
    expect([statSync(path).mode & 0o777, JSON.parse(readFileSync(path, 'utf8'))]).toMatchObject([
      0o600,
      { note: containing('worth nothing') },
    ])
    expect(statSync(join(data, 'practice', 'own', 'market.db')).mode & 0o777).toBe(0o600)
  })
})

const patience = { timeout: 30_000, interval: 100 }
const isPractice = (data: string): boolean => existsSync(join(data, 'practice.json'))

const offersOf = async ({ client }: Daemon): Promise<readonly string[]> => {
  const book = await client.orders.book({ classKey: 'practice-small', limit: 10, offersCursor: null, requestsCursor: null })
  return book.ok ? book.value.offers.rows.map(({ id }) => id) : []
}

/** The task once it is settled. */
const answerTo = async ({ client }: Daemon, prompt: string) => {
  const asked = await client.tasks.ask({
    requestId: crypto.randomUUID(),
    prompt,
    classKey: 'practice-small',
    maxOutputTokens: 100,
    maxPriceMicro: 10_000_000n,
    mode: 'best',
    deadlineMs: 60_000,
  })
  return vi.waitFor(async () => {
    const task = await client.tasks.get({ taskId: asked.ok ? asked.value.taskId : '' })
    if (!task.ok || task.value.state !== 'settled') throw new Error('not settled yet')
    return task.value
  }, patience)
}

describe('a practice market that ends', () => {
  test('by SIGINT before it is ready', async () => {
    const data = newFolder()
    const { child, ended } = bench.cli(['daemon', '--practice', '--data', data])
    await vi.waitFor(() => expect(isPractice(data)).toBe(true), patience)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 0, stdout: '' })
    expect(bench.processes()).toEqual([])
  })

  test.runIf(process.platform === 'linux')('by SIGKILL: its nodes end too, and the next start has the same account', async () => {
    const data = newFolder()
    const killed = await startDaemon(bench, ['--practice', '--data', data])
    const before = await killed.client.identity.current({})
    killed.hangUp()
    killed.child.kill('SIGKILL')
    await vi.waitFor(() => expect(bench.processes()).toEqual([]), patience)
    const next = await startDaemon(bench, ['--practice', '--data', data])
    expect(await next.client.identity.current({})).toEqual(before)
    await stopDaemon(next)
  })
})

test('damaged settings are kept aside, and the contract says so until they are set again', async () => {
  const data = newFolder()
  const damaged = '{"format":"claude-market-set'
  writeFileSync(join(data, 'settings.json'), damaged)
  const { child, client } = await startDaemon(bench, ['--data', data])
  onTestFinished(() => void child.kill('SIGKILL'))
  expect(await client.settings.get({})).toMatchObject({ value: { theme: 'system', wereReset: true } })
  expect(readFileSync(join(data, 'settings.json.damaged'), 'utf8')).toBe(damaged)
  await client.settings.set(contractExamples.settings.set.input)
  expect(await client.settings.get({})).toMatchObject({ value: { theme: 'dark', wereReset: false } })
})

test('a busy port is told, and the nodes that were started end', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = String(typeof address === 'object' ? address?.port : '')
  const { code, stderr, stdout } = await bench.cli(['daemon', '--practice', '--data', newFolder(), '--port', port]).ended
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`Port ${port} is taken by another program. Choose another one, or 0 for any.\n`)
  expect(bench.processes()).toEqual([])
})

describe('wrong options end with one sentence and exit code 2', () => {
  test.each([
    [[], 'Say what to run.'],
    [['dance'], 'There is no command “dance”.'],
    [['constructor'], 'There is no command “constructor”.'],
    [['daemon', '--practice', '--federation', 'x'], 'Say either --practice or --federation FILE.'],
    [['daemon', '--practice', '--witness'], '--witness and --listen belong to --federation.'],
    [['daemon', '--practice', '--port', '65536'], '--port takes a whole number from 0 to 65535.'],
    [['daemon', '--practice', '--fast'], "Unknown option '--fast'"],
    [['keys'], 'Say which --data folder.'],
    [['found', '--name', 'x'], '--data, --name and --out are needed.'],
    [['found', '--data', 'x', '--name', 'x', '--out', 'x', '--kind', 'club'], '--kind must be organisation, community or practice.'],
    [['call', 'wallet.steal'], 'There is no call “wallet.steal”'],
    [['call', 'wallet.changed'], 'There is no call “wallet.changed”'],
    [['call', 'wallet.summary', '[]'], 'The input of a call is a JSON object.'],
    [['call', 'wallet.summary'], '--socket must be the socketUrl of a daemon.'],
  ] as const)('%j', async (args, sentence) => {
    const { code, stdout, stderr } = await bench.cli(args).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/^[^\n]+\n$/)
  })
})

/** A disk of 24 kB; null where this user may not have one. */
const mountSmallDisk = (path: string): string | null => {
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24k', 'tmpfs', path], { stdio: 'ignore' })
    return path
  } catch {
    return null
  }
}

/** One member who is its own federation's only witness: what may be wrong with the files of a lasting member. */
describe('the files of a member', () => {
  const env = { CLAUDE_MARKET_PASSPHRASE: 'correct horse battery' }
  let sound: string
  let federation: string
  beforeAll(async () => {
    sound = newFolder()
    federation = join(bench.folder, 'federation.json')
    const { witness } = JSON.parse((await bench.cli(['keys', '--data', sound, '--witness'], env).ended).stdout) as {
      readonly witness: string
    }
    const founding = ['--name', 'Alone', '--kind', 'practice', '--witness', `${witness},/ip4/127.0.0.1/tcp/1`, '--out', federation]
    await bench.cli(['found', '--data', sound, ...founding], env).ended
    await stopDaemon(await startDaemon(bench, [...argsFor(sound), '--witness'], env))
  })
  const argsFor = (data: string): readonly string[] => ['--federation', federation, '--data', data, '--listen', '/ip4/127.0.0.1/tcp/0']

  /** A copy of the sound folder with one file written over. */
  const withFile = (name: string, change: (bytes: Buffer) => Uint8Array | string): string => {
    const data = newFolder()
    for (const file of readdirSync(sound)) copyFileSync(join(sound, file), join(data, file))
    writeFileSync(join(data, name), change(readFileSync(join(data, name))))
    return data
  }
  /** Its log is for programs; the rest is for people. */
  const told = async (args: readonly string[], passphrase = env) => {
    const { code, stdout, stderr } = await bench.cli(['daemon', ...args], passphrase).ended
    return { code, stdout, lines: stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{')) }
  }
  const refused = (sentence: string) => ({ code: 1, stdout: '', lines: [containing(sentence)] })
  const written = (bytes: Buffer, offset: number, value: number): Buffer => {
    bytes.writeUInt32BE(value, offset)
    return bytes
  }

  test.each([
    // sqlite.org/fileformat.html: the schema's version stands at byte 60, the application's id at 68, the first table from 100 on.
    ['market.db', 'damaged', 'is damaged;', (bytes: Buffer) => bytes.fill(0xa5, 100, 2_000)],
    ['market.db', 'no database', 'is damaged;', () => 'shopping list'],
    ['market.db', 'newer', 'was written by a newer version', (bytes: Buffer) => written(bytes, 60, 999)],
    ['market.db', 'of another program', 'is a database of another program', (bytes: Buffer) => written(bytes, 68, 7)],
    ['vault.json', 'damaged', 'The key file is damaged', (bytes: Buffer) => bytes.toString('utf8').replace('"sealed": "', '"sealed": "A')],
    ['vault.json', 'cut short', 'The key file is damaged', (bytes: Buffer) => bytes.subarray(0, 100)],
    [
      'vault.json',
      'newer',
      'written by a newer version',
      (bytes: Buffer) => bytes.toString('utf8').replace('"version": 1', '"version": 2'),
    ],
  ] as const)('%s %s: a sentence, and the file is left as it is', async (name, _how, sentence, change) => {
    const data = withFile(name, change)
    const before = readFileSync(join(data, name))
    expect(await told(argsFor(data))).toEqual(refused(sentence))
    expect(readFileSync(join(data, name)).equals(before)).toBe(true)
  })

  test('another passphrase, or none', async () => {
    expect(await told(argsFor(sound), { CLAUDE_MARKET_PASSPHRASE: 'wrong horse battery' })).toEqual(
      refused('That passphrase does not open the key file.'),
    )
    expect(await told(argsFor(sound), { CLAUDE_MARKET_PASSPHRASE: '' })).toEqual(refused('Set CLAUDE_MARKET_PASSPHRASE'))
    expect(await told(argsFor(newFolder()), { CLAUDE_MARKET_PASSPHRASE: 'short' })).toEqual(refused('Choose a passphrase of at least'))
  })

  test.each([
    ['missing', null, 'cannot be read'],
    ['no text', new Uint8Array([0xff, 0xfe, 0x00]), 'cannot be read'],
    ['endless', 'x'.repeat(300_000), 'cannot be read'],
    ['half', '{"format":"claude-market-gen', 'This is not a federation file'],
    ['of another program', '{"format":"recipe","version":1}', 'This is not a federation file'],
    ['newer', '{"format":"claude-market-genesis","version":2}', 'newer version'],
  ] as const)('a federation file that is %s', async (how, content, sentence) => {
    const path = join(bench.folder, `federation-${how.replaceAll(' ', '-')}.json`)
    if (content !== null) writeFileSync(path, content)
    expect(await told(['--federation', path, '--data', sound])).toEqual(refused(sentence))
  })

  test('a federation file that was changed after it was signed', async () => {
    const changed = join(bench.folder, 'federation-changed.json')
    writeFileSync(changed, readFileSync(federation, 'utf8').replace('"name": "Alone"', '"name": "Aline"'))
    expect(await told(['--federation', changed, '--data', sound])).toEqual(refused('does not carry the signature of its founder'))
  })

  test('a federation that was founded in the future: the clock is wrong', async () => {
    const key = keyFromSeed(new Uint8Array(32)).publicKey
    const nowMs = Date.now() + 3_600_000
    const founded = createPracticeFederation({ random: systemRandom, nowMs, requesterKey: key, witnessAddresses: [[]] })
    const path = join(bench.folder, 'federation-future.json')
    writeFileSync(path, founded.ok ? renderGenesisFile(founded.value.federation) : '')
    expect(await told(['--federation', path, '--data', sound])).toEqual(refused('The clock of this computer is wrong'))
  })

  test('the database of another member', async () => {
    const data = newFolder()
    await bench.cli(['keys', '--data', data], env).ended
    copyFileSync(join(sound, 'market.db'), join(data, 'market.db'))
    expect(await told(argsFor(data))).toEqual(refused('another account'))
  })

  test('records whose key file is gone: no new keys are made beside them', async () => {
    const data = newFolder()
    copyFileSync(join(sound, 'market.db'), join(data, 'market.db'))
    expect(await told(argsFor(data))).toEqual(refused('no key file'))
    expect(readdirSync(data)).toEqual(['market.db'])
  })

  // One that no committee names yet starts and waits for its seat: federation.integration.test.ts.
  test('no witness key', async () => {
    expect(await told([...argsFor(newFolder()), '--witness'])).toEqual(refused('holds no witness key'))
  })

  test('a founding never writes over a file', async () => {
    const { witness } = JSON.parse((await bench.cli(['keys', '--data', sound], env).ended).stdout) as { readonly witness: string }
    const founding = ['--name', 'Again', '--kind', 'practice', '--witness', `${witness},/ip4/1.1.1.1/tcp/1`, '--out', federation]
    const before = readFileSync(federation, 'utf8')
    expect(await bench.cli(['found', '--data', sound, ...founding], env).ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is never replaced') as string,
    })
    expect(readFileSync(federation, 'utf8')).toBe(before)
  })

  test.runIf(process.platform === 'linux' && process.getuid?.() === 0)('a full disk', async (context) => {
    const disk = mountSmallDisk(join(newFolder(), 'disk'))
    if (disk === null) return context.skip('this user may not mount a disk')
    onTestFinished(() => void execFileSync('umount', [disk]))
    copyFileSync(join(sound, 'vault.json'), join(disk, 'vault.json'))
    expect(await told(argsFor(disk))).toEqual(refused('disk is full'))
  })
})
