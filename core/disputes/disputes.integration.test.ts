import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createKeyTree } from '../identity/keys.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import { fromHex, toHex, utf8 } from '../platform/bytes.ts'
import { silentLog } from '../platform/log.ts'
import { createSeededRandom } from '../platform/random.ts'
import { createDriver } from '../settlement/driver.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Evidence } from '../settlement/evidence.ts'
import type { EscrowTerms } from '../settlement/objects.ts'
import { authorise, signReceipt } from '../settlement/signatures.ts'
import { hash, passTime } from '../settlement/testing/world.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { beginStream, sealChunk, transcriptOf, type Chunk } from '../tasks/chunk-stream.ts'
import { commitmentOf } from '../tasks/sealing.ts'
import { isCryptoBusy, watchCrypto } from '../tasks/testing/crypto-watch.ts'
import { agree, startMember, type Member } from '../wallet/testing/member.ts'
import { createRealFederation } from '../wallet/testing/real-federation.ts'
import { createCourt } from './court.ts'
import { createDesk, type Desk } from './desk.ts'
import { arbiterHandlers } from './handlers.ts'
import { createLetters } from './letters.ts'
import { createParties, type Material, type Parties } from './parties.ts'
import { createDisputeStore } from './store.ts'
import { orderFor } from '../escrow/mover.ts'

const ruv = 1_000_000n
const requester = createSigner(keyFromSeed(hash('requester')))
const task = { salt: hash('salt'), prompt: 'Explain quorums.\nIn two lines.' }
const streamId = new Uint8Array(16).fill(5)
const nothing: Material = () => ({ task: null, answer: null, chunks: null })

/** Four witnesses, two parties and three arbiters, each a node of its own on one network of memory. */
const setUp = (rulesByItself: boolean) => {
  watchCrypto()
  const federation = createRealFederation(requester)
  const { clock, rules, genesis, network } = federation
  const { epochs } = rules
  const found: Evidence[] = []
  const courts = federation.witnessNodes.map((node) => {
    const store = createDisputeStore(openMemoryDatabase())
    createCourt({ store, epochs, rules, genesisCredits: genesis, clock, found: (evidence) => found.push(evidence) }).serve(node)
    return store
  })
  const stops: (() => void)[] = []
  const shared = (name: string, signer: Signer) => {
    const node = network.addNode(name)
    const driver = createDriver({ network: node, epochs, clock, log: silentLog })
    const store = createDisputeStore(openMemoryDatabase())
    const letters = createLetters(node, epochs)
    return {
      node,
      driver,
      store,
      letters,
      signer,
      federationId: epochs.federationId,
      rules,
      epochs,
      clock,
      log: silentLog,
      random: createSeededRandom(name),
    }
  }
  const joinParty = (name: string, signer: Signer, material: Material): Member & { readonly parties: Parties } => {
    const parts = shared(name, signer)
    const member = startMember(signer, openMemoryDatabase(), { rules, genesis, driver: parts.driver }, clock)
    const parties = createParties({ ...parts, escrows: member.escrows, material, changed: () => undefined })
    member.escrows.onChanged(({ state }) => parties.follow(state))
    stops.push(parties.stop, member.stop)
    return { ...member, parties }
  }
  const joinArbiter = (place: number): Desk & { readonly signer: Signer } => {
    const secrets = federation.witnessSecrets[place]
    if (secrets === undefined) throw new Error('no such arbiter')
    const signer = createSigner(createKeyTree(secrets.accountEntropy).accountKey(0))
    const desk = createDesk({ ...shared(`arbiter-${place}`, signer), genesisCredits: genesis, rulesByItself, changed: () => undefined })
    desk.start()
    stops.push(desk.stop)
    return { ...desk, signer }
  }
  const until = async (isSo: () => boolean, what: string): Promise<void> => {
    for (let tries = 0; !isSo(); tries += 1) {
      if (tries > 8_000) throw new Error(`${what} did not happen`)
      for (let turn = 0; turn < 4 || isCryptoBusy(); turn += 1) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(10)
    }
  }
  const providerSecrets = federation.providers[0]
  if (providerSecrets === undefined) throw new Error('no provider')
  const provider = createSigner(createKeyTree(providerSecrets.accountEntropy).accountKey(0))
  return { ...federation, courts, found, joinParty, joinArbiter, until, provider, stop: () => stops.forEach((stop) => stop()) }
}
let world: ReturnType<typeof setUp>
afterEach(() => world.stop())

/** A delivered answer whose encrypted chunks exist, for 1 of 2 RUV. */
const deliveredBetween = async (
  client: Member,
  provider: Member,
  show: { chunks: readonly Chunk[] },
  changes: Partial<EscrowTerms> = {},
) => {
  const { clock, rules } = world
  const { epochs } = rules
  const taskCommit = commitmentOf({ salt: task.salt, plaintext: utf8(task.prompt) })
  const { terms, acceptSignature } = agree(
    client,
    provider,
    clock,
    { amountMicro: 2n * ruv, taskCommit, nonce: hash('n').slice(0, 16), ...changes },
    epochs.federationId,
  )
  const opened = await passTime(clock, client.wallet.openEscrow(terms, acceptSignature))
  if (!opened.ok) throw new Error(opened.error.message)
  await provider.escrows.receive(opened.value)
  const id = txHash(opened.value.tx)
  const first = sealChunk(beginStream(hash('key'), id, streamId), utf8('Two of three agree.'), false)
  const last = sealChunk(first.stream, new Uint8Array(), true)
  show.chunks = [first.chunk, last.chunk]
  const transcript = transcriptOf(last.stream)
  if (!transcript.ok) throw new Error(transcript.error.message)
  const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: transcript.value }
  const receipt = { escrowId: id, priceMicro: ruv, inputTokens: 5, outputTokens: 5, ...times }
  provider.escrows.noteReceipt(signReceipt(epochs.federationId, receipt, provider.signer))
  const delivered = await passTime(clock, provider.escrows.deliver(id))
  if (!delivered.ok) throw new Error(delivered.error.message)
  await client.escrows.receive(delivered.value)
  return id
}
const wakeUp = async (...members: readonly Member[]): Promise<void> => {
  for (const { wallet, escrows } of members) {
    await passTime(world.clock, wallet.resume())
    await passTime(world.clock, escrows.resume())
  }
}
const payoutOf = ({ escrows }: Member, id: Uint8Array) => escrows.get(id)?.state.payout ?? null
const wish = { statement: 'The answer is not what I asked for.', showsTask: true, showsAnswer: true }

describe('a dispute over four witnesses and three arbiters', () => {
  const show: { chunks: readonly Chunk[] } = { chunks: [] }
  const startTrade = async (changes: Partial<EscrowTerms> = {}) => {
    const client = world.joinParty('client', requester, () => ({ task, answer: 'Two of th', chunks: null }))
    const provider = world.joinParty('provider', world.provider, () => ({
      task: null,
      answer: null,
      chunks: { streamId, chunks: show.chunks },
    }))
    await wakeUp(client, provider)
    const id = await deliveredBetween(client, provider, show, changes)
    return { client, provider, id }
  }

  describe('with people at the desks', () => {
    beforeEach(() => {
      world = setUp(false)
    })

    test('goes from the client’s words to the desks and back as a ruling, and only the panel can read it', async () => {
      const arbiters = [0, 1, 2].map(world.joinArbiter)
      const { client, provider, id } = await startTrade()
      expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
      await world.until(() => client.parties.said(id)?.readers === 3, 'the client’s exhibit reaches the panel')
      await passTime(world.clock, provider.escrows.refresh(id))
      await world.until(() => provider.parties.said(id)?.readers === 3, 'the provider’s exhibit reaches the panel')
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'every arbiter finds its case')

      const [first, second, third] = arbiters
      if (first === undefined || second === undefined || third === undefined) throw new Error('no arbiters')
      const detail = await passTime(world.clock, Promise.resolve(arbiterHandlers(first, () => 1).get({ escrowId: toHex(id) })))
      expect(detail).toMatchObject({
        ok: true,
        value: {
          quorum: 2,
          seats: 3,
          priceMicro: ruv,
          exhibits: [
            {
              role: 'client',
              statement: wish.statement,
              reasonAsGiven: true,
              prompt: task.prompt,
              promptAsAsked: true,
              answer: 'Two of th',
            },
            { role: 'provider', statement: '', prompt: null, answerAsDelivered: true, receipt: { priceMicro: ruv } },
          ],
        },
      })
      for (const court of world.courts)
        for (const { body } of court.items('exhibit', id, 9)) {
          const carried = Buffer.from(body).toString('latin1')
          expect([carried.includes('what I asked'), carried.includes('quorums')]).toEqual([false, false])
        }

      expect(await passTime(world.clock, first.rule(id, 'half'))).toEqual({ ok: true, value: null })
      expect(payoutOf(client, id)).toBeNull()
      expect(await passTime(world.clock, first.rule(id, 'refund'))).toMatchObject({ ok: false, error: { code: 'already-ruled' } })
      expect(await passTime(world.clock, third.rule(id, 'refund'))).toEqual({ ok: true, value: null })
      expect(await passTime(world.clock, second.rule(id, 'half'))).toEqual({ ok: true, value: null })
      await world.until(() => payoutOf(client, id) !== null && payoutOf(provider, id) !== null, 'the ruling comes home')
      expect(payoutOf(client, id)).toEqual({ providerMicro: ruv / 2n, clientMicro: ruv + ruv / 2n, by: 'rule' })
      expect(world.found).toEqual([])
    }, 60_000)

    test('keeps what arbiters sign to itself until enough have signed alike, and proves who signed twice', async () => {
      const arbiters = [0, 1].map(world.joinArbiter)
      const { client, id } = await startTrade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'both find their case')
      const [one] = arbiters
      const state = one?.case(id)?.state
      if (one === undefined || state === undefined) throw new Error('no case')
      await passTime(world.clock, one.rule(id, 'release'))
      const letters = createLetters(world.network.addNode('curious'), world.rules.epochs)
      const shown = await passTime(world.clock, letters.askAll({ kind: 'fetch-case', escrowId: id }))
      expect(shown.map((answer) => answer.kind === 'case' && answer.ruling)).toEqual([null, null, null, null])
      const second = orderFor(state, { kind: 'rule', outcome: 'refund' }, one.signer, 'arbiter')
      await passTime(world.clock, letters.askAll({ kind: 'put-ruling', order: second }))
      expect(world.found.map(({ kind }) => kind)).toEqual(['rulings', 'rulings', 'rulings', 'rulings'])
    }, 60_000)

    test('who opens the desk does not wait for its next look', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await startTrade()
      await passTime(world.clock, client.parties.open(id, wish))
      await world.until(() => client.parties.said(id)?.readers === 1, 'the exhibit is there')
      const openedAtMs = world.clock.nowMs()
      const cases = () => arbiterHandlers(desk, () => 1).list({})
      await world.until(() => (cases() as { value: { rows: readonly unknown[] } }).value.rows.length === 1, 'the case is on the desk')
      expect(world.clock.nowMs() - openedAtMs).toBeLessThan(5_000)
    }, 60_000)

    test('the owner shows the panel what belongs to an escrow that a device of the account opened', async () => {
      const arbiters = [0, 1].map(world.joinArbiter)
      const { client, id } = await startTrade({ clientKey: createSigner(keyFromSeed(hash('laptop'))).publicKey })
      expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
      await world.until(() => client.parties.said(id)?.readers === 2, 'the owner’s exhibit reaches the panel')
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'both find their case')
      const [one] = arbiters
      const known = one?.case(id)
      if (one === undefined || known === null || known === undefined) throw new Error('no case')
      const shown = await passTime(world.clock, one.shownIn(known))
      expect(shown.map(({ role, exhibit, checks }) => [role, exhibit.statement, checks.isReasonAsGiven])).toEqual([
        ['client', wish.statement, true],
      ])
    }, 60_000)

    test('takes letters from nobody else: strangers, other parties, unseated arbiters, other cases', async () => {
      world.joinArbiter(0)
      const { client, provider, id } = await startTrade()
      const letters = createLetters(world.network.addNode('stranger'), world.rules.epochs)
      const stranger = createSigner(keyFromSeed(hash('stranger')))
      expect(await passTime(world.clock, letters.leave({ kind: 'announce', chain: client.escrows.decrees(id) }))).toBe(false)
      await passTime(world.clock, client.parties.open(id, wish))
      await world.until(() => client.parties.said(id)?.readers === 1, 'the exhibit is there')
      const state = client.escrows.get(id)?.state
      if (state === undefined) throw new Error('no escrow')
      const forged = orderFor(state, { kind: 'rule', outcome: 'refund' }, stranger, 'arbiter')
      const byParty = { ...forged, authorisations: [authorise(forged.tx, 'arbiter', provider.signer)] }
      const box = {
        arbiter: stranger.publicKey,
        boxKey: hash('box'),
        expiresAtMs: world.clock.nowMs() + 1_000,
        signature: new Uint8Array(64),
      }
      for (const request of [
        { kind: 'put-ruling', order: forged } as const,
        { kind: 'put-ruling', order: byParty } as const,
        { kind: 'put-box', box } as const,
      ])
        expect(await passTime(world.clock, letters.leave(request))).toBe(false)
    }, 60_000)
  })

  describe('in practice, where the desks rule by themselves', () => {
    test('the price goes to a provider whose registered answer exists', async () => {
      world = setUp(true)
      for (const place of [0, 1, 2]) world.joinArbiter(place)
      const { client, provider, id } = await startTrade()
      await passTime(world.clock, client.parties.open(id, wish))
      await passTime(world.clock, provider.escrows.refresh(id))
      await world.until(() => payoutOf(client, id) !== null, 'the practice arbiters rule')
      expect(payoutOf(client, id)).toEqual({ providerMicro: ruv, clientMicro: ruv, by: 'rule' })
    }, 60_000)

    test('everything comes back from a provider that registered an answer and has none', async () => {
      world = setUp(true)
      for (const place of [0, 1, 2]) world.joinArbiter(place)
      const client = world.joinParty('client', requester, nothing)
      const provider = world.joinParty('provider', world.provider, nothing)
      await wakeUp(client, provider)
      const id = await deliveredBetween(client, provider, show)
      await passTime(world.clock, client.parties.open(id, { statement: 'No answer came.', showsTask: false, showsAnswer: false }))
      await world.until(() => payoutOf(client, id) !== null, 'the practice arbiters rule')
      expect(payoutOf(client, id)).toEqual({ providerMicro: 0n, clientMicro: 2n * ruv, by: 'rule' })
    }, 60_000)
  })
})

test('a case is asked for by its id', () => {
  world = setUp(false)
  const desk = world.joinArbiter(0)
  expect(desk.case(fromHex('00'.repeat(32)))).toBeNull()
})
