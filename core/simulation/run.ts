import { toHex } from '../platform/bytes.ts'
import type { Log } from '../platform/log.ts'
import { witnessMigrations } from '../settlement/witness-schema.ts'
import { marketMigrations } from '../storage/migrations/index.ts'
import { createAdversary } from './adversary.ts'
import { auditLightVerification } from './audit-light.ts'
import { createAuditor, type Auditor, type Violation } from './auditor.ts'
import type { OpenRegister } from './audit-steps.ts'
import { decisionBoundMs } from './bounds.ts'
import { createConspiracy } from './conspiracy.ts'
import { createChanges } from './changes.ts'
import { createCourt } from './court.ts'
import { createDeeds } from './deeds.ts'
import { createDiskPool } from './disks.ts'
import { createFederation } from './federation.ts'
import { createLinking } from './linking.ts'
import { SimulatedCrash } from './life.ts'
import { calm, createSimulatedNetwork } from './network.ts'
import { createPartyProcess, createTwinProcess, type PartyProcess } from './party-process.ts'
import type { Plan, PlannedEvent } from './plan.ts'
import { createPrng } from './prng.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import { useSignatures } from './token-signatures.ts'
import { createTrace } from './trace.ts'
import { createWitnessProcess, type WitnessProcess } from './witness-process.ts'
import type { World } from './world.ts'

export type RunResult = {
  readonly seed: number
  readonly violation: Violation | null
  readonly traceHash: string
  readonly reached: ReadonlySet<string>
  readonly events: number
  readonly decrees: number
  /** From the end of the chaos until nothing was left to decide. */
  readonly settledAfterMs: number
  readonly highestView: number
  readonly trace: readonly string[]
}

const startMs = 1_750_000_000_000
const disks = { witness: createDiskPool(witnessMigrations), market: createDiskPool(marketMigrations) }

/** One run: chaos as planned, then a quiet network in which everything that is still open has to come to its end. */
export const runPlan = async (plan: Plan, keepsTrace = false): Promise<RunResult> => {
  useSignatures(plan.signatures)
  const world = createWorld(plan, keepsTrace)
  const { auditor, scheduler, trace } = world
  const stopListening = listenForThrows(auditor.violate)
  try {
    const witnesses = world.federation.seats.map((_, index) => createWitnessProcess(world, index))
    const people = Array.from({ length: plan.honestParties }, (_, index) => createPartyProcess(world, index))
    const twin = plan.twin === 'none' ? null : createTwinProcess(world, plan.twin)
    const stage = createStage(world, witnesses, people, twin)
    const isBroken = (): boolean => auditor.violation() !== null
    stage.start()
    await scheduler.runUntil(startMs + plan.chaosMs, isBroken)
    stage.heal()
    const settledAfterMs = await stage.settle(isBroken)
    const { rules, genesis } = world.federation
    stage.end()
    if (!isBroken()) auditLightVerification(auditor, { rules, genesisCredits: genesis })
    return {
      seed: plan.seed,
      violation: verdictOf(plan, auditor),
      traceHash: trace.hash(),
      reached: auditor.reached(),
      events: scheduler.eventCount(),
      decrees: auditor.ledger.decrees().length,
      settledAfterMs,
      highestView: auditor.votes.highestView(),
      trace: trace.lines(),
    }
  } finally {
    stopListening()
    disks.witness.takeBack()
    disks.market.takeBack()
  }
}

/** Beyond f liars two values may become final, but then more than f of them are convicted by what the honest have found and kept. */
const verdictOf = ({ size, liars }: Plan, { evidence, reach, violation }: Auditor): Violation | null => {
  const convicted = evidence.convicted()
  const broken = violation()
  const faults = Math.floor((size - 1) / 3)
  if (broken === null || liars.length <= faults || alwaysHeld.includes(broken.rule)) return broken
  if (broken.rule !== 'two finals') return null
  reach(`broken by ${liars.length} liars: ${broken.rule}`)
  return convicted > faults ? null : { ...broken, detail: `${broken.detail}, and only ${convicted} are convicted` }
}
/** What holds whatever the liars do. Without 2f+1 honest witnesses nobody promises an end. */
const alwaysHeld: readonly string[] = ['evidence', 'thrown', 'R1', 'R2', 'R8']

const createWorld = (plan: Plan, keepsTrace: boolean): World => {
  const scheduler: Scheduler = createScheduler(startMs, (error) => reportThrow(error, auditor.violate))
  const prng = createPrng(plan.seed)
  const trace = createTrace(startMs, keepsTrace)
  const parties = plan.honestParties + plan.dishonestParties
  const federation = createFederation(plan.seed, { size: plan.size, newcomers: plan.newcomers, parties })
  const liars = plan.liars.map(({ witness }) => witness)
  const honestKeys = [
    ...federation.witnessSigners.filter((_, index) => !liars.includes(index)),
    ...federation.parties.slice(0, plan.honestParties).map(({ signer }) => signer),
  ].map(({ publicKey }) => publicKey)
  const auditor = createAuditor({
    federation,
    liars,
    honestKeys,
    nowMs: scheduler.nowMs,
    note: (text) => trace.note(scheduler.nowMs(), text),
  })
  const network = createSimulatedNetwork(scheduler, prng.fork('network'), trace, federation.nameOf)
  network.setConditions(plan.conditions)
  const keys = new Map(
    liars
      .flatMap((index) => [[index, federation.witnessSigners[index]] as const])
      .flatMap(([index, signer]) => (signer === undefined ? [] : [[index, signer] as const])),
  )
  const conspiracy = createConspiracy({
    membersOf: federation.membersOf,
    keys,
    signed: (liar, vote) => {
      auditor.evidence.signed(vote)
      auditor.votes.liar(liar, vote.statement)
    },
  })
  return {
    plan,
    prng,
    scheduler,
    trace,
    auditor,
    network,
    federation,
    conspiracy,
    disks,
    hasChanges: plan.events.some(({ kind }) => kind === 'change-committee'),
    note: (text) => trace.note(scheduler.nowMs(), text),
    logOf: (life) => {
      const log: Log = {
        write: (level, event, fields) => {
          if (level === 'error' && !life.isOver()) auditor.violate('logged', `${event} ${JSON.stringify(fields)}`)
        },
        child: () => log,
      }
      return log
    },
    mayMisjudge: () => plan.conditions.corruptShare > 0,
  }
}

const reportThrow = (error: unknown, violate: (rule: string, detail: string) => void): void => {
  if (!(error instanceof SimulatedCrash)) violate('thrown', error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** Nothing in the shipping code may throw where nobody catches it. */
const listenForThrows = (violate: (rule: string, detail: string) => void): (() => void) => {
  const onThrow = (error: unknown): void => reportThrow(error, violate)
  process.on('unhandledRejection', onThrow)
  process.on('uncaughtException', onThrow)
  return () => {
    process.off('unhandledRejection', onThrow)
    process.off('uncaughtException', onThrow)
  }
}

const createStage = (world: World, witnesses: readonly WitnessProcess[], people: readonly PartyProcess[], twin: PartyProcess | null) => {
  const { auditor, network, plan, scheduler } = world
  const adversary = createAdversary(world)
  const linking = createLinking(world, people[0])
  const deeds = createDeeds(world, people, twin, adversary)
  const computers = twin === null ? people : [...people, twin]
  const court = createCourt(world)
  const changes = createChanges(world)
  const { peerIdOf } = world.federation
  const healing: (() => void)[] = []

  const perform = (event: PlannedEvent, number: number): void => {
    const prng = world.prng.fork(`event ${number} ${event.atMs}`)
    switch (event.kind) {
      case 'transfer':
        return deeds.transfer(event)
      case 'open':
        return deeds.open(event)
      case 'cut': {
        const mend = network.block(event.from.map(peerIdOf), event.to.map(peerIdOf))
        healing.push(mend)
        return void scheduler.at(scheduler.nowMs() + event.forMs, mend)
      }
      case 'crash-witness':
        return witnesses[event.witness]?.crash(event.point, event.downMs)
      case 'crash-party':
        return people[event.party]?.crash(event.point, event.downMs)
      case 'change-committee':
        return changes.propose(event.witnesses)
      case 'roll-back':
        return witnesses[event.witness]?.rollBack()
      case 'put-back':
        people[event.party]?.putBack()
        return deeds.payAgain(event.party)
      case 'steal-device':
        return twin?.end()
      case 'revoke-device':
        return linking.revoke()
      case 'equivocate':
        return adversary.equivocate(event.party, prng)
      default:
        return adversary[event.kind](prng)
    }
  }

  const isIdle = (): boolean =>
    computers.every((person) => {
      const running = person.running()
      return person.isGone() || (running !== null && running.wallet.pending() === null)
    }) && !linking.isRevoking()
  /** Registers that wait for their decision, and that somebody honest has to bring about. */
  const stuck = (): readonly string[] =>
    auditor.votes
      .skipped()
      .filter(isLeft)
      .map(({ key }) => key)
  /** What a closed committee left of an account's step is for its owner to bring before the next one. */
  const isLeft = (register: OpenRegister): boolean => {
    const { epoch, objectId } = register
    const isBehind = epoch < world.federation.epochs.newest().committee.epoch && auditor.ledger.escrow(objectId) === null
    return !isBehind && auditor.times.isDecidable(register)
  }
  const isSettled = (): boolean =>
    stuck().length === 0 && auditor.votes.unkept().length === 0 && auditor.ledger.escrows().every(({ paid }) => paid !== null) && isIdle()

  return {
    start: () => {
      for (const process of [...witnesses, ...computers]) process.start()
      linking.link()
      adversary.start()
      auditor.onFinal(({ tx }) => {
        if (tx.type !== 'escrow') return
        if (tx.body.kind === 'dispute') court.open(tx.objectId)
        deeds.moved(tx.objectId)
      })
      plan.events.forEach((event, number) => {
        scheduler.at(startMs + event.atMs, () => perform(event, number))
        if (event.kind === 'put-back') scheduler.at(startMs + Math.max(event.atMs - event.copyAgeMs, 0), () => people[event.party]?.copy())
      })
    },
    heal: () => {
      world.note('healed')
      for (const mend of healing) mend()
      network.setConditions(calm)
      court.calm()
      adversary.stop()
      for (const { witness, goesOnAfterHeal } of plan.liars) if (!goesOnAfterHeal) witnesses[witness]?.end()
      for (const process of [...witnesses, ...computers]) process.heal()
    },
    end: () => {
      for (const process of [...witnesses, ...computers]) process.end()
    },
    settle: async (isBroken: () => boolean): Promise<number> => {
      const healedMs = scheduler.nowMs()
      // Who came back just now has not said yet what it still has to do.
      await scheduler.runUntil(healedMs, isBroken)
      const limitMs = healedMs + decisionBoundMs(plan, auditor.votes.highestView()) + longestWaitMs
      while (!isBroken() && !isSettled()) {
        if (scheduler.nowMs() >= limitMs) {
          const registers = stuck().map((key) => `register ${key}`)
          const open = auditor.ledger.escrows().filter(({ paid }) => paid === null)
          const left = [
            ...registers,
            ...auditor.votes.unkept().map((key) => `the certified decree of ${key}, which no witness has,`),
            ...open.map(({ id, phase }) => `escrow ${toHex(id)} ${phase}`),
            ...(isIdle() ? [] : [linking.isRevoking() ? 'a device to be taken back' : 'a pending order']),
          ]
          auditor.violate('liveness', `${left.join(', ')} after ${scheduler.nowMs() - healedMs} ms`)
        } else await scheduler.runUntil(Math.min(scheduler.nowMs() + 500, limitMs), isBroken)
      }
      return scheduler.nowMs() - healedMs
    },
  }
}

/** After the heal, for what only waits for its time; the views of the last decision come on top (settlement.md §8.6). */
const longestWaitMs = 200_000
