/** How long the page's main thread was busy at a stretch, from the tracing API of Electron. */
import { readFile, rm } from 'node:fs/promises'
import type { ElectronApplication } from 'playwright'
import { z } from 'zod'

const trace = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.unknown() }).partial().optional(),
    }),
  ),
})

/** In milliseconds: by the clock, and of the processor, which leaves out what else the computer did meanwhile. */
export type Task = { readonly clockMs: number; readonly processorMs: number }

/** Every task of the page's main thread while `work` ran. */
export const tasksDuring = async (electron: ElectronApplication, work: () => Promise<void>): Promise<readonly Task[]> => {
  await electron.evaluate(({ contentTracing }) => contentTracing.startRecording({ included_categories: ['toplevel'] }))
  await work()
  const path = await electron.evaluate(({ contentTracing }) => contentTracing.stopRecording())
  try {
    return tasksIn(trace.parse(JSON.parse(await readFile(path, 'utf8'))))
  } finally {
    await rm(path, { force: true })
  }
}

const tasksIn = ({ traceEvents }: z.output<typeof trace>): readonly Task[] => {
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }): string => `${pid} ${tid}`
  const mains = new Set(
    traceEvents.flatMap((event) => (event.name === 'thread_name' && event.args?.name === 'CrRendererMain' ? [threadOf(event)] : [])),
  )
  return traceEvents.flatMap((event) =>
    event.ph === 'X' && event.name === 'ThreadControllerImpl::RunTask' && mains.has(threadOf(event))
      ? [{ clockMs: (event.dur ?? 0) / 1_000, processorMs: (event.tdur ?? event.dur ?? 0) / 1_000 }]
      : [],
  )
}
