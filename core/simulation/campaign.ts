import { Worker } from 'node:worker_threads'
import type { ChunkResult } from './chunk.ts'
import type { ProfileName } from './profiles.ts'

export type CampaignOptions = {
  readonly profile: ProfileName
  readonly from: number
  readonly count: number
  readonly workers: number
  /** A known bug to plant. */
  readonly mutant?: string
  readonly stopsAtFailure?: boolean
  /** Whether failures are made smaller and told; otherwise only named. */
  readonly shrinks?: boolean
  readonly progress?: (done: number, failed: number) => void
}
export type CampaignResult = ChunkResult & { readonly elapsedMs: number }

/** Small enough that threads end together, large enough that messages do not matter. */
const chunkSize = 50

/** Runs seeds on several threads. */
export const runCampaign = async (options: CampaignOptions): Promise<CampaignResult> => {
  const { profile, from, count, workers, stopsAtFailure = false, shrinks = true } = options
  const startMs = performance.now()
  const end = from + count
  let total = noResult
  let next = from

  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { mutant: options.mutant ?? null } })
      const goOn = (): void => {
        const isOver = next >= end || (stopsAtFailure && total.failures.length > 0)
        if (isOver) return void worker.terminate().then(() => resolve(), reject)
        const size = Math.min(chunkSize, end - next)
        worker.postMessage({ profile, from: next, count: size, stopsAtFailure, shrinks })
        next += size
      }
      worker.on('message', (message: 'ready' | ChunkResult) => {
        if (message !== 'ready') {
          total = add(total, message)
          options.progress?.(total.runs, total.failures.length)
        }
        goOn()
      })
      worker.on('error', reject)
    })

  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(count / chunkSize)) }, runThread))
  return { ...total, elapsedMs: performance.now() - startMs }
}

const noResult: ChunkResult = {
  runs: 0,
  events: 0,
  decrees: 0,
  longestSettlingMs: 0,
  highestView: 0,
  reached: new Map(),
  failures: [],
}

const add = (a: ChunkResult, b: ChunkResult): ChunkResult => ({
  runs: a.runs + b.runs,
  events: a.events + b.events,
  decrees: a.decrees + b.decrees,
  longestSettlingMs: Math.max(a.longestSettlingMs, b.longestSettlingMs),
  highestView: Math.max(a.highestView, b.highestView),
  reached: new Map(
    [...new Set([...a.reached.keys(), ...b.reached.keys()])].map((state) => [
      state,
      (a.reached.get(state) ?? 0) + (b.reached.get(state) ?? 0),
    ]),
  ),
  failures: [...a.failures, ...b.failures].toSorted((x, y) => x.seed - y.seed),
})
