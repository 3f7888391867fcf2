import { NetworkError, type Network } from '../network/port.ts'
import { silentLog } from '../platform/log.ts'
import { followEpochs } from '../federation/changeover.ts'
import { createDriver } from '../settlement/driver.ts'
import type { Decree } from '../settlement/objects.ts'
import { testimonyOf } from '../settlement/testimony.ts'
import { createWitness, resumeMemory } from '../settlement/witness.ts'
import { createWitnessStore, type WitnessMemory } from '../settlement/witness-store.ts'
import type { Random } from '../platform/random.ts'
import { createPower, imageOf, restoreImage, type DiskImage } from './disks.ts'
import { createLife, createMortalDatabase, type CrashPoint, type Life } from './life.ts'
import { createLyingWitness } from './lying-witness.ts'
import type { World } from './world.ts'

export type WitnessProcess = {
  readonly index: number
  readonly isLiar: boolean
  readonly start: () => void
  /** `between`: at once, in the middle of nothing. It comes back after `downMs`. */
  readonly crash: (point: CrashPoint | 'between', downMs: number) => void
  /** Restarts, and then finds the disk as it was when it was new. */
  readonly rollBack: () => void
  /** For good. */
  readonly end: () => void
  /** From now on it only crashes when told to; if it is down it comes back. */
  readonly heal: () => void
}

/** Other clocks cannot be asked: honest ones may then be as far off as the protocol bears. */
const unanswered = (node: Network): Network => ({
  ...node,
  request: () => Promise.reject(new NetworkError('unreachable', 'Nobody tells the time in this run.')),
})

/** One witness with its disk and its vault, which outlive its crashes. */
export const createWitnessProcess = (world: World, index: number): WitnessProcess => {
  const { auditor, federation, network, plan, scheduler } = world
  const {
    openBook,
    rules: { federationId, limits },
    genesis,
    seats,
  } = federation
  const liar = plan.liars.find(({ witness }) => witness === index)
  const watch = auditor.watch(index, liar === undefined)
  const disk = world.disks.witness.take()
  const prng = world.prng.fork(`witness ${index}`)
  const power = createPower(disk, prng.fork('power'))
  const random: Random = { bytes: prng.bytes }
  const peerId = seats[index]?.peerId ?? ''
  const name = federation.nameOf(peerId)
  /** The epochs it has learnt of outlive its crashes, as in a file. */
  const learnt: Decree[] = []
  const keySigner = federation.witnessSigners[index]
  const seedKey = federation.seedKeys[index]
  if (keySigner === undefined || seedKey === undefined) throw new Error('a witness without a key')
  const signer = watch.signer(keySigner)
  if (liar === undefined) {
    const keeper = { store: createWitnessStore(disk), rules: federation.rules, publicKey: keySigner.publicKey }
    auditor.evidence.hear((finals) => testimonyOf(keeper, finals))
  }
  const isRolledBack = plan.events.some((event) => event.kind === 'roll-back' && event.witness === index)
  let vault: WitnessMemory | null = null
  let life: Life | null = null
  let comesBackAfterMs = 0
  let newDisk: DiskImage | null = null

  const ended = (point: string): void => {
    world.note(`${name} crashed ${point}`)
    auditor.reach(`witness crashed ${point}`)
    watch.crashed()
    scheduler.at(scheduler.nowMs() + comesBackAfterMs, startIfDown)
  }
  const startIfDown = (): void => {
    if (life?.isOver() === true) start()
  }

  const start = (): void => {
    const current = createLife(scheduler, [...plan.witnessSkewsMs, ...plan.newcomerSkewsMs][index] ?? 0, ended)
    const epochs = openBook(learnt)
    epochs.onTaken(auditor.learn)
    const rules = { federationId, limits, epochs }
    life = current
    power.restart()
    // A liar may be told to do what makes the honest code stumble.
    const log = liar === undefined ? world.logOf(current) : silentLog
    const store = watch.store(createWitnessStore(createMortalDatabase(disk, current, power)))
    const memory = resumeMemory(store, vault, random)
    if (memory.ok) vault = memory.value
    if (isRolledBack) newDisk ??= imageOf(disk)
    watch.checkDisk(store)
    const witness = createWitness({
      store,
      signer,
      seedKey,
      rules,
      genesisCredits: genesis,
      clock: current.clock,
      log,
      isRetired: !memory.ok,
    })
    if (liar === undefined) witness.onEvidence(auditor.evidence.found)
    const node = network.addNode(peerId, { life: current, leaving: watch.leaving })
    if (liar === undefined || liar.habits.length === 0) {
      witness.serve(node, (run) => void scheduler.at(scheduler.nowMs(), () => current.isOver() || run()))
      const driver = createDriver({ network: node, epochs, clock: current.clock, log, ownWitness: witness })
      witness.attend(plan.watchesClocks ? node : unanswered(node), driver)
      if (world.hasChanges) followEpochs({ epochs, rules, driver, witness, network: node, clock: current.clock, log })
      return
    }
    const answer = createLyingWitness({
      index,
      ...liar,
      truth: (payload) => witness.exchange(payload, current.clock.nowMs()),
      conspiracy: world.conspiracy,
      prng,
    })
    node.serve('settlement', (payload) => {
      const answered = answer(payload)
      return answered === null ? new Promise<Uint8Array>(() => undefined) : Promise.resolve(answered)
    })
  }

  return {
    index,
    isLiar: liar !== undefined,
    start,
    crash: (point, downMs) => {
      if (life === null || life.isOver()) return
      comesBackAfterMs = downMs
      if (point !== 'between') return life.crashAt(point)
      life.end()
      ended(point)
    },
    rollBack: () => {
      if (life === null || newDisk === null) return
      life.end()
      start()
      life.end()
      watch.crashed()
      watch.forgotten()
      restoreImage(disk, newDisk)
      start()
      world.note(`${name} has an older disk`)
      auditor.reach('a witness with an older disk')
    },
    end: () => {
      life?.end()
      life = null
    },
    heal: () => {
      life?.crashAt(null)
      startIfDown()
    },
  }
}
