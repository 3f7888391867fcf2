import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { contractExamples } from '../core/contract/testing/contract-examples.ts'
import { containing } from '../core/contract/testing/matching.ts'
import { witnessCardOf } from '../core/federation/witness-card.ts'
import { newSecrets, withNewWitness } from '../core/identity/secrets.ts'
import { systemRandom } from '../core/platform/random.ts'
import { createBench, type Bench } from './testing/program.ts'
import { startDaemon, stopDaemon, type Daemon } from './testing/daemon.ts'
import { expectBalance, foundingOf, newAccount, passphrase, patience, reaches, requestId, statusOf } from './testing/first-start.ts'

/** The first start and all that follows from it, as any screen goes through it: over the contract, against the program itself. */
let bench: Bench
beforeAll(() => {
  bench = createBench()
})
afterAll(() => bench.end())

const newFolder = (): string => mkdtempSync(join(bench.folder, 'data-'))
const start = async (data: string): Promise<Daemon> => {
  const daemon = await startDaemon(bench, ['--data', data])
  onTestFinished(() => void daemon.child.kill('SIGKILL'))
  return daemon
}
const newCard = (): string => `${witnessCardOf(withNewWitness(newSecrets(systemRandom), systemRandom))},/ip4/127.0.0.1/tcp/1`

describe('a data folder that holds nothing', () => {
  test('waits for a choice, and says so to whoever asks for a market', async () => {
    const daemon = await start(newFolder())
    const nothing = { phase: 'first-start', kind: null, keyStore: 'passphrase', awaitedMicro: 0n, problem: null }
    expect(await statusOf(daemon)).toMatchObject(nothing)
    expect(await daemon.client.wallet.summary({})).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: containing('no market here yet') },
    })
    const later = [
      await daemon.client.setup.unlock({ requestId: requestId(), passphrase }),
      await daemon.client.setup.retry({ requestId: requestId() }),
      await daemon.client.setup.startOver({ requestId: requestId() }),
    ]
    expect(later).toMatchObject(later.map(() => ({ ok: false, error: { code: 'not-now' } })))
  })

  test('becomes a practice market by one call, whatever else is called at once', async () => {
    const daemon = await start(newFolder())
    const events: number[] = []
    daemon.client.setup.changed(({ revision }) => events.push(revision))
    const asked = { requestId: requestId() }
    const answers = await Promise.all([
      daemon.client.setup.practice(asked),
      daemon.client.setup.practice(asked),
      daemon.client.setup.practice({ requestId: requestId() }),
    ])
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: false, error: { code: 'not-now' } }])
    // Waits while the market starts.
    expect(await daemon.client.app.info({})).toMatchObject({ ok: true, value: { practice: true } })
    expect(await statusOf(daemon)).toMatchObject({ phase: 'running', kind: 'practice' })
    expect(await daemon.client.identity.current({})).toMatchObject({ value: { current: { keyProtection: 'file' } } })
    expect(events.length).toBeGreaterThan(0)
  })

  test('takes no account without proof, and no key without protection', async () => {
    const daemon = await start(newFolder())
    const { client } = daemon
    const unproven = await client.setup.found(foundingOf({ kind: 'new', proof: ['abandon'] }))
    expect(unproven).toMatchObject({ ok: false, error: { code: 'wrong-proof' } })
    const { words, ask, account } = await newAccount(daemon)
    expect([words.length, new Set(ask).size, ask.toSorted((a, b) => a - b)]).toEqual([24, 3, ask])
    const wrong = { kind: 'new', proof: account.proof.map((word, index) => (index === 1 ? 'zebra' : word)) } as const
    const refused = { ok: false, error: { code: 'wrong-proof', message: containing(`Word ${ask[1]}`) } }
    expect(await client.setup.checkAccount({ account: wrong })).toMatchObject(refused)
    expect(await client.setup.found(foundingOf(wrong))).toMatchObject(refused)
    expect(await client.setup.checkAccount({ account })).toEqual({ ok: true, value: {} })
    for (const weak of [null, 'short'])
      expect(await client.setup.found({ ...foundingOf(account), passphrase: weak })).toMatchObject({
        ok: false,
        error: { code: 'passphrase-needed', message: containing('passphrase') },
      })
    const restored = { ...foundingOf(account), account: { kind: 'restored', phrase: 'abandon '.repeat(24) } } as const
    expect(await client.setup.found(restored)).toMatchObject({ ok: false, error: { code: 'wrong-phrase' } })
    expect(await client.setup.checkAccount({ account: restored.account })).toMatchObject({ ok: false, error: { code: 'wrong-phrase' } })
    // Nothing of it has happened: the same words still do.
    expect(await statusOf(daemon)).toMatchObject({ phase: 'first-start' })
  })

  test.each([
    ['no link', 'https://example.org/', 'malformed-link'],
    ['half a link', 'claude-market://invite/AAAA', 'malformed-link'],
  ])('%s leads nowhere, and says why', async (_what, link, code) => {
    const { client } = await start(newFolder())
    expect(await client.setup.readInvite({ link })).toMatchObject({ ok: false, error: { code } })
    const join = { requestId: requestId(), link, account: { kind: 'restored', phrase: 'x' }, passphrase } as const
    expect(await client.setup.join(join)).toMatchObject({ ok: false, error: { code } })
  })

  test.each([
    ['too few cards', ['a', 'b'], 'Card 1: A witness is its public key'],
    ['three witnesses', [newCard(), newCard(), newCard()], 'these are 3'],
    ['one witness four times', Array<string>(4).fill(newCard()), 'witnesses[0]'],
  ])('%s found no federation', async (_what, cards, sentence) => {
    const daemon = await start(newFolder())
    const { account } = await newAccount(daemon)
    const founded = await daemon.client.setup.found({ ...foundingOf(account), witnesses: { kind: 'cards', cards } })
    expect(founded).toMatchObject({ ok: false, error: { code: 'bad-witnesses', message: containing(sentence) } })
  })

  test('a request id that was used for something else is refused', async () => {
    const { client } = await start(newFolder())
    const settings = { ...contractExamples.settings.set.input, requestId: requestId() }
    expect(await client.settings.set(settings)).toEqual({ ok: true, value: {} })
    expect(await client.settings.set({ ...settings, theme: 'light' })).toMatchObject({
      ok: false,
      error: { code: 'request-id-reused' },
    })
    expect(await client.settings.get({})).toMatchObject({ value: { theme: 'dark', surface: 'browser', logFile: null } })
    expect(await client.settings.openDataFolder({ requestId: requestId() })).toMatchObject({ ok: false, error: { code: 'no-desktop' } })
  })
})

describe('a federation whose witnesses its founder hosts', () => {
  const giftMicro = 25_000_000n
  let founder: Daemon
  let link: string
  let founderData: string
  let founderWords: readonly string[]
  beforeAll(async () => {
    founderData = newFolder()
    founder = await startDaemon(bench, ['--data', founderData])
    const { words, account } = await newAccount(founder)
    founderWords = words
    const founded = await founder.client.setup.found(foundingOf(account))
    if (!founded.ok) throw new Error(founded.error.message)
    await expectBalance(founder, 1_000_000_000_000n)
    link = await vi.waitFor(async () => {
      const made = await founder.client.invites.create({ requestId: requestId(), amountMicro: giftMicro })
      if (!made.ok) throw new Error(made.error.message)
      return made.value.link
    }, patience)
  }, 60_000)

  test('keeps its keys for its owner alone', () => {
    const files = ['vault.json', 'federation.json', 'market.db', 'witness-1/witness.db', 'witness-1-memory.json']
    expect(files.map((name) => statSync(join(founderData, name)).mode & 0o777)).toEqual(files.map(() => 0o600))
  })

  test('an invite leads a newcomer in, who gets its credit and owns it after a restart', async () => {
    const data = newFolder()
    const newcomer = await start(data)
    expect(await newcomer.client.setup.readInvite({ link })).toMatchObject({
      ok: true,
      value: { federation: { name: 'Our team', kind: 'organisation', witnesses: 4 }, amountMicro: giftMicro },
    })
    const { account } = await newAccount(newcomer)
    expect(await newcomer.client.setup.join({ requestId: requestId(), link, account, passphrase })).toEqual({ ok: true, value: {} })
    await expectBalance(newcomer, giftMicro)
    await vi.waitFor(() => expect(existsSync(join(data, 'invite.txt'))).toBe(false), patience)
    const before = await newcomer.client.identity.current({})
    expect(before).toMatchObject({ value: { current: { keyProtection: 'passphrase' } } })
    await stopDaemon(newcomer)

    const again = await start(data)
    expect(await statusOf(again)).toMatchObject({ phase: 'locked', kind: 'organisation', problem: null })
    expect(await again.client.wallet.summary({})).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: containing('locked') },
    })
    expect(await again.client.setup.unlock({ requestId: requestId(), passphrase: 'three loud words' })).toMatchObject({
      ok: false,
      error: { code: 'wrong-passphrase' },
    })
    expect(await again.client.setup.unlock({ requestId: requestId(), passphrase })).toEqual({ ok: true, value: {} })
    expect(await again.client.identity.current({})).toEqual(before)
    await expectBalance(again, giftMicro)
    // Somebody else who comes with the same link joins all the same, without its credit, and is told so.
    const late = await start(newFolder())
    const other = await newAccount(late)
    expect(await late.client.setup.join({ requestId: requestId(), link, account: other.account, passphrase })).toEqual({
      ok: true,
      value: {},
    })
    await vi.waitFor(
      async () => expect(await statusOf(late)).toMatchObject({ phase: 'running', problem: { code: 'already-claimed' } }),
      patience,
    )
  })

  test('an account comes back from its words and an old link', async () => {
    const data = newFolder()
    const daemon = await start(data)
    const { client } = daemon
    const phrase = founderWords.join(' ')
    const restore = { requestId: requestId(), federation: link, phrase, passphrase } as const
    for (const [wrong, error] of [
      [{ phrase: founderWords.slice(1).join(' ') }, { code: 'wrong-phrase', message: containing('23 words') }],
      [{ federation: '{"format":"recipe"}' }, { code: 'malformed-federation' }],
    ] as const) {
      const account = { federation: link, phrase, ...wrong }
      expect(await client.setup.checkRestore(account)).toMatchObject({ ok: false, error })
      expect(await client.setup.restore({ ...restore, ...account })).toMatchObject({ ok: false, error })
    }
    expect(await client.setup.checkRestore({ federation: link, phrase })).toEqual({ ok: true, value: {} })
    expect(await client.setup.restore(restore)).toEqual({ ok: true, value: {} })
    expect(await client.identity.current({})).toEqual(await founder.client.identity.current({}))
    await vi.waitFor(() => expect(existsSync(join(data, 'restored'))).toBe(false), patience)
    expect(await statusOf(daemon)).toMatchObject({ phase: 'running', problem: null })
    // The rehearsal of what has just been done.
    expect(await founder.client.identity.tryPhrase({ phrase })).toEqual({ ok: true, value: { bringsBack: true } })
    const others = (await newAccount(await start(newFolder()))).words.join(' ')
    expect(await founder.client.identity.tryPhrase({ phrase: others })).toEqual({ ok: true, value: { bringsBack: false } })
  })

  test('a phrase that nobody used is said to bring back nothing, also after a restart, until its account has something', async () => {
    const data = newFolder()
    const first = await start(data)
    const phrase = (await newAccount(first)).words.join(' ')
    const restore = { requestId: requestId(), federation: link, phrase, passphrase }
    expect(await first.client.setup.restore(restore)).toEqual({ ok: true, value: {} })
    const told = (daemon: Daemon, problem: unknown) =>
      vi.waitFor(async () => expect(await statusOf(daemon)).toMatchObject({ phase: 'running', problem }), patience)
    await told(first, { code: 'unknown-account', message: containing('knows no account of this recovery phrase') })
    await stopDaemon(first)

    const again = await start(data)
    await again.client.setup.unlock({ requestId: requestId(), passphrase })
    await told(again, { code: 'unknown-account' })
    const gift = await founder.client.invites.create({ requestId: requestId(), amountMicro: 1_000_000n })
    if (!gift.ok) throw new Error(gift.error.message)
    expect(await again.client.invites.claim({ requestId: requestId(), link: gift.value.link })).toMatchObject({ ok: true })
    await told(again, null)
    await vi.waitFor(() => expect(existsSync(join(data, 'restored'))).toBe(false), patience)
  })

  test('a second computer is linked without the words, both pay at once, and it can do nothing once it is removed', async () => {
    const laptop = await start(newFolder())
    const shown = await laptop.client.setup.deviceCode({ requestId: requestId(), name: 'Laptop' })
    if (!shown.ok) throw new Error(shown.error.message)
    const { code, fingerprint } = shown.value
    expect(await founder.client.devices.readCode({ code })).toEqual({ ok: true, value: { name: 'Laptop', fingerprint } })
    const linked = await founder.client.devices.link({ requestId: requestId(), code })
    if (!linked.ok) throw new Error(linked.error.message)
    const { accountCode } = linked.value
    const cut = accountCode.slice(0, -4)
    expect(await laptop.client.setup.checkLink({ accountCode: cut })).toMatchObject({ error: { code: 'malformed-code' } })
    expect(await laptop.client.setup.checkLink({ accountCode })).toEqual({ ok: true, value: {} })
    expect(await laptop.client.setup.link({ requestId: requestId(), accountCode, passphrase })).toEqual({ ok: true, value: {} })
    const balanceOf = async (daemon: Daemon): Promise<bigint> => {
      const summary = await daemon.client.wallet.summary({})
      return summary.ok ? summary.value.availableMicro : -1n
    }
    const beforeMicro = await balanceOf(founder)
    await expectBalance(laptop, beforeMicro)

    const payee = 'ab'.repeat(32)
    const pay = (daemon: Daemon, amountMicro: bigint, id: string) =>
      daemon.client.wallet.transfer({ requestId: id, to: payee, amountMicro, memo: '' })
    const [first, second] = [requestId(), requestId()]
    const paid = await Promise.all([
      pay(founder, 1_000n, first),
      pay(laptop, 20n, second),
      pay(founder, 1_000n, first),
      pay(laptop, 20n, second),
    ])
    expect(paid.map(({ ok }) => ok)).toEqual([true, true, true, true])
    await vi.waitFor(async () => {
      // Another step of each brings it up to date with the other's.
      expect(
        (await pay(founder, 1n, first.replace(/^.{8}/, '00000000'))).ok && (await pay(laptop, 1n, second.replace(/^.{8}/, '00000000'))).ok,
      ).toBe(true)
    }, patience)
    await expectBalance(laptop, beforeMicro - 1_022n)

    const devices = await founder.client.devices.list({})
    const key = devices.ok ? devices.value.rows.find(({ kind }) => kind === 'linked')?.key : undefined
    expect(devices).toMatchObject({
      value: {
        holdsPhrase: true,
        rows: [
          { kind: 'phrase', isThis: true },
          { name: 'Laptop', isRevoked: false },
        ],
      },
    })
    expect(await laptop.client.devices.revoke({ requestId: requestId(), key: key ?? '' })).toMatchObject({
      error: { code: 'not-the-owner' },
    })
    expect(await founder.client.devices.revoke({ requestId: requestId(), key: key ?? '' })).toMatchObject({ ok: true })
    expect(await pay(laptop, 1n, requestId())).toMatchObject({ ok: false, error: { code: 'refused', message: containing('not linked') } })
    expect(await laptop.client.devices.list({})).toMatchObject({
      value: { holdsPhrase: false, rows: [{}, { isThis: true, isRevoked: true }] },
    })
  })

  test('an older copy of a data folder catches up, pays nothing a second time, and is suspected of nothing', async () => {
    const invite = await founder.client.invites.create({ requestId: requestId(), amountMicro: giftMicro })
    if (!invite.ok) throw new Error(invite.error.message)
    const data = newFolder()
    const open = async (folder: string): Promise<Daemon> => {
      const daemon = await start(folder)
      const unlocked = await daemon.client.setup.unlock({ requestId: requestId(), passphrase })
      if (!unlocked.ok) throw new Error(unlocked.error.message)
      return daemon
    }
    const pay = ({ client }: Daemon, amountMicro: bigint, id: string) =>
      client.wallet.transfer({ requestId: id, to: 'cd'.repeat(32), amountMicro, memo: 'rent' })
    const newcomer = await start(data)
    const { account } = await newAccount(newcomer)
    await newcomer.client.setup.join({ requestId: requestId(), link: invite.value.link, account, passphrase })
    await expectBalance(newcomer, giftMicro)
    const first = await pay(newcomer, 5n, requestId())
    await stopDaemon(newcomer)
    const older = newFolder()
    cpSync(data, older, { recursive: true })

    const newer = await open(data)
    await expectBalance(newer, giftMicro - 5n)
    const again = requestId()
    const second = await pay(newer, 7n, again)
    await stopDaemon(newer)

    const back = await open(older)
    await vi.waitFor(async () => expect(await pay(back, 7n, again)).toEqual(second), patience)
    await expectBalance(back, giftMicro - 12n)
    expect([first.ok, (await pay(back, 1n, requestId())).ok]).toEqual([true, true])
    await expectBalance(back, giftMicro - 13n)
    expect(await founder.client.evidence.list({})).toMatchObject({ ok: true, value: { rows: [] } })
    const history = await back.client.wallet.history({ cursor: null, limit: 10 })
    expect(history.ok && history.value.rows.map(({ amountMicro }) => amountMicro)).toEqual([-1n, -7n, -5n, giftMicro])
    // Of the second it may be unknown when it was: whoever stops right after a payment may have told one witness alone.
    expect(history.ok && history.value.rows.map(({ atMs }, row) => row === 1 || atMs !== null)).toEqual([true, true, true, true])
  })

  test('its founder starts again, and the witnesses vote again', async () => {
    await stopDaemon(founder)
    founder = await startDaemon(bench, ['--data', founderData])
    expect(await founder.client.setup.unlock({ requestId: requestId(), passphrase })).toEqual({ ok: true, value: {} })
    const again = await vi.waitFor(async () => {
      const made = await founder.client.invites.create({ requestId: requestId(), amountMicro: giftMicro })
      if (!made.ok) throw new Error(made.error.message)
      return made
    }, patience)
    expect(again).toMatchObject({ ok: true, value: { link: containing('claude-market://invite/') } })
  })
})

describe('a data folder that is damaged', () => {
  const practised = async (): Promise<string> => {
    const data = newFolder()
    await stopDaemon(await startDaemon(bench, ['--practice', '--data', data]))
    return data
  }

  test('says what is wrong, tries again when asked, and can be put aside without losing anything', async () => {
    const data = await practised()
    const database = join(data, 'practice', 'own', 'market.db')
    const sound = readFileSync(database)
    writeFileSync(database, 'shopping list')
    const daemon = await start(data)
    const damaged = { phase: 'failed', kind: 'practice', problem: { code: 'database-damaged', message: containing('is damaged') } }
    expect(await statusOf(daemon)).toMatchObject(damaged)
    expect(await daemon.client.wallet.summary({})).toMatchObject({
      ok: false,
      error: { code: 'unavailable', message: containing('is damaged') },
    })
    expect(await daemon.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(daemon, 'failed')
    writeFileSync(database, sound)
    expect(await daemon.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(daemon, 'running')

    expect(await daemon.client.setup.startOver({ requestId: requestId() })).toEqual({ ok: true, value: { keptAs: `${data}-2` } })
    await reaches(daemon, 'first-start')
    expect(readFileSync(join(`${data}-2`, 'practice.json'), 'utf8')).toContain('worth nothing')
    expect(existsSync(join(data, 'practice.json'))).toBe(false)
    expect(await daemon.client.setup.practice({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(daemon, 'running')
  })

  test.each([
    ['records are damaged', (folder: string) => writeFileSync(join(folder, 'witness.db'), 'shopping list')],
    ['folder is gone', (folder: string) => rmSync(folder, { recursive: true })],
    ['memory is damaged', (folder: string) => writeFileSync(`${folder}-memory.json`, '{')],
  ])('of a witness whose %s: it votes no more, the others do, and the market runs', async (_what, damage) => {
    const data = await practised()
    damage(join(data, 'practice', 'witness-1'))
    writeFileSync(join(data, 'practice', 'provider-1', 'market.db'), 'shopping list')
    const { client } = await start(data)
    const standings = async () => {
      const status = await client.network.status({})
      return status.ok ? [...status.value.witnesses.map(({ standsAside }) => standsAside ?? 'votes'), status.value.settling].toSorted() : []
    }
    await vi.waitFor(async () => expect(await standings()).toEqual(['retired', 'votes', 'votes', 'votes', 'yes']), patience)
    expect(readFileSync(join(data, 'practice', 'provider-1', 'market.db.damaged'), 'utf8')).toBe('shopping list')
  })

  test.each(['practice.json', 'vault.json'])('%s that cannot be read', async (name) => {
    const data = newFolder()
    writeFileSync(join(data, name), '{"half":')
    if (name === 'vault.json') writeFileSync(join(data, 'federation.json'), readFileSync(await someFederation(), 'utf8'))
    const daemon = await start(data)
    expect(await statusOf(daemon)).toMatchObject({ phase: 'failed', problem: { code: 'damaged' } })
    expect(readFileSync(join(data, name), 'utf8')).toBe('{"half":')
  })

  test('records whose key file is gone are said to be so, and nothing is founded over them', async () => {
    const data = await practised()
    const keys = readFileSync(join(data, 'practice.json'))
    rmSync(join(data, 'practice.json'))
    const daemon = await start(data)
    expect(await statusOf(daemon)).toMatchObject({ phase: 'failed', problem: { code: 'damaged', message: containing('no key file') } })
    expect(await daemon.client.setup.practice({ requestId: requestId() })).toMatchObject({ ok: false })
    writeFileSync(join(data, 'practice.json'), keys)
    expect(await daemon.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(daemon, 'running')
  })

  test('records that are empty or missing are said to be so, once, and the account comes back from the witnesses', async () => {
    const data = await practised()
    const before = await start(data)
    const transfer = { requestId: requestId(), to: 'a'.repeat(64), amountMicro: 1_000_000n, memo: '' }
    await vi.waitFor(async () => expect(await before.client.wallet.transfer(transfer)).toMatchObject({ ok: true }), patience)
    await stopDaemon(before)
    for (const damage of [truncateSync, rmSync]) {
      damage(join(data, 'practice', 'own', 'market.db'))
      const after = await start(data)
      expect(await reaches(after, 'running')).toMatchObject({ problem: { code: 'records-gone', message: containing('come back') } })
      await expectBalance(after, 999_000_000n)
      await stopDaemon(after)
    }
    expect(await reaches(await start(data), 'running')).toMatchObject({ problem: null })
  })

  test('keys without a federation wait for its file', async () => {
    const data = newFolder()
    await bench.cli(['keys', '--data', data], { CLAUDE_MARKET_PASSPHRASE: passphrase }).ended
    expect(await statusOf(await start(data))).toMatchObject({
      phase: 'failed',
      problem: { code: 'no-federation', message: containing('Put back a copy') },
    })
  })

  test('one that another program uses is left alone', async () => {
    const data = await practised()
    const first = await start(data)
    const second = await start(data)
    expect(await statusOf(second)).toMatchObject({ phase: 'failed', problem: { code: 'already-running' } })
    expect(await second.client.setup.startOver({ requestId: requestId() })).toMatchObject({ ok: false, error: { code: 'not-now' } })
    expect(await statusOf(first)).toMatchObject({ phase: 'running' })
    await stopDaemon(first)
    expect(await second.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(second, 'running')
  })

  test('killed and started again at once, it waits until the nodes of before have noticed', async () => {
    const data = await practised()
    const first = await start(data)
    await reaches(first, 'running')
    const killed = once(first.child, 'exit')
    first.child.kill('SIGKILL')
    await killed
    expect(await reaches(await start(data), 'running')).toMatchObject({ problem: null })
  })

  test('the nodes beside it that end take it down, and it gets up again when asked', async () => {
    const daemon = await start(await practised())
    for (const pid of bench.processes().filter((pid) => pid !== daemon.pid && isChildOf(pid, daemon.pid))) process.kill(pid, 'SIGKILL')
    expect(await reaches(daemon, 'failed')).toMatchObject({ problem: { code: 'nodes-ended' } })
    expect(await daemon.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
    await reaches(daemon, 'running')
  })
})

const isChildOf = (pid: number, parent: number): boolean =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[1] === String(parent)

const someFederation = async (): Promise<string> => {
  const data = newFolder()
  const path = join(data, 'out.json')
  const env = { CLAUDE_MARKET_PASSPHRASE: passphrase }
  const { stdout } = await bench.cli(['keys', '--data', data, '--witness'], env).ended
  const { witness } = JSON.parse(stdout) as { readonly witness: string }
  await bench.cli(
    ['found', '--data', data, '--name', 'x', '--kind', 'practice', '--witness', `${witness},/ip4/127.0.0.1/tcp/1`, '--out', path],
    env,
  ).ended
  return path
}

test('a folder that cannot be made or written is named, and may be tried again', async () => {
  const data = join(newFolder(), 'a-file', 'data')
  writeFileSync(dirname(data), '')
  const daemon = await start(data)
  expect(await statusOf(daemon)).toMatchObject({ phase: 'failed', problem: { code: 'cannot-use-folder', message: containing(data) } })
  rmSync(dirname(data))
  expect(await daemon.client.setup.retry({ requestId: requestId() })).toEqual({ ok: true, value: {} })
  await reaches(daemon, 'first-start')
})
