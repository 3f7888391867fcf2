import { createMemoryNetwork } from '../../network/memory.ts'
import type { RequestHandler } from '../../network/port.ts'
import { equalBytes } from '../../platform/bytes.ts'
import { createManualClock } from '../../platform/clock.ts'
import { silentLog } from '../../platform/log.ts'
import { createSeededRandom } from '../../platform/random.ts'
import { firstEpoch } from '../../settlement/epochs.ts'
import { committeeOf, federationId, hash, passTime, signerOf } from '../../settlement/testing/world.ts'
import { openMemoryDatabase } from '../../storage/testing/memory-database.ts'
import { isCryptoBusy, watchCrypto } from '../../tasks/testing/crypto-watch.ts'
import { createCopyKeeper } from '../keeper.ts'
import { emptyContent, type Content, type CopiedTask, type SealedCopy } from '../model.ts'
import { createCopies } from '../service.ts'
import { createCopyStore } from '../store.ts'

/** An account with two computers, and four witnesses that keep its sealed copies. */
export const ann = signerOf('ann')
export const laptop = signerOf('laptop')
export const account = hash('account of ann')

export const taskOf = (name: string, prompt = 'Say something.'): CopiedTask => ({
  id: hash(name),
  askedAtMs: 1,
  prompt,
  salt: hash('salt'),
  classKey: 'practice-small',
  maxOutputTokens: 10,
  maxPriceMicro: 5n,
  mode: 'best',
  deadlineMs: 2,
  state: 'running',
  number: 0,
  bidId: hash('bid'),
  bid: new Uint8Array(40),
  escrow: hash(`escrow of ${name}`),
  resultKey: hash('result'),
  streamId: null,
  sealed: null,
  receipt: null,
  answer: '',
  hold: null,
})
export const contentOf = (...names: readonly string[]): Content => ({ ...emptyContent, tasks: names.map((name) => taskOf(name)) })

/** `lies`: what witnesses answer that do not keep to the protocol, by their places. */
export const createCopyWorld = (lies: Readonly<Record<number, RequestHandler>> = {}) => {
  watchCrypto()
  const clock = createManualClock(1_750_000_000_000)
  const network = createMemoryNetwork({ clock })
  const committee = committeeOf(4)
  const stores = committee.witnesses.map(() => createCopyStore(openMemoryDatabase()))
  const isOurs = (key: Uint8Array): boolean => [ann, laptop].some(({ publicKey }) => equalBytes(publicKey, key))
  const maySpeakFor = (_account: Uint8Array, key: Uint8Array): boolean => isOurs(key)
  const keepers = stores.map((store) => createCopyKeeper({ store, federationId, clock, maySpeakFor }))
  committee.witnesses.forEach(({ peerId }, index) => {
    const answer = lies[index]
    const node = network.addNode(peerId)
    if (answer === undefined) keepers[index]?.serve(node)
    else node.serve('copies', answer)
  })
  let folders = 0
  /** A data folder of the account; made again on the same database, it is that folder after a restart. */
  const folder = (db = openMemoryDatabase(), signer = ann, sealTo: Uint8Array | null = null, backup: SealedCopy | null = null) => {
    const adopted: Content[] = []
    const others: Content[] = []
    const filed: Content[] = []
    const state = { content: emptyContent as Content }
    const copies = createCopies({
      store: createCopyStore(db),
      network: network.addNode(`member-${++folders}`),
      epochs: firstEpoch(committee),
      federationId,
      account,
      signer,
      sealTo,
      isOurs,
      clock,
      random: createSeededRandom(`folder ${folders}`),
      log: silentLog,
      gather: () => state.content,
      backup,
      adopt: (content, from) => void (from === 'file' ? filed : adopted).push(content),
      adoptOther: (content) => void others.push(content),
    })
    const open = async (content: Content): Promise<void> => {
      state.content = content
      copies.touch()
      await rest()
    }
    return { db, copies, adopted, others, filed, open }
  }
  const rest = async (): Promise<void> => {
    for (let stride = 0; stride < 80; stride += 1) {
      clock.advance(100)
      for (let turn = 0; turn < 12 || isCryptoBusy(); turn += 1) await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const wait = <T>(work: Promise<T>): Promise<T> => passTime(clock, work)
  return { clock, network, keepers, stores, folder, rest, wait, kept: () => stores.map((store) => store.keptCount()) }
}
