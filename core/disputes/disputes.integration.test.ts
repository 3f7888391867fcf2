import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { orderFor } from '../escrow/mover.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { decodeAuthorisedTx } from '../settlement/encoding.ts'
import type { ObjectId, RulingOutcome } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import { hash, passTime } from '../settlement/testing/world.ts'
import { arbiterHandlers } from './handlers.ts'
import { askOwnRuling, signChoice } from './model.ts'
import { isNamed, seatedOf } from './rosters.ts'
import { createCourtWorld, nothing, payoutOf, requester, ruv, task, wish, type CourtWorld } from './testing/world.ts'
import { decodeCourtRequest, encodeCourtAnswer, maxCases, type CourtAnswer } from './wire.ts'

let world: CourtWorld
afterEach(() => world.stop())

describe('a dispute over four witnesses and three arbiters', () => {
  describe('with people at the desks', () => {
    beforeEach(() => {
      world = createCourtWorld(false)
    })

    test('goes from the client’s words to the desks and back as a ruling, and only the panel can read it', async () => {
      const arbiters = [0, 1, 2].map(world.joinArbiter)
      const { client, provider, id } = await world.trade()
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
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'both find their case')
      const [one] = arbiters
      const state = one?.case(id)?.state
      if (one === undefined || state === undefined) throw new Error('no case')
      await passTime(world.clock, one.rule(id, 'release'))
      const shown = await passTime(world.clock, world.stranger.askAll(world.committee, { kind: 'fetch-case', escrowId: id }))
      expect(shown.map((answer) => answer.kind === 'case' && answer.ruling)).toEqual([null, null, null, null])
      const { escrowId, arbiter, signature } = askOwnRuling(one.signer, world.rules.federationId, id)
      const ask = (by: Uint8Array) =>
        world.stranger.askAll(world.committee, { kind: 'fetch-own-ruling', question: { escrowId, arbiter, signature: by } })
      expect((await passTime(world.clock, ask(signature))).map(({ kind }) => kind)).toEqual(Array.from({ length: 4 }, () => 'own-ruling'))
      expect((await passTime(world.clock, ask(new Uint8Array(64)))).map(({ kind }) => kind)).toEqual(
        Array.from({ length: 4 }, () => 'refused'),
      )
      const second = orderFor(state, { kind: 'rule', outcome: 'refund' }, one.signer, 'arbiter')
      await passTime(world.clock, world.stranger.askAll(world.committee, { kind: 'put-ruling', order: second }))
      expect(world.found.map(({ kind }) => kind)).toEqual(['rulings', 'rulings', 'rulings', 'rulings'])
    }, 60_000)

    test('an arbiter whose ruling hangs on a wrong step keeps the others from nothing', async () => {
      const arbiters = [0, 1, 2].map(world.joinArbiter)
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'every arbiter finds its case')
      const state = arbiters[0]?.case(id)?.state
      const seated = state === undefined ? [] : seatedOf(world.rules, state)
      // Its signature is the first that the witnesses come to.
      const liar = arbiters.find(({ signer }) => isNamed(seated.slice(0, 1), signer.publicKey))
      if (state === undefined || liar === undefined) throw new Error('no case')
      const order = orderFor({ ...state, headHash: hash('nonsense') }, { kind: 'rule', outcome: 'refund' }, liar.signer, 'arbiter')
      await passTime(world.clock, world.stranger.askAll(world.committee, { kind: 'put-ruling', order }))
      for (const desk of arbiters)
        if (desk !== liar) expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: true })
      await world.until(() => payoutOf(client, id) !== null, 'the ruling comes home')
      expect(payoutOf(client, id)).toEqual({ providerMicro: 0n, clientMicro: 2n * ruv, by: 'rule' })
    }, 60_000)

    test('a witness that shows a ruling nobody signed keeps that of the arbiters from nothing', async () => {
      const arbiters = [0, 1].map(world.joinArbiter)
      const { client, provider, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => arbiters.every((desk) => desk.cases().length === 1), 'both find their case')
      client.stop()
      provider.stop()
      const [state, chain] = [arbiters[0]?.case(id)?.state, arbiters[0]?.case(id)?.chain]
      const [liar] = world.committee.witnesses
      if (state === undefined || chain === undefined || liar === undefined) throw new Error('no case')
      const { tx } = orderFor(state, { kind: 'rule', outcome: 'release' }, world.provider, 'arbiter')
      const lie: CourtAnswer = { kind: 'case', chain, exhibits: [], ruling: { tx, authorisations: [] } }
      world.network.kill(liar.peerId)
      world.network.addNode(liar.peerId).serve('court', (payload) => {
        const request = decodeCourtRequest(payload)
        return Promise.resolve(encodeCourtAnswer(request.ok && request.value.kind === 'fetch-case' ? lie : { kind: 'refused' }))
      })
      for (const desk of arbiters) expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: true })
      const isRuled = () => world.witnessStores.slice(1).every((store) => store.escrow(id)?.payout?.by === 'rule')
      await world.until(isRuled, 'the ruling is final at every honest witness')
    }, 60_000)

    test('a desk finds every case that waits for it, however many, and hears of those that ended without it', async () => {
      const { client, provider } = await world.trade()
      const ids: ObjectId[] = []
      for (let place = 0; place <= maxCases; place += 1) {
        const { id } = await world.deliver(client, provider, { amountMicro: ruv, nonce: hash(`${place}`).slice(0, 16) })
        expect(await passTime(world.clock, client.parties.open(id, wish))).toMatchObject({ ok: true })
        ids.push(id)
      }
      const key = world.committee.arbiters[0]?.publicKey ?? new Uint8Array()
      const isWaiting = () => world.courts.every((court) => court.items('seat', key, ids.length).length === ids.length)
      await world.until(isWaiting, 'every witness has all of them waiting')
      const desk = world.joinArbiter(0)
      await world.until(() => ids.every((id) => desk.case(id) !== null), 'it finds every case')
      const [ended] = ids
      if (ended === undefined) throw new Error('no case')
      await passTime(world.clock, provider.escrows.refresh(ended))
      expect(await passTime(world.clock, provider.escrows.refund(ended))).toMatchObject({ ok: true })
      await world.until(() => desk.case(ended)?.state.phase === 'settled', 'it hears of the end')
      const later = world.rejoinArbiter(0)
      await world.until(() => later.cases().length === maxCases, 'it finds the others')
      expect(later.case(ended)).toBeNull()
    }, 60_000)

    test('an arbiter that comes back from its phrase stands by what it has signed', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => desk.cases().length === 1, 'it finds its case')
      expect(await passTime(world.clock, desk.rule(id, 'release'))).toMatchObject({ ok: true })
      desk.stop()
      const again = world.rejoinArbiter(0)
      await world.until(() => again.ownRuling(id) === 'release', 'it finds its case and its ruling')
      expect(await passTime(world.clock, again.rule(id, 'refund'))).toMatchObject({ ok: false, error: { code: 'already-ruled' } })
      expect(world.found).toEqual([])
    }, 60_000)

    test.each([
      [1, 'refund'],
      [2, 'refund'],
      [3, 'release'],
      [4, 'release'],
    ] as const)(
      'an arbiter whose disk breaks after %i letters to everybody signs one outcome: %s',
      async (letters, outcome) => {
        const desk = world.joinArbiter(0)
        const { client, id } = await world.trade()
        await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
        await world.until(() => desk.cases().length === 1, 'it finds its case')
        desk.stop()
        await world.pass(1_000)
        const [reached] = world.committee.witnesses.map(({ peerId }) => peerId)
        const sent = new Map<string, number>()
        world.network.setFaults(({ from, to, kind }) => {
          if (from !== 'arbiter-0' || kind !== 'request' || to === reached) return 'deliver'
          sent.set(to, (sent.get(to) ?? 0) + 1)
          return (sent.get(to) ?? 0) > letters ? 'drop' : 'deliver'
        })
        await passTime(world.clock, desk.rule(id, 'release'))
        world.network.setFaults(({ to, from }) => (to === reached || from === reached ? 'drop' : 'deliver'))
        const again = world.rejoinArbiter(0)
        await world.until(() => again.cases().length === 1, 'it finds its case again')
        await passTime(world.clock, again.rule(id, 'refund'))
        const signed = world.courts.flatMap((court) =>
          court.items('ruling', id, 9).flatMap(({ body }) => {
            const order = decodeAuthorisedTx(body)
            return order.ok && order.value.tx.type === 'escrow' && order.value.tx.body.kind === 'rule' ? [order.value.tx.body.outcome] : []
          }),
        )
        expect([...new Set(signed)]).toEqual([outcome])
      },
      60_000,
    )

    test('a choice that a witness has taken down is finished, and no other is begun', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, { ...wish, showsTask: false }))
      await world.until(() => desk.cases().length === 1, 'it finds its case')
      const choice = signChoice(desk.signer, world.rules.federationId, id, 'half')
      const [first] = world.committee.witnesses
      if (first === undefined) throw new Error('no witness')
      expect(await passTime(world.clock, world.stranger.ask(first, { kind: 'put-choice', choice }))).toEqual({ kind: 'taken' })
      expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: false, error: { code: 'already-ruled' } })
      await world.until(() => desk.ownRuling(id) === 'half', 'it signs what it chose')
    }, 60_000)

    test('witnesses take one choice of a seated arbiter, and keep to it', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await world.trade()
      const choose = async (signer: Signer, outcome: RulingOutcome) => {
        const choice = signChoice(signer, world.rules.federationId, id, outcome)
        return passTime(world.clock, world.stranger.leave(world.committee, { kind: 'put-choice', choice }))
      }
      expect(await choose(desk.signer, 'half')).toBe(false)
      await passTime(world.clock, client.parties.open(id, wish))
      await world.until(() => client.parties.said(id)?.readers === 1, 'the case is there')
      expect(await choose(createSigner(keyFromSeed(hash('stranger'))), 'half')).toBe(false)
      expect(await choose(desk.signer, 'half')).toBe(true)
      expect(await choose(desk.signer, 'release')).toBe(false)
      expect(await choose(desk.signer, 'half')).toBe(true)
    }, 60_000)

    test('an arbiter signs only when it knows from a quorum that it has not yet', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, wish))
      await world.until(() => desk.cases().length === 1, 'it finds its case')
      const outOfReach = world.committee.witnesses.slice(0, 2).map(({ peerId }) => peerId)
      world.network.setFaults(({ to }) => (outOfReach.includes(to) ? 'drop' : 'deliver'))
      expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: false, error: { code: 'no-quorum' } })
      expect(desk.ownRuling(id)).toBeNull()
      world.network.setFaults(null)
      expect(await passTime(world.clock, desk.rule(id, 'refund'))).toMatchObject({ ok: true })
    }, 60_000)

    test('who opens the desk does not wait for its next look', async () => {
      const desk = world.joinArbiter(0)
      const { client, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, wish))
      await world.until(() => client.parties.said(id)?.readers === 1, 'the exhibit is there')
      const openedAtMs = world.clock.nowMs()
      const cases = () => arbiterHandlers(desk, () => 1).list({})
      await world.until(() => (cases() as { value: { rows: readonly unknown[] } }).value.rows.length === 1, 'the case is on the desk')
      expect(world.clock.nowMs() - openedAtMs).toBeLessThan(5_000)
    }, 60_000)

    test('the owner shows the panel what belongs to an escrow that a device of the account opened', async () => {
      const arbiters = [0, 1].map(world.joinArbiter)
      const { client, id } = await world.trade({ clientKey: createSigner(keyFromSeed(hash('laptop'))).publicKey })
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
      const { client, provider, id } = await world.trade()
      const stranger = createSigner(keyFromSeed(hash('stranger')))
      expect(
        await passTime(world.clock, world.stranger.leave(world.committee, { kind: 'announce', chain: client.escrows.decrees(id) })),
      ).toBe(false)
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
        expect(await passTime(world.clock, world.stranger.leave(world.committee, request))).toBe(false)
    }, 60_000)
  })

  describe('in practice, where the desks rule by themselves', () => {
    test('the price goes to a provider whose registered answer exists', async () => {
      world = createCourtWorld(true)
      for (const place of [0, 1, 2]) world.joinArbiter(place)
      const { client, provider, id } = await world.trade()
      await passTime(world.clock, client.parties.open(id, wish))
      await passTime(world.clock, provider.escrows.refresh(id))
      await world.until(() => payoutOf(client, id) !== null, 'the practice arbiters rule')
      expect(payoutOf(client, id)).toEqual({ providerMicro: ruv, clientMicro: ruv, by: 'rule' })
    }, 60_000)

    test('everything comes back from a provider that registered an answer and has none', async () => {
      world = createCourtWorld(true)
      for (const place of [0, 1, 2]) world.joinArbiter(place)
      const client = world.joinParty('client', requester, nothing)
      const provider = world.joinParty('provider', world.provider, nothing)
      await world.wakeUp(client, provider)
      const { id } = await world.deliver(client, provider)
      await passTime(world.clock, client.parties.open(id, { statement: 'No answer came.', showsTask: false, showsAnswer: false }))
      await world.until(() => payoutOf(client, id) !== null, 'the practice arbiters rule')
      expect(payoutOf(client, id)).toEqual({ providerMicro: 0n, clientMicro: 2n * ruv, by: 'rule' })
    }, 60_000)
  })
})

test('a case is asked for by its id', () => {
  world = createCourtWorld(false)
  const desk = world.joinArbiter(0)
  expect(desk.case(fromHex('00'.repeat(32)))).toBeNull()
})
