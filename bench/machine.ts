import { arch, cpus, release, totalmem } from 'node:os'

export type Machine = {
  readonly cores: number
  readonly processor: string
  readonly memoryGb: number
  readonly system: string
  readonly node: string
}

/** A figure means nothing without it. */
export const describeMachine = (): Machine => ({
  cores: cpus().length,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()} ${arch()}`,
  node: process.versions.node,
})
