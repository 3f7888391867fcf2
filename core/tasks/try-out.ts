import { decide } from '../compliance/policy.ts'
import type { Usage } from '../orders/metering.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { policyBackendOf, type BackendSettings, type ExecutorOf } from './backend-settings.ts'

export type TryOutDeps = {
  readonly executorOf: ExecutorOf
  readonly clock: Clock
  /** Takes the room of the most that it can use, and is told at the end what it was. */
  readonly reserve: (backend: BackendSettings, worst: Usage) => (billed: Usage) => void
  /** The secret guard: a gateway may say back the key that it was sent, which is shown nowhere. */
  readonly inspectAnswer: (text: Uint8Array) => Result<void, Failure>
}
export type TriedOut = { readonly text: string; readonly inputTokens: number; readonly outputTokens: number; readonly tookMs: number }
type TryOutFailure = Failure<'policy-refused' | 'invalid-backend' | 'backend-unreachable' | 'backend-failed' | 'secret-found'>

/** The longest that somebody looks at a waiting screen. */
const tryOutMs = 120_000

/** The owner's own words to a backend, here and now. Nobody else is served, so the policy's column for one's own work counts. */
export const tryOut = async (
  { executorOf, clock, reserve, inspectAnswer }: TryOutDeps,
  backend: BackendSettings,
  task: { readonly prompt: string; readonly maxOutputTokens: number },
): Promise<Result<TriedOut, TryOutFailure>> => {
  const decided = decide({
    backend: policyBackendOf(backend),
    relation: 'own',
    organisationAttested: false,
    vendorApproval: null,
    approvalWaived: false,
    startedByUser: true,
    consentValid: true,
  })
  if (decided.verdict === 'refuse') return fail('policy-refused', decided.sentence)
  const executor = executorOf(backend, clock)
  if (!executor.ok) return fail('invalid-backend', executor.error.message)
  const correct = reserve(backend, executor.value.estimate(task))
  const late = new AbortController()
  const cancel = clock.after(tryOutMs, () => late.abort())
  const beganMs = clock.nowMs()
  let text = ''
  const result = await executor.value.run(task, { signal: late.signal, onText: (piece) => void (text += piece) })
  cancel()
  correct(result.ok ? result.value.billed : result.error.billed)
  if (!result.ok) return fail(result.error.code === 'unreachable' ? 'backend-unreachable' : 'backend-failed', result.error.message)
  if (!inspectAnswer(utf8(text)).ok)
    return fail('secret-found', 'The answer held a key and is not shown. Find out who runs the address of this backend.')
  return ok({ text, ...result.value.usage, tookMs: Math.max(0, clock.nowMs() - beganMs) })
}
