import { createEscrows, type Escrows } from '../escrow/service.ts'
import { assert } from '../platform/assert.ts'
import { decodeBytes, encodeBytes, record, variant } from '../platform/codec.ts'
import { createDriver } from '../settlement/driver.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { authorisedTxCodec, decreeCodec, signedReceiptCodec } from '../settlement/encoding.ts'
import type { AccountId, AuthorisedTx, Decree, SignedUsageReceipt } from '../settlement/objects.ts'
import type { Network } from '../network/port.ts'
import { createWallet, type Wallet } from '../wallet/service.ts'
import { equalBytes } from '../platform/bytes.ts'
import { createLife, createMortalDatabase, type CrashPoint, type Life } from './life.ts'
import { createPower, imageOf, restoreImage, type DiskImage } from './disks.ts'
import type { Signer } from '../identity/signing.ts'
import type { World } from './world.ts'

/** What parties tell each other beside the settlement; the market's own messages carry much more. */
export type PartyMessage =
  | { readonly kind: 'decree'; readonly decree: Decree }
  | { readonly kind: 'receipt'; readonly receipt: SignedUsageReceipt }
  | { readonly kind: 'split'; readonly order: AuthorisedTx }
const messageCodec = variant<PartyMessage>({
  decree: record({ decree: decreeCodec }),
  receipt: record({ receipt: signedReceiptCodec }),
  split: record({ order: authorisedTxCodec }),
})
const maxMessageBytes = 65_536
export const encodeMessage = (message: PartyMessage): Uint8Array => encodeBytes(messageCodec, message)
export const decodeMessage = (bytes: Uint8Array): PartyMessage | null => {
  const decoded = decodeBytes(messageCodec, bytes, maxMessageBytes, 'message')
  return decoded.ok ? decoded.value : null
}

/** An honest member: wallet and escrows on one database, which outlives its crashes. */
export type PartyProcess = {
  readonly index: number
  readonly start: () => void
  /** Copies its disk, if it has one by now. */
  readonly copy: () => void
  /** Dies, and goes on from the copy. */
  readonly putBack: () => void
  readonly crash: (point: CrashPoint | 'between', downMs: number) => void
  readonly heal: () => void
  /** For good. */
  readonly end: () => void
  readonly isGone: () => boolean
  readonly running: () => Running | null
}
export type Running = {
  /** Signs for the account. */
  readonly signer: Signer
  readonly life: Life
  readonly wallet: Wallet
  readonly escrows: Escrows
  readonly driver: Driver
  readonly tell: (to: AccountId, message: PartyMessage) => void
}

/** A second computer of the first party. */
export const createTwinProcess = (world: World, device: Exclude<World['plan']['twin'], 'none'>): PartyProcess => {
  const { parties, deviceSigner } = world.federation
  const [owner] = parties
  assert(owner !== undefined, 'a party of the federation')
  return createPartyProcess(world, 0, {
    peerId: `${owner.peerId}-twin`,
    signer: device === 'same-key' ? owner.signer : deviceSigner,
  })
}

const hear = ({ wallet, escrows }: Running, message: PartyMessage): void => {
  if (message.kind === 'receipt') return void escrows.noteReceipt(message.receipt)
  if (message.kind === 'split') return void escrows.receiveSplit(message.order)
  if (message.decree.tx.type === 'account') wallet.receive(message.decree)
  void escrows.receive(message.decree)
}

type Computer = { readonly peerId: string; readonly signer: Signer }

export const createPartyProcess = (world: World, index: number, computer?: Computer): PartyProcess => {
  const { auditor, federation, network, plan, scheduler } = world
  const {
    openBook,
    rules: { federationId, limits },
    genesis,
    nameOf,
    parties,
  } = federation
  const disk = world.disks.market.take()
  const power = createPower(disk, world.prng.fork(`power ${computer?.peerId ?? index}`))
  const party = parties[index]
  assert(party !== undefined, 'a party of the federation')
  const { peerId, signer } = computer ?? party
  /** The epochs it has learnt of outlive its crashes, as in a file. */
  const learnt: Decree[] = []
  let copied: DiskImage | null = null
  let running: Running | null = null
  let comesBackAfterMs = 0
  let hasEnded = false

  const ended = (point: string): void => {
    world.note(`${peerId} crashed ${point}`)
    auditor.reach(`party crashed ${point}`)
    scheduler.at(scheduler.nowMs() + comesBackAfterMs, startIfDown)
  }
  const startIfDown = (): void => {
    if (running?.life.isOver() === true) start()
  }

  const tellOver =
    (node: Network) =>
    (to: AccountId, message: PartyMessage): void => {
      const peer = parties.find(({ account }) => equalBytes(account, to))
      if (peer === undefined) return
      // Nobody waits for it; whoever missed it asks the witnesses.
      node.request({ peerId: peer.peerId, addresses: [] }, 'market', encodeMessage(message), { timeoutMs: 5_000 }).catch(() => undefined)
    }

  /** Whatever this member takes for final is held against what the witnesses really signed. */
  const believing = (driver: Driver): Driver => ({
    ...driver,
    decide: async (order, supporting, options) => {
      const outcome = await driver.decide(order, supporting, options)
      const decree = outcome.ok ? outcome.value : outcome.error.code === 'conflict' ? outcome.error.decree : null
      if (decree !== null) {
        auditor.times.know(decree)
        auditor.believe(decree, peerId)
      }
      if (!outcome.ok) auditor.reach(`a decision that ended as ${outcome.error.code}`)
      return outcome
    },
  })

  const start = (): void => {
    const life = createLife(scheduler, plan.partySkewsMs[index] ?? 0, ended)
    power.restart()
    const db = createMortalDatabase(disk, life, power)
    const epochs = openBook(learnt)
    epochs.onTaken(auditor.learn)
    const rules = { federationId, limits, epochs }
    const log = world.logOf(life)
    const node = network.addNode(peerId, {
      life,
      reported: (accused, reason) => {
        const isHonest = federation.seats.some((one, at) => one.peerId === accused && plan.liars.every(({ witness }) => witness !== at))
        if (isHonest && !world.mayMisjudge()) auditor.violate('blame', `${peerId} blames the honest ${nameOf(accused)}: ${reason}`)
      },
    })
    const driver = believing(createDriver({ network: node, epochs, clock: life.clock, log, found: auditor.evidence.found }))
    const tell = tellOver(node)
    const shared = { db, signer, epochs, rules, driver, clock: life.clock, log }
    const wallet = createWallet({
      ...shared,
      firstKey: party.signer.publicKey,
      genesisCredits: genesis,
      announce: (decree) => {
        if (decree.tx.type === 'account' && decree.tx.body.operation.kind === 'transfer')
          tell(decree.tx.body.operation.to, { kind: 'decree', decree })
      },
    })
    assert(wallet.ok, 'the wallet opens')
    const escrows = createEscrows({ ...shared, wallet: wallet.value, announce: (decree, to) => tell(to, { kind: 'decree', decree }) })
    const now: Running = { signer, life, wallet: wallet.value, escrows, driver, tell }
    running = now
    node.serve('market', async (payload) => {
      const message = decodeMessage(payload)
      if (message !== null) hear(now, message)
      return new Uint8Array(0)
    })
    void resume(now)
  }

  const resume = async ({ wallet, escrows, life }: Running): Promise<void> => {
    for (let delayMs = 250; ; delayMs = Math.min(2 * delayMs, 30_000)) {
      const resumed = await wallet.resume()
      if (resumed.ok) break
      await new Promise<void>((resolve) => void life.clock.after(delayMs, resolve))
    }
    await escrows.resume()
  }

  return {
    index,
    start,
    crash: (point, downMs) => {
      if (running === null || running.life.isOver()) return
      comesBackAfterMs = downMs
      if (point !== 'between') return running.life.crashAt(point)
      running.life.end()
      ended(point)
    },
    copy: () => {
      copied = imageOf(disk)
    },
    putBack: () => {
      if (copied === null) return
      running?.life.end()
      restoreImage(disk, copied)
      auditor.reach('a party with an older disk')
      world.note(`${peerId} has an older disk`)
      start()
    },
    heal: () => {
      running?.life.crashAt(null)
      startIfDown()
    },
    end: () => {
      running?.life.end()
      running = null
      hasEnded = true
    },
    isGone: () => hasEnded,
    running: () => (running?.life.isOver() === false ? running : null),
  }
}
