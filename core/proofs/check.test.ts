import { describe, expect, it } from 'vitest'
import { fromBase64Url, toBase64Url, toHex } from '../platform/bytes.ts'
import { decodeDecree, encodeDecree, txHash } from '../settlement/encoding.ts'
import type { Authorisation, Decree } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import { checkProof, createProofCheck } from './check.ts'
import { maxLineCharacters } from './file.ts'
import { readProof } from './export.ts'
import { reportOf } from './report.ts'
import { createNotary, createStory, proofText, signerOf } from './testing/notary.ts'
import { verifyProof } from './testing/stranger.ts'

const story = createStory()
const { alice, bob, work, failed, notary, paid } = story
const proofOfAlice = proofText(alice.sources, { kind: 'account', id: alice.id })
const proofOfBob = proofText(bob.sources, { kind: 'account', id: bob.id })
const proofOfWork = proofText(alice.sources, { kind: 'escrow', id: work.id })
const proofOfPaid = proofText(alice.sources, { kind: 'decree', id: txHash(paid.tx) })
const federationId = toHex(notary.federation.id)

/** The verdicts of both implementations; what they say of a good proof is compared in a test of its own. */
const verdictsOn = (text: string): readonly [string, string] => {
  const checked = checkProof(text)
  return [checked.ok ? 'holds' : checked.error.code, strangerAccepts(text) ? 'holds' : 'refused']
}
const strangerAccepts = (text: string): boolean => {
  try {
    verifyProof(text)
    return true
  } catch {
    return false
  }
}
const problemOf = (text: string) => {
  const checked = checkProof(text)
  if (checked.ok) throw new Error('it holds')
  const { code, line, step } = checked.error
  return { code, line, step }
}

/** The file of these lines, with an end that counts them. */
const fileOf = (lines: readonly string[]): string => `${[...lines, `end ${lines.length}`].join('\n')}\n`
const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -2)
const changed = (text: string, change: (lines: readonly string[]) => readonly string[]): string => fileOf(change(linesOf(text)))
const decreeIn = (line: string): Decree => {
  const decree = decodeDecree(fromBase64Url(line.split(' ')[1]!))
  if (!decree.ok) throw new Error(decree.error.message)
  return decree.value
}
const lineOf = (word: string, decree: Decree): string => `${word} ${toBase64Url(encodeDecree(decree))}`
/** One decree of the proof replaced by what becomes of it. */
const edited = (text: string, at: number, change: (decree: Decree) => Decree): string =>
  changed(text, (lines) => {
    const place = at < 0 ? lines.length + at : at
    return lines.with(place, lineOf(lines[place]!.split(' ')[0]!, change(decreeIn(lines[place]!))))
  })
const withSignatures =
  (change: (signatures: Decree['certificate']['signatures']) => Decree['certificate']['signatures']) =>
  (decree: Decree): Decree => ({ ...decree, certificate: { ...decree.certificate, signatures: change(decree.certificate.signatures) } })

describe('a proof that holds', () => {
  it('of an account comes to its balance and to what came in and went out', () => {
    const shown = [proofOfAlice, proofOfBob].map((text) => checkProof(text))
    expect(shown.map((one) => (one.ok ? one.value.about : one.error))).toEqual([
      { kind: 'account', state: alice.state(), sums: { receivedMicro: 1_007_000_000n, paidMicro: 10_000_000n, lockedMicro: 10_000_000n } },
      { kind: 'account', state: bob.state(), sums: { receivedMicro: 13_000_000n, paidMicro: 3_000_000n, lockedMicro: 0n } },
    ])
  })

  it('of an escrow comes to its payout, and of one decree to what it orders', () => {
    const [escrow, decree] = [checkProof(proofOfWork), checkProof(proofOfPaid)]
    expect(escrow).toMatchObject({
      value: { about: { state: { phase: 'settled', payout: { providerMicro: 3_000_000n, clientMicro: 2_000_000n } } } },
    })
    expect(decree).toMatchObject({ value: { about: { kind: 'decree', decree: paid } } })
  })

  it('is the same for a stranger’s own program that shares no code with this one', () => {
    const shown = [proofOfAlice, proofOfBob, proofOfWork, proofOfPaid].map((text) => verifyProof(text, federationId))
    expect(shown.map(({ federation, step, free, paid: payout }) => ({ federation, step, free, payout }))).toEqual([
      { federation: federationId, step: alice.state().step, free: Number(alice.state().freeMicro), payout: undefined },
      { federation: federationId, step: bob.state().step, free: Number(bob.state().freeMicro), payout: undefined },
      { federation: federationId, step: 1, free: undefined, payout: [3_000_000, 2_000_000] },
      { federation: federationId, step: 0, free: undefined, payout: undefined },
    ])
  })

  it('holds for the federation that was asked for, and for no other', () => {
    const other = createNotary('Another').federation.id
    expect(checkProof(proofOfAlice, notary.federation.id).ok).toBe(true)
    expect(checkProof(proofOfAlice, other)).toMatchObject({ error: { code: 'other-federation', line: 3 } })
  })

  it('is the same when it comes in small pieces, and when it is exported page by page while the chain grows', () => {
    const check = createProofCheck()
    for (let at = 0; at < proofOfBob.length; at += 777) expect(check.take(proofOfBob.slice(at, at + 777))).toBe(null)
    expect(check.end()).toMatchObject({ ok: true })
    const growing = createStory()
    const subject = { kind: 'account', id: growing.alice.id } as const
    const cursor = `1.${growing.alice.state().step}.3.0.5`
    const [whole, rest] = [proofText(growing.alice.sources, subject), readProof(growing.alice.sources, subject, cursor)]
    growing.alice.pay(growing.bob.id, 1n)
    expect(readProof(growing.alice.sources, subject, cursor)).toEqual(rest)
    expect(whole.endsWith(rest.ok ? rest.value.part : 'nothing')).toBe(true)
    expect(readProof(growing.alice.sources, subject, 'x')).toMatchObject({ error: { code: 'invalid-input' } })
    expect(readProof(growing.alice.sources, { kind: 'escrow', id: growing.bob.id }, null)).toMatchObject({ error: { code: 'not-found' } })
  })
})

const other = createNotary('Another federation')
const othersAlice = other.member('alice')
other.member('bob')
const foreignDecree = othersAlice.pay(bob.id, 10_000_000n, other.genesis)
const [subjectLine, genesisLine, epochLine, firstStep] = [1, 2, 3, 4]
const w3 = signerOf('w3')
const last = linesOf(proofOfAlice).length - 1

/** What is done to a proof, and the code, line and step with which it is refused. Lines count from 1. */
const tampered: readonly (readonly [string, string, string, number | null, number | null])[] = [
  ['an empty file', '', 'not-a-proof', null, null],
  ['another file', 'hello\n', 'not-a-proof', 1, null],
  ['a later version', proofOfAlice.replace('proof 1', 'proof 2'), 'newer-version', 1, null],
  ['a line without an end', 'x'.repeat(maxLineCharacters + 1), 'too-long', null, null],
  ['other line ends', proofOfAlice.replaceAll('\n', '\r\n'), 'not-a-proof', 1, null],
  ['no end', proofOfAlice.slice(0, proofOfAlice.lastIndexOf('end')), 'truncated', null, null],
  ['half a line', proofOfAlice.slice(0, -200), 'truncated', null, null],
  ['an end that counts other lines', proofOfAlice.replace(/end \d+/, 'end 7'), 'truncated', null, null],
  ['data after the end', `${proofOfAlice}x\n`, 'extra-data', last + 3, null],
  ['data after the end without a line break', `${proofOfAlice}x`, 'extra-data', last + 3, null],
  ['a comment', changed(proofOfAlice, (lines) => lines.toSpliced(2, 0, '# mine')), 'out-of-order', 3, null],
  ['a second word on a line', changed(proofOfAlice, (lines) => lines.with(last, `${lines[last]} x`)), 'out-of-order', last + 1, 4],
  ['no subject', changed(proofOfAlice, (lines) => lines.toSpliced(subjectLine, 1)), 'out-of-order', 2, null],
  ['two genesis documents', changed(proofOfAlice, (lines) => lines.toSpliced(3, 0, lines[genesisLine]!)), 'out-of-order', 4, null],
  ['the subject of another account', proofOfAlice.replace(toHex(alice.id), toHex(bob.id)), 'other-subject', firstStep + 1, 0],
  ['the subject of another escrow', proofOfWork.replace(toHex(work.id), toHex(failed.id)), 'other-subject', 5, 0],
  ['an account called an escrow', proofOfAlice.replace('subject account', 'subject escrow'), 'missing-history', firstStep + 1, 0],
  [
    'another genesis document',
    changed(proofOfAlice, (lines) => lines.with(2, linesOf(proofText(othersAlice.sources, { kind: 'account', id: othersAlice.id }))[2]!)),
    'wrong-federation',
    4,
    null,
  ],
  ['no epochs', changed(proofOfAlice, (lines) => lines.toSpliced(epochLine, 1)), 'unknown-epoch', null, 3],
  ['an epoch twice', changed(proofOfAlice, (lines) => lines.toSpliced(epochLine, 0, lines[epochLine]!)), 'wrong-step', 5, null],
  [
    'an epoch after the steps',
    changed(proofOfAlice, (lines) => [...lines.toSpliced(epochLine, 1), lines[epochLine]!]),
    'unknown-epoch',
    null,
    3,
  ],
  [
    'an epoch without an endorsement',
    edited(proofOfAlice, epochLine, (decree) => ({ ...decree, authorisations: decree.authorisations.slice(1) })),
    'not-authorised',
    4,
    null,
  ],
  [
    'a foreign endorsement',
    edited(proofOfAlice, epochLine, (decree) => ({
      ...decree,
      authorisations: decree.authorisations.with(2, authorise(decree.tx, 'member', signerOf('eve'))),
    })),
    'not-authorised',
    4,
    null,
  ],
  [
    'a signature less',
    edited(
      proofOfAlice,
      -1,
      withSignatures((signatures) => signatures.slice(1)),
    ),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'a signature more',
    edited(
      proofOfAlice,
      firstStep,
      withSignatures((signatures) => [...signatures, { witnessIndex: 3, signature: signatures[0]!.signature }]),
    ),
    'bad-certificate',
    firstStep + 1,
    0,
  ],
  [
    'a signature repeated',
    edited(
      proofOfAlice,
      -1,
      withSignatures((signatures) => signatures.with(2, signatures[1]!)),
    ),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'signatures in another order',
    edited(
      proofOfAlice,
      -1,
      withSignatures((signatures) => signatures.toReversed()),
    ),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'a foreign signature',
    edited(
      proofOfAlice,
      -1,
      withSignatures((signatures) => signatures.with(2, { ...signatures[2]!, signature: w3.sign('RUV1/VOTE', alice.id, alice.id) })),
    ),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'a removed witness’s signature',
    edited(proofOfAlice, -1, ({ tx, authorisations }) =>
      notary.certify(
        { tx, authorisations },
        {
          signers: [
            [0, 'w0'],
            [1, 'w1'],
            [3, 'w3'],
          ],
        },
      ),
    ),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'the signatures of another epoch',
    edited(proofOfAlice, -1, ({ tx, authorisations }) => notary.certify({ tx, authorisations }, { epoch: 0 })),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'a notarization',
    edited(proofOfAlice, -1, ({ tx, authorisations }) => notary.certify({ tx, authorisations }, { statement: { kind: 'N' } })),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'the certificate of another step',
    edited(proofOfAlice, -1, (decree) => ({ ...decree, certificate: paid.certificate })),
    'bad-certificate',
    last + 1,
    4,
  ],
  [
    'an epoch that is not shown',
    edited(proofOfAlice, -1, ({ tx, authorisations }) => {
      const { governance } = tx
      const decree = notary.certify({ tx, authorisations })
      return {
        ...decree,
        certificate: { ...decree.certificate, statement: { ...decree.certificate.statement, governance: { ...governance, epoch: 7 } } },
      }
    }),
    'unknown-epoch',
    last + 1,
    4,
  ],
  [
    'a step of another federation',
    changed(proofOfAlice, (lines) => lines.with(firstStep, lineOf('step', foreignDecree))),
    'wrong-federation',
    firstStep + 1,
    0,
  ],
  [
    'an order without its signature',
    edited(proofOfAlice, -1, (decree) => ({ ...decree, authorisations: [] })),
    'not-authorised',
    last + 1,
    4,
  ],
  [
    'an order signed by somebody else',
    edited(proofOfAlice, firstStep, ({ tx }) => notary.certify({ tx, authorisations: [authorise(tx, 'owner', bob.signer)] })),
    'wrong-object',
    firstStep + 1,
    0,
  ],
  ['a history without its beginning', changed(proofOfAlice, (lines) => lines.toSpliced(firstStep, 1)), 'wrong-step', firstStep + 1, 0],
  ['a gap', changed(proofOfAlice, (lines) => lines.toSpliced(firstStep + 1, 1)), 'wrong-step', firstStep + 2, 1],
  ['a step twice', changed(proofOfAlice, (lines) => lines.toSpliced(firstStep, 0, lines[firstStep]!)), 'wrong-step', firstStep + 2, 1],
  [
    'steps in another order',
    changed(proofOfAlice, (lines) => lines.with(firstStep, lines[firstStep + 1]!).with(firstStep + 1, lines[firstStep]!)),
    'wrong-step',
    firstStep + 1,
    0,
  ],
  ['a credit that nobody claims', changed(proofOfAlice, (lines) => [...lines, lineOf('credit', bob.chain[0]!)]), 'extra-data', null, 5],
  [
    'a credit of somebody else',
    changed(proofOfAlice, (lines) => lines.toSpliced(firstStep, 0, lineOf('credit', paid))),
    'extra-data',
    firstStep + 1,
    0,
  ],
  [
    'a claim without its proof',
    changed(proofOfBob, (lines) =>
      lines.filter((line, at) => at === 0 || !line.startsWith('credit') || lines[at - 1]!.startsWith('credit')),
    ),
    'missing-history',
    null,
    0,
  ],
  ['an account step behind one decree', changed(proofOfPaid, (lines) => [...lines, lines.at(-1)!]), 'extra-data', 6, null],
]

describe('a proof that was tampered with', () => {
  it.each(tampered)('is refused by both: %s', (_, text, code, line, step) => {
    const problem = problemOf(text)
    expect({ code: problem.code, step: problem.step }).toEqual({ code, step })
    if (line !== null) expect(problem.line).toBe(line)
    expect(strangerAccepts(text)).toBe(false)
  })

  it('never holds with one character changed, wherever it is', () => {
    const accepted: number[] = []
    for (let at = 0; at < proofOfBob.length; at += 23) {
      const was = proofOfBob[at]!
      const text = `${proofOfBob.slice(0, at)}${was === 'A' ? 'B' : 'A'}${proofOfBob.slice(at + 1)}`
      if (checkProof(text).ok) accepted.push(at)
    }
    expect(accepted).toEqual([])
  })
})

/** A device opens what its owner ends, an arbiter ends what the two do not agree about, and the witnesses change. */
const trial = (() => {
  const at = createNotary('Trial')
  const [cleo, pete] = [at.member('alice'), at.member('pete')]
  const laptop = signerOf('laptop')
  cleo.do({ kind: 'register-device', deviceKey: laptop.publicKey }, at.genesis)
  const released = at.openEscrowBetween(cleo, pete, [], laptop)
  released.release(3_000_000n)
  const judged = at.openEscrowBetween(cleo, pete)
  judged.judge(3_000_000n, 'half')
  const changing = at.change(['w0', 'w1', 'w2', 'w4'])
  const earned = at.learn(released.chain).filter(({ account }) => toHex(account) === toHex(pete.id))
  pete.do({ kind: 'claim-only' }, earned)
  const proofOf = (kind: 'account' | 'escrow', id: Uint8Array): string =>
    proofText((kind === 'account' ? pete : cleo).sources, { kind, id })
  const alone = (decree: Decree): string =>
    proofText({ ...cleo.sources, decreeOf: () => decree }, { kind: 'decree', id: txHash(decree.tx) })
  return {
    'an escrow that an owner released and its device opened': proofOf('escrow', released.id),
    'an escrow that an arbiter ended': proofOf('escrow', judged.id),
    'an account that takes in what an owner released': proofOf('account', pete.id),
    'a first step alone': alone(cleo.chain[0]!),
    'a later step alone': alone(cleo.chain[1]!),
    'a release alone': alone(released.chain.at(-1)!),
    'a seated panel alone': alone(judged.chain.at(-2)!),
    'a ruling alone': alone(judged.chain.at(-1)!),
    'a new epoch alone': alone(changing),
  }
})()

const mallory = signerOf('mallory')
/** What can be done to those who signed a step, without its certificate noticing. */
const forgeriesOf = ({ tx, authorisations }: Decree): readonly (readonly [string, readonly Authorisation[]])[] => {
  const oneMore = ['one more', [...authorisations, authorise(tx, 'owner', mallory)]] as const
  const [first, ...others] = authorisations
  if (first === undefined) return [oneMore]
  return [
    oneMore,
    ['one less', others],
    ['one twice', [...authorisations, first]],
    ['another signer', [authorise(tx, first.role, mallory), ...others]],
    ['another signer in another role', [authorise(tx, 'arbiter', mallory), ...others]],
    ['another role', [{ ...first, role: first.role === 'client' ? 'provider' : 'client' }, ...others]],
    ['another key', [{ ...first, publicKey: mallory.publicKey }, ...others]],
    ['another signature', [{ ...first, signature: first.signature.with(3, first.signature[3]! ^ 1) }, ...others]],
  ]
}
/** What a proof says, or why it says nothing. */
const saidBy = (text: string): string => {
  const checked = checkProof(text)
  return checked.ok ? JSON.stringify(reportOf(checked.value)) : checked.error.code
}

describe('who signed a step stands beside its certificate:', () => {
  it.each(Object.entries(trial))('%s holds for both', (_, text) => {
    expect(verdictsOn(text)).toEqual(['holds', 'holds'])
  })

  it.each(Object.entries(trial))('whatever is done to it in %s, both refuse it, or it says what was said before', (_, text) => {
    const good = saidBy(text)
    const differing = linesOf(text).flatMap((line, place) => {
      const decree = /^(?:epoch|credit|step) /.test(line) ? decreeIn(line) : null
      return (decree === null ? [] : forgeriesOf(decree)).flatMap(([name, authorisations]) => {
        const forged = edited(text, place, (was) => ({ ...was, authorisations }))
        const [ours, theirs] = [saidBy(forged), strangerAccepts(forged)]
        const isRefused = ours === 'not-authorised' || ours === 'wrong-object'
        return isRefused !== theirs && (isRefused || ours === good) ? [] : [`line ${place + 1}, ${name}: ${ours}, ${theirs}`]
      })
    })
    expect(differing).toEqual([])
  })

  it.each(['a first step alone', 'a ruling alone', 'a new epoch alone'] as const)('%s names who may have signed it', (name) => {
    const forged = edited(trial[name], -1, ({ tx, authorisations: [first, ...others], ...rest }) => {
      return { ...rest, tx, authorisations: [authorise(tx, first!.role, mallory), ...others] }
    })
    expect(verdictsOn(forged)).toEqual(['not-authorised', 'refused'])
  })
})

describe('what a quorum of liars would certify', () => {
  it('is refused where it breaks the ledger: a credit claimed twice, money out of nothing', () => {
    const lying = createStory()
    const { alice: owner, notary: by } = lying
    const claimed = by.learn(lying.work.chain).filter(({ account }) => toHex(account) === toHex(owner.id))
    const step = owner.state().step + 1
    owner.append(by.certify(owner.order({ kind: 'claim-only' }, claimed)))
    const twice = proofText(owner.sources, { kind: 'account', id: owner.id })
    expect([problemOf(twice).code, problemOf(twice).step]).toEqual(['already-claimed', step])
    expect(verdictsOn(twice)[1]).toBe('refused')
    const inventing = createStory()
    const order = inventing.alice.order({ kind: 'transfer', to: inventing.bob.id, amountMicro: 1n, memo: '' }, [], {
      body: { freeAfterMicro: 5_000_000_000n },
    })
    inventing.alice.append(inventing.notary.certify(order))
    const invented = proofText(inventing.alice.sources, { kind: 'account', id: inventing.alice.id })
    expect(verdictsOn(invented)).toEqual(['wrong-balance', 'refused'])
  })
})
