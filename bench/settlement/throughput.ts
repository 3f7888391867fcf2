import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { systemClock } from '../../core/platform/clock.ts'
import { decodeAnswer, encodeRequest, type SettlementAnswer, type SettlementRequest } from '../../core/settlement/bundle.ts'
import { encodeDecree } from '../../core/settlement/encoding.ts'
import { firstEpoch } from '../../core/settlement/epochs.ts'
import type { Decree } from '../../core/settlement/objects.ts'
import { createSession, type Session } from '../../core/settlement/session.ts'
import { hash, type Member } from '../../core/settlement/testing/world.ts'
import { percentileOf } from '../benchmark.ts'
import { withDataFolder } from '../child.ts'
import { benchCommittee, creditsOf, holdersOf, openWitness, type BenchWitness } from './federation.ts'

export type Throughput = {
  /** By the time that the processor worked, so that a busy machine does not count. */
  readonly perSecond: number
  /** By the clock on the wall, with waiting for the disk. */
  readonly elapsedPerSecond: number
  /** What the cryptography alone would allow. */
  readonly boundPerSecond: number
  readonly verifications: number
  readonly signatures: number
  readonly commits: number
  readonly certificateBytes: number
  readonly perTransferMs: { readonly p50: number; readonly p99: number }
}

/** Transfers under way at a time: so many questions share a commit, as when many members settle at once. */
export type ThroughputWish = {
  readonly witnesses: number
  readonly transfers: number
  readonly atOnce: number
  readonly before?: (witness: BenchWitness) => void
}

/** Everything that one witness does for certified transfers, in one process and without a network; the others' work is not counted. */
export const measureThroughput = ({ witnesses: size, transfers, atOnce, before }: ThroughputWish): Promise<Throughput> =>
  withDataFolder(async (folder) => {
    const committee = benchCommittee(size)
    const epochs = firstEpoch(committee)
    const holders = holdersOf(atOnce)
    const credits = creditsOf(holders)
    const opened = committee.witnesses.map((_, index) => openWitness(join(folder, `${index}.db`), index, committee, credits, systemClock))
    const [measured] = opened
    if (measured === undefined) throw new Error('no witness')
    before?.(measured)
    const counts = { verifications: 0, signatures: 0, commits: 0 }
    const batches: number[] = []
    let isCounting = false
    let [spentMs, spentCpuMs] = [0, 0]

    const ask = (index: number, requests: readonly SettlementRequest[]): readonly SettlementAnswer[] => {
      const payloads = requests.map(encodeRequest)
      const witness = opened[index]?.witness
      if (witness === undefined) return []
      const stopCounting = index === 0 && isCounting ? countCalls(counts) : () => undefined
      const [startMs, startCpuMs] = [performance.now(), cpuMs()]
      const answers = witness.exchangeAll(payloads, systemClock.nowMs())
      if (index === 0) {
        spentMs += performance.now() - startMs
        spentCpuMs += cpuMs() - startCpuMs
      }
      stopCounting()
      return answers.flatMap((bytes) => {
        const answer = decodeAnswer(bytes)
        return answer.ok ? [answer.value] : []
      })
    }
    const round = (sessions: readonly Session[]): void => {
      const requests = sessions.map((session): SettlementRequest => ({
        kind: 'exchange',
        register: session.register,
        ...session.bundle(),
        decrees: [],
      }))
      for (let index = 0; index < size; index++)
        for (const [at, answer] of ask(index, requests).entries()) sessions[at]?.take(index, answer)
    }
    const settle = (batch: readonly Member[]): readonly Decree[] => {
      const sessions = batch.map((holder, at) =>
        createSession(holder.transfer(hash('somebody'), 1n, holder.state().step < 0 ? credits.slice(at, at + 1) : []), committee, epochs),
      )
      // Notarize, then finalize; of a single witness one round is enough.
      for (let rounds = 0; rounds < 2 && sessions.some((session) => session.outcome() === null); rounds++) round(sessions)
      const decrees = sessions.map((session) => {
        const outcome = session.outcome()
        if (outcome?.ok !== true) throw new Error(outcome === null ? 'not decided' : outcome.error.message)
        return outcome.value
      })
      for (let index = 0; index < size; index++)
        ask(
          index,
          decrees.map((decree) => ({ kind: 'inform', decrees: [decree] })),
        )
      for (const [at, decree] of decrees.entries()) batch[at]?.follow(decree)
      return decrees
    }

    settle(holders)
    settle(holders)
    ;[spentMs, spentCpuMs] = [0, 0]
    let certificateBytes = 0
    for (let done = 0; done < transfers; done += atOnce) {
      const before = spentMs
      const decrees = settle(holders)
      batches.push((spentMs - before) / atOnce)
      certificateBytes = encodeDecree(decrees[0] ?? missing()).length
    }
    const perTransfer = spentCpuMs / (batches.length * atOnce)
    const elapsed = spentMs / (batches.length * atOnce)
    isCounting = true
    settle(holders)
    const [verifications, signatures] = [counts.verifications / atOnce, counts.signatures / atOnce]
    const { verifyMs, signMs } = cryptoCosts()
    for (const { database } of opened) database.close()
    return {
      perSecond: 1_000 / perTransfer,
      elapsedPerSecond: 1_000 / elapsed,
      boundPerSecond: 1_000 / (verifications * verifyMs + signatures * signMs),
      verifications,
      signatures,
      commits: 3 / atOnce,
      certificateBytes,
      perTransferMs: { p50: percentileOf(batches, 50), p99: percentileOf(batches, 99) },
    }
  })

/** Of all threads of this process. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const missing = (): never => {
  throw new Error('nothing was settled')
}

/** Counts calls of node:crypto until the returned function is called. */
const countCalls = (counts: { verifications: number; signatures: number }): (() => void) => {
  const { verify, sign } = crypto
  Object.assign(crypto, {
    verify: (...args: Parameters<typeof verify>) => {
      counts.verifications++
      return verify(...args)
    },
    sign: (...args: Parameters<typeof sign>) => {
      counts.signatures++
      return sign(...args)
    },
  })
  syncBuiltinESMExports()
  return () => {
    Object.assign(crypto, { verify, sign })
    syncBuiltinESMExports()
  }
}

/** Of one Ed25519 check and one signature over a hash, the keys being loaded. */
const cryptoCosts = (): { readonly verifyMs: number; readonly signMs: number } => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519')
  const message = hash('message')
  const signature = crypto.sign(null, message, privateKey)
  const time = (work: () => void): number => {
    const runs = 4_000
    for (let warmUp = 0; warmUp < 500; warmUp++) work()
    const startMs = cpuMs()
    for (let run = 0; run < runs; run++) work()
    return (cpuMs() - startMs) / runs
  }
  return {
    verifyMs: time(() => void crypto.verify(null, message, publicKey, signature)),
    signMs: time(() => void crypto.sign(null, message, privateKey)),
  }
}
