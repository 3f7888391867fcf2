import type { Log } from '../platform/log.ts'
import type { Auditor } from './auditor.ts'
import type { Conspiracy } from './conspiracy.ts'
import type { DiskPool } from './disks.ts'
import type { SimulatedFederation } from './federation.ts'
import type { Life } from './life.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Plan } from './plan.ts'
import type { Prng } from './prng.ts'
import type { Scheduler } from './scheduler.ts'
import type { Trace } from './trace.ts'

/** What every actor of a run is given. */
export type World = {
  readonly plan: Plan
  readonly prng: Prng
  readonly scheduler: Scheduler
  readonly trace: Trace
  readonly auditor: Auditor
  readonly network: SimulatedNetwork
  readonly federation: SimulatedFederation
  readonly conspiracy: Conspiracy
  readonly disks: { readonly witness: DiskPool; readonly market: DiskPool }
  /** Other committees follow the first one. */
  readonly hasChanges: boolean
  readonly note: (text: string) => void
  /** What a process logs as an error is a violation, unless it is only dying. */
  readonly logOf: (life: Life) => Log
  /** Damage on the wire makes honest peers look like liars. */
  readonly mayMisjudge: () => boolean
}
