import type { NodesReady } from './nodes-config.ts'

/** A process beside this one that runs other nodes: told what to run by one line of configuration, it answers, and ends with this one. */
export type NodesProcess = {
  readonly ready: Promise<NodesReady>
  /** Resolves when it has ended, however that happened. */
  readonly ended: Promise<void>
  /** Ends it and resolves when it is gone. */
  readonly stop: () => Promise<void>
}
export type StartNodes = (configLine: string) => NodesProcess
