import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCluster } from './demo/cluster.ts'
import { readDemoOptions } from './demo/options.ts'
import { createReport } from './demo/report.ts'
import { runTrade } from './demo/trade.ts'
import { exitWithUsage } from './options.ts'

/**
 * A whole trade between processes of this computer: four witnesses, three providers and a requester, each on its own. Exit code 0
 * only if the answer came, its provider was paid, and no µRUV was lost or made.
 */
export const runDemo = async (args: readonly string[]): Promise<void> => {
  const options = await readDemoOptions(args)
  if (!options.ok) return exitWithUsage(options.error)
  removeAbandoned()
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`))
  const cluster = createCluster(folder)
  let isLeaving = false
  const leave = async (code: number): Promise<void> => {
    if (isLeaving) return
    isLeaving = true
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
    process.exit(code)
  }
  process.once('SIGINT', () => void leave(130))
  process.once('SIGTERM', () => void leave(143))
  const report = createReport(options.value.json)
  const ending = await runTrade(options.value, { cluster, folder, report })
  if (!isLeaving) report.finish(ending)
  await leave(ending.problem === null ? 0 : 1)
}

const folderPrefix = 'claude-market-demo-'

/** A demo that was killed outright could not remove its folder; its name says which process that was. */
const removeAbandoned = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${folderPrefix}(\\d{1,9})-`).exec(name)?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) removeIfMine(join(tmpdir(), name))
  }
}

const removeIfMine = (path: string): void => {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // Another user's, who will remove it.
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
