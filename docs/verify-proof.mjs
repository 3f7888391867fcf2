// Checks a proof of Claude Market without Claude Market: docs/verify.md in JavaScript, sharing no code with the program.
// `npm install @noble/ed25519 cborg`, then `node verify-proof.mjs FILE [FEDERATION-ID]`. What a quorum vouches for beside the steps
// themselves (deadlines, terms, phases of an escrow, which arbiters have a seat) is taken from it; `headless verify` checks that again.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { hashes, Point, verify } from '@noble/ed25519'
import { decode, encode } from 'cborg'

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
hashes.sha512 = (bytes) => new Uint8Array(createHash('sha512').update(bytes).digest())
const hex = (bytes) => Buffer.from(bytes).toString('hex')
const same = (a, b) => a !== undefined && b !== undefined && Buffer.compare(a, b) === 0
const tagged = (tag, federation, bytes) => sha256(tag, Uint8Array.of(0), federation, bytes)
const must = (holds, what) => {
  if (!holds) throw new Error(what)
}
const isPlain = (item) =>
  item === null || item instanceof Uint8Array || typeof item !== 'object' || (Array.isArray(item) && item.every(isPlain))

/** Only what would be written the same way again is read. */
const read = (text) => {
  const bytes = Buffer.from(text, 'base64url')
  must(bytes.toString('base64url') === text, 'not canonical base64url')
  const value = decode(bytes)
  must(isPlain(value) && same(encode(value), bytes), 'not canonical CBOR')
  return value
}

/** Strict Ed25519: neither the key nor R of small order. */
const signed = (tag, federation, bytes, signature, key) => {
  const point = Point.fromBytes(key, false)
  const isAdmitted = !point.isSmallOrder() && point.isTorsionFree() && hex(signature.subarray(0, 32)) !== `01${'00'.repeat(31)}`
  must(isAdmitted && verify(signature, tagged(tag, federation, bytes), key, { zip215: false }), `a signature under ${tag} does not hold`)
}

const committeeOf = (witnesses, faults, arbiters) => ({
  keys: witnesses.map(([key]) => key),
  quorum: 2 * faults + 1,
  roster: arbiters.map(([, key]) => key),
})
const creditId = (source, index) => hex(sha256(source, Buffer.from([0, 0, 0, index])))
const accountOf = (federation, key) => tagged('RUV1/ACCOUNT', federation, encode([0, key]))
const tagsOfRoles = ['RUV1/AUTH', 'RUV1/AUTH', 'RUV1/AUTH', 'RUV1/RULE', 'RUV1/EPOCH']

/** Roles that sign each move: release, refund, split, deliver, expire-refund, expire-release, dispute, seat-panel, rule, expire-default. */
const signersOfMoves = [[1], [2], [1, 2], [2], [], [], [1], [], null, []]

/** Who ordered a step is beside its certificate: exactly those roles that have to, with keys where the step alone names them. */
const isOrdered = ({ type, object, step, body, signers }, { keys, quorum, roster }, federation) => {
  const areOf = (members, as) => {
    const places = signers.map(({ role, key }) => (role === as ? members.findIndex((member) => same(member, key)) : -1))
    return places.length > 0 && places.every((place, at) => place > (places[at - 1] ?? -1))
  }
  if (type === 2) return signers.length === quorum && areOf(keys, 4)
  if (type === 1 && body[0] === 8) return areOf(roster, 3)
  const roles = type === 0 ? [0] : signersOfMoves[body[0]]
  const isFirst = type === 0 && step === 0
  return String(signers.map(({ role }) => role)) === String(roles) && (!isFirst || same(accountOf(federation, signers[0].key), object))
}

/** A decree: signed by those who ordered it, and final by a quorum of the committee that its certificate names. */
const final = ([tx, authorisations, [statement, signatures]], { federation, epochs }) => {
  const [type, [, object, step, previous, [home, epoch], [, nextEpoch], body]] = tx
  const [[saidHome, saidEpoch], saidObject, saidStep, , saidKind, saidHash] = statement
  const hash = tagged('RUV1/TX', federation, encode(tx))
  must(same(home, federation) && same(saidHome, federation), 'of another federation')
  must(saidKind === 2 && same(saidObject, object) && saidStep === step && same(saidHash, hash), 'a certificate of something else')
  must(type === 0 ? saidEpoch >= epoch : saidEpoch === epoch, 'a committee that does not decide this')
  const { keys, quorum } = epochs[saidEpoch] ?? {}
  must(signatures.length === quorum && signatures.every(([index], at) => at === 0 || index > signatures[at - 1][0]), 'not a quorum')
  for (const [index, signature] of signatures) signed('RUV1/VOTE', federation, encode(statement), signature, keys[index])
  for (const [role, key, signature] of authorisations) signed(tagsOfRoles[role], federation, hash, signature, key)
  const ordered = {
    type,
    object,
    step,
    previous,
    epoch,
    nextEpoch,
    body,
    hash,
    signers: authorisations.map(([role, key]) => ({ role, key })),
  }
  must(isOrdered(ordered, epochs[epoch], federation), 'not signed as it has to be')
  return ordered
}
const continues = (chain, { object, step, previous }) =>
  must(same(object, chain.id) && step === chain.step + 1 && same(previous, chain.head), 'not the next step of its chain')

const takeEpoch = (state, decree) => {
  const next = final(decree, state)
  continues({ id: state.federation, step: state.epochs.length - 1, head: state.head }, next)
  must(next.type === 2 && next.epoch === next.step - 1, 'not a new epoch')
  state.epochs.push(committeeOf(...next.body))
  state.head = next.hash
}

/** An escrow's next step; `paid` once it is settled: to the provider, and the rest to the client. */
const takeEscrow = (escrow, decree, state) => {
  const { type, body, hash, step, signers, ...rest } = final(decree, state)
  if (escrow === null) {
    must(type === 0 && body[1][0] === 1, 'not the opening of an escrow')
    return { id: hash, head: hash, step: 0, terms: body[1][1][0], price: body[1][1][0][4], paid: null }
  }
  continues(escrow, { ...rest, step })
  const [[move, fields], { terms, price }] = [body, escrow]
  // A side's key in the terms, or the first key of its account.
  const actsFor = (at, key) => same(key, terms[at + 1]) || same(accountOf(state.federation, key), terms[at])
  const isByParties = signers.every(({ role, key }) => actsFor(role === 1 ? 0 : 2, key))
  must(type === 1 && (move === 8 ? signers.length === terms[15][1] : isByParties), 'not signed as it has to be')
  const half = Number(BigInt(price) / 2n)
  const released = move === 0 ? (fields[0]?.[0][1] ?? price) : 0
  const toProvider = [released, 0, fields[0], null, 0, price, null, null, [price, 0, half][fields[0]], half][move]
  const paid = toProvider === null ? null : [toProvider, terms[4] - toProvider]
  return { ...escrow, head: hash, step, price: move === 3 ? fields[2] : price, paid }
}

/** A transfer with a mark of its order is one. */
const operationOf = (kind) => (kind === 6 ? 0 : kind)

/** An account's next step: it takes in proven credits, each once, and its balance has to be what is left. */
const takeAccount = (account, decree, state) => {
  const { type, object, step, body, hash, nextEpoch, signers, ...rest } = final(decree, state)
  const [claims, [kind, fields], freeAfter] = body
  const operation = operationOf(kind)
  const born = { id: object, head: new Uint8Array(32), step: -1, keys: [signers[0]?.key], free: 0, claimed: new Set() }
  const before = account ?? born
  continues(before, { ...rest, object, step })
  must(type === 0, 'not an account')
  const mayOrder = operation >= 2 && operation <= 4 ? before.keys.slice(0, 1) : before.keys
  must(
    mayOrder.some((key) => same(key, signers[0].key)),
    'not ordered by its owner',
  )
  must(nextEpoch < state.epochs.length, 'an epoch that is not shown')
  let free = before.free - (operation === 0 ? fields[1] : operation === 1 ? fields[0][4] : 0)
  for (const claim of claims.map(hex)) {
    const credit = state.credits.get(claim) ?? state.firstCredits.get(claim)
    must(credit !== undefined && hex(credit.to) === hex(object) && !before.claimed.has(claim), 'a claim that is not proven, or made twice')
    before.claimed.add(claim)
    state.credits.delete(claim)
    free += credit.amount
  }
  must(free >= 0 && free === freeAfter && state.credits.size === 0, 'the balance is not right, or a credit is not claimed')
  const [owner, ...devices] = before.keys
  const kept = operation === 3 ? devices.filter((key) => !same(key, fields[0])) : devices
  const keys = [operation === 4 ? fields[0] : owner, ...kept, ...(operation === 2 ? [fields[0]] : [])]
  return { ...before, head: hash, step, free, keys }
}

/** A decree that pays this account, or one of an escrow that does when it is settled; gives the escrow that is not settled yet. */
const takeCredit = (escrow, decree, state, id) => {
  const [type, [, , , , , , body]] = decree[0]
  const isTransfer = escrow === null && type === 0 && operationOf(body[1][0]) === 0
  const next = isTransfer ? null : takeEscrow(escrow, decree, state)
  const source = isTransfer ? final(decree, state).hash : next.head
  const paid = isTransfer ? [[body[1][1][0], body[1][1][1]]] : [2, 0].map((party, at) => [next.terms[party], next.paid?.[at] ?? 0])
  const mine = paid.flatMap(([to, amount], index) => (hex(to) === id && amount > 0 ? [[creditId(source, index), { to, amount }]] : []))
  for (const [credit, value] of mine) state.credits.set(credit, value)
  must(mine.length > 0 || next?.paid === null, 'a credit of somebody else')
  return next?.paid === null ? next : null
}

const takeDecree = (_, decree, state) => ({ ...final(decree, state), id: final(decree, state).hash })
const takeStep = { account: takeAccount, escrow: takeEscrow, decree: takeDecree }

/** Gives what the file proves; throws at the first thing that does not hold. */
export const verifyProof = (text, expectedFederation = null) => {
  const lines = text.split('\n')
  must(lines.pop() === '' && lines.at(-1) === `end ${lines.length - 1}`, 'the file is not whole')
  const [, subject, id] = /^subject (account|escrow|decree) ([0-9a-f]{64})$/.exec(lines[1]) ?? []
  must(lines[0] === 'claude-market-proof 1' && subject !== undefined && lines[2].startsWith('genesis '), 'not a proof')
  const [genesis, signature] = read(lines[2].slice(8))
  const [, name, , , founderKey, witnesses, faults, arbiters, supply] = genesis
  const federation = tagged('RUV1/GENESIS', new Uint8Array(32), encode(genesis))
  must(expectedFederation === null || hex(federation) === expectedFederation, 'another federation')
  signed('RUV1/GENESIS', new Uint8Array(32), encode(genesis), signature, founderKey)
  const firstCredits = new Map(supply.map(([key, amount], at) => [creditId(federation, at), { to: accountOf(federation, key), amount }]))
  const state = { federation, epochs: [committeeOf(witnesses, faults, arbiters)], head: federation, firstCredits, credits: new Map() }
  const steps = lines.slice(3, -1).findIndex((line) => !line.startsWith('epoch ')) + 3
  for (const line of lines.slice(3, steps)) takeEpoch(state, read(line.slice(6)))
  let [shown, paying] = [null, null]
  for (const line of lines.slice(steps, -1)) {
    const [, word, value] = /^(step|credit) ([A-Za-z0-9_-]+)$/.exec(line) ?? must(false, 'a line out of order')
    must(word === 'credit' ? subject === 'account' : paying === null && (subject !== 'decree' || shown === null), 'a line out of order')
    if (word === 'credit') paying = takeCredit(paying, read(value), state, id)
    else shown = takeStep[subject](shown, read(value), state)
  }
  must(shown !== null && hex(shown.id) === id && paying === null && state.credits.size === 0, 'it shows something else')
  return { federation: hex(federation), name, subject, id, step: shown.step, free: shown.free, paid: shown.paid }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(JSON.stringify(verifyProof(readFileSync(process.argv[2], 'utf8'), process.argv[3] ?? null)))
