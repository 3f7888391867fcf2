import { keyFromSeed } from '../../identity/ed25519.ts'
import { createKeyTree } from '../../identity/keys.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { utf8 } from '../../platform/bytes.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { createDriver } from '../../settlement/driver.ts'
import { txHash } from '../../settlement/encoding.ts'
import type { Epoch, Epochs } from '../../settlement/epochs.ts'
import type { Evidence } from '../../settlement/evidence.ts'
import type { EscrowTerms, ObjectId } from '../../settlement/objects.ts'
import { signReceipt } from '../../settlement/signatures.ts'
import { hash, passTime } from '../../settlement/testing/world.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import { beginStream, sealChunk, transcriptOf, type Chunk } from '../../tasks/chunk-stream.ts'
import { commitmentOf } from '../../tasks/sealing.ts'
import { isCryptoBusy, watchCrypto } from '../../tasks/testing/crypto-watch.ts'
import { agree, startMember, type Member } from '../../wallet/testing/member.ts'
import { createRealFederation } from '../../wallet/testing/real-federation.ts'
import { createCourt } from '../court.ts'
import { createDesk, type Desk } from '../desk.ts'
import { createLetters } from '../letters.ts'
import { createParties, type Parties } from '../parties.ts'
import type { Material } from '../showing.ts'
import { createDisputeStore } from '../store.ts'

export const ruv = 1_000_000n
export const requester = createSigner(keyFromSeed(hash('requester')))
export const task = { salt: hash('salt'), prompt: 'Explain quorums.\nIn two lines.' }
export const nothing: Material = () => ({ task: null, answer: null, chunks: null })
export const wish = { statement: 'The answer is not what I asked for.', showsTask: true, showsAnswer: true }
const streamId = new Uint8Array(16).fill(5)

export type CourtWorld = ReturnType<typeof createCourtWorld>
export type PartyMember = Member & { readonly parties: Parties }

/** Four witnesses, two parties and three arbiters, each a node of its own on one network of memory. */
export const createCourtWorld = (rulesByItself: boolean) => {
  watchCrypto()
  const federation = createRealFederation(requester)
  const { clock, genesis, network } = federation
  const { epochs, changeRoster } = changing(federation.rules.epochs)
  const rules = { ...federation.rules, epochs }
  const found: Evidence[] = []
  const courts = federation.witnessNodes.map((node, index) => {
    const store = createDisputeStore(openMemoryDatabase())
    const isRevoked = federation.witnessStores[index]?.isRevoked ?? (() => false)
    createCourt({ store, rules, genesisCredits: genesis, clock, isRevoked, found: (evidence) => found.push(evidence) }).serve(node)
    return store
  })
  const stops: (() => void)[] = []
  const shared = (name: string, signer: Signer) => {
    const node = network.addNode(name)
    return {
      driver: createDriver({ network: node, epochs, clock, log: silentLog }),
      store: createDisputeStore(openMemoryDatabase()),
      letters: createLetters(node),
      signer,
      federationId: epochs.federationId,
      rules,
      clock,
      log: silentLog,
      random: createSeededRandom(name),
    }
  }
  /** Under the same signer it is the account on one more computer, with an empty disk. */
  const joinParty = (name: string, signer: Signer, material: Material): PartyMember => {
    const parts = shared(name, signer)
    const member = startMember(signer, openMemoryDatabase(), { rules, genesis, driver: parts.driver }, clock)
    const { escrows, wallet } = member
    const parties = createParties({ ...parts, escrows, keys: wallet.keys, material, changed: () => undefined })
    escrows.onChanged(({ state }) => parties.follow(state))
    const stop = (): void => {
      parties.stop()
      member.stop()
    }
    stops.push(stop)
    return { ...member, parties, stop }
  }
  const arbiterNamed = (name: string, place: number): Desk & { readonly signer: Signer } => {
    const secrets = federation.witnessSecrets[place]
    if (secrets === undefined) throw new Error('no such arbiter')
    const signer = createSigner(createKeyTree(secrets.accountEntropy).accountKey(0))
    const desk = createDesk({ ...shared(name, signer), genesisCredits: genesis, rulesByItself, changed: () => undefined })
    desk.start()
    stops.push(desk.stop)
    return { ...desk, signer }
  }
  const joinArbiter = (place: number) => arbiterNamed(`arbiter-${place}`, place)
  /** On another computer, with an empty disk. */
  const rejoinArbiter = (place: number) => arbiterNamed(`arbiter-${place}-again`, place)
  const until = async (isSo: () => boolean, what: string): Promise<void> => {
    for (let tries = 0; !isSo(); tries += 1) {
      if (tries > 8_000) throw new Error(`${what} did not happen`)
      for (let turn = 0; turn < 4 || isCryptoBusy(); turn += 1) await new Promise((resolve) => setImmediate(resolve))
      clock.advance(10)
    }
  }
  const pass = async (ms: number): Promise<void> => {
    const endMs = clock.nowMs() + ms
    await until(() => clock.nowMs() >= endMs, 'the time')
  }
  const wakeUp = async (...members: readonly Member[]): Promise<void> => {
    for (const { wallet, escrows } of members) {
      await passTime(clock, wallet.resume())
      await passTime(clock, escrows.resume())
    }
  }
  const providerSecrets = federation.providers[0]
  if (providerSecrets === undefined) throw new Error('no provider')
  const provider = createSigner(createKeyTree(providerSecrets.accountEntropy).accountKey(0))

  /** A delivered answer whose encrypted chunks exist, for 1 of 2 RUV. */
  const deliver = async (from: Member, to: Member, changes: Partial<EscrowTerms> = {}) => {
    const taskCommit = commitmentOf({ salt: task.salt, plaintext: utf8(task.prompt) })
    const wished = { amountMicro: 2n * ruv, taskCommit, nonce: hash('n').slice(0, 16), ...changes }
    const { terms, acceptSignature } = agree(from, to, clock, wished, epochs.federationId)
    const opened = await passTime(clock, from.wallet.openEscrow(terms, acceptSignature))
    if (!opened.ok) throw new Error(opened.error.message)
    await to.escrows.receive(opened.value)
    const id = txHash(opened.value.tx)
    const first = sealChunk(beginStream(hash('key'), id, streamId), utf8('Two of three agree.'), false)
    const last = sealChunk(first.stream, new Uint8Array(), true)
    const transcript = transcriptOf(last.stream)
    if (!transcript.ok) throw new Error(transcript.error.message)
    const times = { startedAtMs: 1, firstTokenAtMs: 2, finishedAtMs: 3, transcriptHash: transcript.value }
    const receipt = { escrowId: id, priceMicro: ruv, inputTokens: 5, outputTokens: 5, ...times }
    to.escrows.noteReceipt(signReceipt(epochs.federationId, receipt, to.signer))
    const delivered = await passTime(clock, to.escrows.deliver(id))
    if (!delivered.ok) throw new Error(delivered.error.message)
    await from.escrows.receive(delivered.value)
    return { id, chunks: [first.chunk, last.chunk] }
  }
  /** Both sides, each with all that it can show, and what was delivered between them. */
  const trade = async (changes: Partial<EscrowTerms> = {}) => {
    let chunks: readonly Chunk[] = []
    const client = joinParty('client', requester, () => ({ task, answer: 'Two of th', chunks: null }))
    const seller = joinParty('provider', provider, () => ({ task: null, answer: null, chunks: { streamId, chunks } }))
    await wakeUp(client, seller)
    const delivered = await deliver(client, seller, changes)
    chunks = delivered.chunks
    return { client, provider: seller, id: delivered.id }
  }
  const stop = (): void => stops.forEach((end) => end())
  const committee = epochs.newest().committee
  /** Of a node without any part in it. */
  const stranger = createLetters(network.addNode('stranger'))
  return {
    ...federation,
    rules,
    committee,
    courts,
    found,
    stranger,
    joinParty,
    joinArbiter,
    rejoinArbiter,
    until,
    pass,
    wakeUp,
    provider,
    deliver,
    trade,
    changeRoster,
    stop,
  }
}

/** The members' and the courts' view of the epochs, in which the roster can change; the witnesses vote in the first one all the same. */
const changing = (founded: Epochs) => {
  const first = founded.newest()
  let later: Epoch | null = null
  const epochs: Epochs = {
    ...founded,
    newest: () => later ?? first,
    get: (epoch) => (epoch === later?.committee.epoch ? later : founded.get(epoch)),
  }
  const changeRoster = (publicKey: Uint8Array): void => {
    const epoch = first.committee.epoch + 1
    later = {
      ...first,
      committee: { ...first.committee, epoch, arbiters: first.committee.arbiters.slice(0, 1).map((one) => ({ ...one, publicKey })) },
    }
  }
  return { epochs, changeRoster }
}

export const payoutOf = ({ escrows }: Member, id: ObjectId) => escrows.get(id)?.state.payout ?? null
