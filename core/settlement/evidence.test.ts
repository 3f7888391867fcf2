import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Signer } from '../identity/signing.ts'
import { toHex } from '../platform/bytes.ts'
import { decodeCbor, encodeCbor, type CborValue } from '../platform/cbor.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from './bundle.ts'
import { genesisCredits } from './account.ts'
import { createDriver } from './driver.ts'
import { txHash } from './encoding.ts'
import { firstEpoch, type Epochs } from './epochs.ts'
import {
  contradictingOrders,
  decodeEvidence,
  encodeEvidence,
  maxEvidenceBytes,
  offenceId,
  verifyEvidence,
  type Evidence,
  type EvidenceSink,
  type Offence,
} from './evidence.ts'
import type { AuthorisedTx, Certificate, Committee, Proposal, Statement, Vote } from './objects.ts'
import { authorise, signProposal, signStatement } from './signatures.ts'
import { silentLog } from '../platform/log.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { birth, committeeOf, createMember, hash, moveOf, openingOf, passTime, signerOf, termsBetween } from './testing/world.ts'
import { openEscrow } from '../escrow/model.ts'

const committee = committeeOf(4)
const later: Committee = { ...committee, epoch: 1 }
const epochs: Epochs = {
  ...firstEpoch(committee),
  get: (epoch) => (epoch === 1 ? { committee: later, startsAtMs: 1, closesAtMs: null } : firstEpoch(committee).get(epoch)),
}
const witness = (index: number) => signerOf(`witness ${index}`)
const alice = createMember('alice')
const bob = createMember('bob')

const statement = (kind: Statement['kind'], value: string, changes: Partial<Statement> = {}): Statement => ({
  governance: birth,
  objectId: hash('object'),
  step: 3,
  view: 1,
  kind,
  txHash: kind === 'S' ? new Uint8Array(32) : hash(value),
  ...changes,
})
const vote = (kind: Statement['kind'], value: string, changes: Partial<Statement> = {}, by = 0, signer = witness(by)): Vote =>
  signStatement(statement(kind, value, changes), by, signer)
const proposal = (value: string, changes: Partial<Proposal> = {}) =>
  signProposal(
    { governance: birth, objectId: hash('object'), step: 3, view: 1, txHash: hash(value), parentViewPlusOne: 0, ...changes },
    2,
    witness(2),
  )
const finalOf = (value: string, view: number, by = [0, 1, 2]): Certificate => ({
  statement: statement('F', value, { view }),
  signatures: by.map((index) => ({ witnessIndex: index, signature: vote('F', value, { view }, index).signature })),
})
const notarizationOf = (value: string, view: number): Certificate => ({
  statement: statement('N', value, { view }),
  signatures: [1, 2, 3].map((index) => ({ witnessIndex: index, signature: vote('N', value, { view }, index).signature })),
})
const laterFinalOf = (value: string, epoch: number): Certificate => {
  const about = statement('F', value, { governance: { ...birth, epoch }, view: 0 })
  return {
    statement: about,
    signatures: [0, 1, 2].map((index) => ({ witnessIndex: index, signature: signStatement(about, index, witness(index)).signature })),
  }
}
const opening = openingOf(alice, bob, termsBetween(alice, bob, 1_750_000_000_000))
const escrow = openEscrow(opening.tx)
if (escrow === null) throw new Error('no escrow')
const ruling = (outcome: 'refund' | 'half', by = 'ada'): AuthorisedTx =>
  moveOf(escrow, { kind: 'rule', outcome }, [['arbiter', signerOf(by)]])
const voted = (order: AuthorisedTx, by: number) => {
  const { governance, objectId, step } = order.tx
  return { order, vote: vote('N', '', { governance, objectId, step, view: 0, txHash: txHash(order.tx) }, by) }
}
const credits = genesisCredits(birth, [{ firstKey: alice.signer.publicKey, amountMicro: 100n }])
const [thirty, forty] = [alice.transfer(bob.id, 30n, credits), alice.transfer(bob.id, 40n, credits)]

const proofs: readonly (readonly [Offence, Evidence])[] = [
  ['two-notarizations', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b') }],
  ['skip-and-finalization', { kind: 'votes', first: vote('S', ''), second: vote('F', 'a') }],
  ['two-finalizations', { kind: 'votes', first: vote('F', 'a'), second: vote('F', 'b') }],
  ['two-proposals', { kind: 'proposals', first: proposal('a'), second: proposal('b') }],
  ['two-proposals', { kind: 'proposals', first: proposal('a'), second: proposal('a', { parentViewPlusOne: 1 }) }],
  ['two-rulings', { kind: 'rulings', first: ruling('refund'), second: ruling('half') }],
  ['two-orders', { kind: 'orders', first: voted(thirty, 0), second: voted(forty, 1) }],
  ['two-finals', { kind: 'finals', first: finalOf('a', 0), second: finalOf('b', 1, [1, 2, 3]) }],
  ['two-finals', { kind: 'finals', first: finalOf('a', 0), second: laterFinalOf('b', 1) }],
  ['two-finals', { kind: 'finals', first: finalOf('a', 2), second: notarizationOf('b', 2) }],
]
const judged = (evidence: Evidence): string => {
  const verdict = verifyEvidence(evidence, epochs)
  return verdict.ok ? verdict.value.offence : verdict.error.code
}

describe('what two signed statements prove', () => {
  it.each(proofs)('%s', (offence, evidence) => {
    expect(judged(evidence)).toBe(offence)
  })

  it('names the key that signed both', () => {
    const culprits = proofs.map(([, evidence]) => {
      const verdict = verifyEvidence(evidence, epochs)
      return verdict.ok && verdict.value.culprit !== null ? toHex(verdict.value.culprit) : null
    })
    const keys = [witness(0), witness(0), witness(0), witness(2), witness(2), signerOf('ada'), alice.signer].map(({ publicKey }) =>
      toHex(publicKey),
    )
    expect(culprits).toEqual([...keys, null, null, null])
    expect(verifyEvidence({ kind: 'orders', first: voted(thirty, 0), second: voted(forty, 1) }, epochs)).toMatchObject({
      value: { account: alice.id, step: 0 },
    })
  })

  it.each<readonly [string, Evidence]>([
    ['the same vote twice', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'a') }],
    ['votes of two views', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b', { view: 2 }) }],
    ['votes of two steps', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b', { step: 4 }) }],
    ['votes of two objects', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b', { objectId: hash('other') }) }],
    ['votes of two witnesses', { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b', {}, 1) }],
    ['a notarization and a skip', { kind: 'votes', first: vote('N', 'a'), second: vote('S', '') }],
    ['a notarization and a finalization', { kind: 'votes', first: vote('N', 'a'), second: vote('F', 'b') }],
    ['two receipts', { kind: 'votes', first: vote('T', 'a', { view: 0 }), second: vote('T', 'b', { view: 0 }) }],
    ['proposals for two views', { kind: 'proposals', first: proposal('a'), second: proposal('b', { view: 5 }) }],
    ['one ruling twice', { kind: 'rulings', first: ruling('half'), second: ruling('half') }],
    ['rulings of two arbiters', { kind: 'rulings', first: ruling('half'), second: ruling('refund', 'bea') }],
    ['one order twice', { kind: 'orders', first: voted(thirty, 0), second: voted(thirty, 1) }],
    ['one final value twice', { kind: 'finals', first: finalOf('a', 0), second: finalOf('a', 1) }],
    ['a final value and its own notarization', { kind: 'finals', first: finalOf('a', 1), second: notarizationOf('a', 1) }],
    ['a final value and what was notarized in another view', { kind: 'finals', first: finalOf('a', 0), second: notarizationOf('b', 1) }],
    ['two notarizations', { kind: 'finals', first: notarizationOf('a', 1), second: notarizationOf('b', 1) }],
    ['one value that two committees made final', { kind: 'finals', first: finalOf('a', 0), second: laterFinalOf('a', 1) }],
  ])('is nothing for %s', (_what, evidence) => {
    expect(judged(evidence)).toBe('no-contradiction')
  })

  it.each<readonly [string, Evidence, string]>([
    [
      'a vote that somebody else signed',
      { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b', {}, 0, witness(1)) },
      'bad-signature',
    ],
    [
      'a place beyond the committee',
      { kind: 'votes', first: vote('N', 'a', {}, 7, witness(0)), second: vote('N', 'b', {}, 7, witness(0)) },
      'bad-signature',
    ],
    [
      'an epoch nobody knows',
      {
        kind: 'votes',
        first: vote('N', 'a', { governance: { ...birth, epoch: 4 } }),
        second: vote('N', 'b', { governance: { ...birth, epoch: 4 } }),
      },
      'unknown-epoch',
    ],
    ['rulings of nobody’s arbiter', { kind: 'rulings', first: ruling('refund', 'eve'), second: ruling('half', 'eve') }, 'unknown-signer'],
    [
      'orders by a key that is not the account’s',
      (() => {
        const forged = (order: AuthorisedTx): AuthorisedTx => ({
          ...order,
          authorisations: order.authorisations.map((one) => ({ ...one, publicKey: bob.signer.publicKey })),
        })
        return { kind: 'orders', first: voted(forged(thirty), 0), second: voted(forged(forty), 1) } as const
      })(),
      'unknown-signer',
    ],
    [
      'orders that no witness has found valid',
      { kind: 'orders', first: voted(thirty, 0), second: { order: forty, vote: voted(thirty, 1).vote } },
      'bad-signature',
    ],
    [
      'a certificate that the other’s committee did not sign',
      { kind: 'finals', first: finalOf('a', 0), second: { ...laterFinalOf('b', 1), signatures: finalOf('b', 0).signatures } },
      'bad-signature',
    ],
    ['a certificate of an epoch nobody knows', { kind: 'finals', first: finalOf('a', 0), second: laterFinalOf('b', 4) }, 'unknown-epoch'],
    ['a certificate with too few signatures', { kind: 'finals', first: finalOf('a', 0), second: finalOf('b', 1, [1, 2]) }, 'bad-signature'],
  ])('is nothing with %s', (_what, evidence, code) => {
    expect(judged(evidence)).toBe(code)
  })
})

describe('a piece of evidence', () => {
  it.each(proofs)('of %s is the same bytes whoever found it, and comes back from them', (_offence, evidence) => {
    const swapped = { ...evidence, first: evidence.second, second: evidence.first } as Evidence
    const bytes = encodeEvidence(evidence)
    expect(encodeEvidence(swapped)).toEqual(bytes)
    const decoded = decodeEvidence(bytes)
    expect(decoded.ok && encodeEvidence(decoded.value)).toEqual(bytes)
    expect(decoded.ok && judged(decoded.value)).toBe(judged(evidence))
    expect(bytes.length).toBeLessThan(maxEvidenceBytes)
  })

  it.each(proofs)('of %s is refused with its halves swapped, or one fact would be gossiped as two pieces', (_offence, evidence) => {
    const bytes = encodeEvidence(evidence)
    const [kind, [first, second]] = decodeCbor(bytes, maxEvidenceBytes) as readonly [number, readonly [CborValue, CborValue]]
    const swapped = encodeCbor([kind, [second, first]])
    expect(decodeEvidence(swapped)).toMatchObject({ ok: false, error: { code: 'malformed' } })
  })

  it('is not looked for in orders of a key that the account took on later, which nobody could check', () => {
    const found = (signer: Signer): readonly Evidence[] => {
      const orders = [thirty, forty].map(({ tx }) => ({ tx, authorisations: [authorise(tx, 'owner', signer)] }))
      return contradictingOrders(
        orders,
        orders.map((order, by) => voted(order, by).vote),
      )
    }
    expect(found(alice.signer)).toHaveLength(1)
    expect(found(signerOf('laptop'))).toEqual([])
  })

  it('is one fact however often the same was signed against it', () => {
    const ids = ['b', 'c', 'd'].map((value) => {
      const verdict = verifyEvidence({ kind: 'votes', first: vote('N', 'a'), second: vote('N', value) }, epochs)
      return verdict.ok ? toHex(offenceId(verdict.value)) : ''
    })
    expect(new Set(ids).size).toBe(1)
  })

  it('convicts nobody once a byte of it was changed, and never throws', () => {
    const bytes = encodeEvidence(proofs[0]?.[1] ?? { kind: 'votes', first: vote('N', 'a'), second: vote('N', 'b') })
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = decodeEvidence(bytes.with(at, (bytes[at] ?? 0) ^ mask))
        expect(changed.ok && verifyEvidence(changed.value, epochs).ok).toBe(false)
      }),
    )
    expect(decodeEvidence(new Uint8Array(maxEvidenceBytes + 1)).ok).toBe(false)
  })
})

describe('contradictions', () => {
  let scene: Scene
  beforeEach(() => {
    scene = createScene()
  })
  afterEach(() => scene.world.close())

  const collector = () => {
    const found: Evidence[] = []
    const sink: EvidenceSink = (evidence) => void found.push(evidence)
    const driver = createDriver({
      network: scene.world.network.addNode(`collector ${found.length}`),
      epochs: firstEpoch(scene.world.committee),
      clock: scene.world.clock,
      log: silentLog,
      found: sink,
    })
    return { found, sink, driver, offences: () => [...new Set(found.map(judged))] }
  }
  /** Witness 3 backs whatever it is asked about, and something else as well. */
  const twoFaced = (): void => {
    const liar = scene.world.witnesses[3]
    if (liar === undefined) throw new Error('no witness')
    liar.lie = (question) => {
      const asked = decodeRequest(question)
      const honest = decodeAnswer(liar.witness.exchange(question, scene.world.clock.nowMs()))
      if (!asked.ok || !honest.ok || asked.value.kind !== 'exchange' || honest.value.kind !== 'open') return null
      const { register } = asked.value
      const other = signStatement({ ...register, view: 0, kind: 'N', txHash: hash('something else') }, 3, witness(3))
      return encodeAnswer({ ...honest.value, votes: [...honest.value.votes, other] })
    }
  }

  it('of a witness are found by the driver that hears both, and by the witnesses it tells', async () => {
    const { driver, offences } = collector()
    const heard: Evidence[] = []
    scene.world.witnesses[0]?.witness.onEvidence((evidence) => heard.push(evidence))
    twoFaced()
    const decided = driver.decide(scene.alice.transfer(scene.bob.id, 5n, scene.world.genesis), [])
    expect(await passTime(scene.world.clock, decided)).toMatchObject({ ok: true })
    expect(offences()).toEqual(['two-notarizations'])
    expect([...new Set(heard.map(judged))]).toEqual(['two-notarizations'])
  })

  it('of an owner are found as soon as witnesses have backed both orders', async () => {
    const { world } = scene
    const [first, second] = [scene.alice.transfer(scene.bob.id, 30n, world.genesis), scene.alice.transfer(scene.bob.id, 40n, world.genesis)]
    world.witnesses.forEach((one, index) => {
      const order = index < 2 ? first : second
      const { governance, objectId, step } = order.tx
      const question = {
        register: { governance, objectId, step },
        orders: [order],
        votes: [],
        proposals: [],
        carried: [],
        wantSkip: false,
        decrees: [],
      }
      one.witness.exchange(encodeRequest({ kind: 'exchange', ...question }), world.clock.nowMs())
    })
    const { driver, offences, found } = collector()
    await passTime(world.clock, driver.decide(first, [], { timeoutMs: 60_000 }))
    expect(offences()).toEqual(['two-orders'])
    expect(verifyEvidence(found[0] ?? proofs[0]![1], epochs)).toMatchObject({ value: { account: scene.alice.id } })
  })

  it('of a whole committee are found by whoever is shown both, and such a witness votes no more once it was halted', async () => {
    const { world, alice: owner, bob: other } = scene
    const order = owner.transfer(other.id, 5n, world.genesis)
    const twin = owner.transfer(other.id, 6n, world.genesis)
    const certify = (one: AuthorisedTx) => {
      const { governance, objectId, step } = one.tx
      const about: Statement = { governance, objectId, step, view: 0, kind: 'F', txHash: txHash(one.tx) }
      const signatures = [0, 1, 2].map((index) => ({
        witnessIndex: index,
        signature: signStatement(about, index, witness(index)).signature,
      }))
      return { ...one, certificate: { statement: about, signatures } }
    }
    const shown = world.witnesses[0]?.witness
    const heard: Evidence[] = []
    shown?.onEvidence((evidence) => heard.push(evidence))
    const inform = (decree: ReturnType<typeof certify>) =>
      decodeAnswer(shown?.exchange(encodeRequest({ kind: 'inform', decrees: [decree] }), world.clock.nowMs()) ?? new Uint8Array())
    expect(inform(certify(order))).toMatchObject({ value: { kind: 'informed' } })
    expect(inform(certify(twin))).toMatchObject({ value: { kind: 'refused', refusal: 'halted' } })
    expect(heard.map(judged)).toEqual(['two-finals'])
    shown?.halt()
    const { governance } = order.tx
    const next = {
      register: { governance, objectId: hash('another'), step: 0 },
      orders: [],
      votes: [],
      proposals: [],
      carried: [],
      wantSkip: false,
      decrees: [],
    }
    const answer = shown?.exchange(encodeRequest({ kind: 'exchange', ...next }), world.clock.nowMs()) ?? new Uint8Array()
    expect(decodeAnswer(answer)).toMatchObject({ value: { kind: 'refused', refusal: 'halted' } })

    // Witness 1 holds the other of the two, so a member that catches up meets both.
    world.witnesses[1]?.witness.exchange(encodeRequest({ kind: 'inform', decrees: [certify(twin)] }), world.clock.nowMs())
    const { driver, offences } = collector()
    await passTime(world.clock, driver.fetchObject(owner.id, 0))
    expect(offences()).toEqual(['two-finals'])
  })

  it('are none in a day of honest trades, whatever races', async () => {
    const { found, sink } = collector()
    for (const one of scene.world.witnesses) one.witness.onEvidence(sink)
    const { state } = await scene.openBetween()
    // Release and delivery race: two writers, one step, no lie.
    const results = await passTime(
      scene.world.clock,
      Promise.all([
        scene.driver.decide(scene.move(state, { kind: 'release', receipt: null }, ['client']), [], { timeoutMs: 60_000 }),
        scene.world.driverOf('provider').decide(scene.move(state, scene.deliverNow(1n), ['provider']), [], { timeoutMs: 60_000 }),
      ]),
    )
    expect(results.filter(({ ok }) => ok).length).toBe(1)
    expect(found).toEqual([])
  })
})
