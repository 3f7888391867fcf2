/** A provider that can be switched on and off, whose approvals can be decided and whose consents given and withdrawn. */
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import type { Approval, ConsentRow, ProviderStatus } from '../store/types.ts'
import type { Emit, SceneHandlers } from './fake-market.ts'
import { createSeeded } from './seeded.ts'

export type ProviderState = {
  readonly status: ProviderStatus
  readonly approvals: readonly Approval[]
  readonly consents: readonly ConsentRow[]
  readonly refs: readonly string[]
}

const DAY_MS = 86_400_000
const ok = <T>(value: T) => ({ ok: true as const, value })
const gone = { ok: false as const, error: { code: 'not-found' as const, message: 'That is no longer there.' } }

export const liveProvider = (
  emit: Emit,
  initial: ProviderState,
  block: (client: string) => void,
  nowMs: () => number,
): Pick<SceneHandlers, 'provider' | 'approvals' | 'consents' | 'credentials'> => {
  let state = initial
  let revision = 1
  const random = createSeeded(11)
  const change = (changed: Partial<ProviderState>): void => {
    state = { ...state, ...changed }
    revision += 1
    emit('provider.changed', { revision })
    emit('approvals.changed', { revision })
    emit('consents.changed', { revision })
    emit('credentials.changed', { revision })
  }
  const enter = (status: Partial<ProviderStatus>) => {
    change({ status: { ...state.status, ...status } })
    return ok({})
  }
  const switched = (backendId: number | undefined, to: 'on' | 'off') => {
    const backends = state.status.backends.map((one) => (backendId === undefined || one.id === backendId ? { ...one, state: to } : one))
    const isOn = backends.some((one) => one.state === 'on')
    return enter({
      backends,
      state: isOn ? 'running' : 'stopped',
      pausedUntilMs: null,
      activeOffers: isOn ? 1 : 0,
      ...(isOn ? {} : { runningTasks: 0 }),
    })
  }
  return {
    provider: {
      status: () => ok({ ...state.status, revision }),
      diagnosis: () => ok(contractExamples.provider.diagnosis.output),
      policy: () => ok(contractExamples.provider.policy.output),
      check: ({ backend }) =>
        backend.kind === 'local' && backend.baseUrl.includes('9999')
          ? ok({ healthy: false, problem: 'Nothing answers at this address. Start the model server, or correct the address.', models: [] })
          : ok({ healthy: true, problem: null, models: backend.kind === 'practice' ? [] : ['llama3.1:8b', 'qwen2.5-coder:14b', 'phi4'] }),
      start: ({ requestId: _requestId, ...choice }) => {
        const { backends } = state.status
        const known = backends.find((one) => JSON.stringify(one.choice?.backend) === JSON.stringify(choice.backend))
        const id = known?.id ?? Math.max(0, ...backends.map((one) => one.id)) + 1
        const started = startedBackend(id, choice)
        enter({
          state: 'running',
          pausedUntilMs: null,
          hold: null,
          backends: known === undefined ? [...backends, started] : backends.map((one) => (one === known ? started : one)),
          activeOffers: choice.offers.length,
        })
        return ok({ backendId: id })
      },
      stop: ({ backendId }) => switched(backendId, 'off'),
      remove: ({ backendId }) => enter({ backends: state.status.backends.filter(({ id }) => id !== backendId) }),
      pause: ({ forMs }) => enter({ state: 'paused', pausedUntilMs: forMs === null ? null : nowMs() + forMs, activeOffers: 0 }),
      resume: ({ backendId }) => switched(backendId, 'on'),
    },
    approvals: {
      list: () => ok({ revision, rows: state.approvals }),
      decide: ({ id, decision }) => {
        const decided = state.approvals.find((approval) => approval.id === id)
        if (decided === undefined) return { ok: false, error: { code: 'too-late', message: 'It was refused already: the time was over.' } }
        if (decision === 'refuse-and-block') block(decided.requester)
        change({ approvals: state.approvals.filter((approval) => approval !== decided) })
        return ok({})
      },
    },
    consents: {
      list: () => ok({ revision, rows: state.consents }),
      document: ({ backend }) =>
        ok({
          ...contractExamples.consents.document.output,
          text: CONSENT_TEXT,
          policy: { verdict: 'allow', needsConsent: backend.kind !== 'practice', reason: 'Allowed.' },
        }),
      give: ({ backend, caps }) => {
        const id = random.id()
        const row: ConsentRow = {
          id,
          documentId: 'serve-local-model',
          version: 1,
          textHash: random.id(),
          backend: backend.kind,
          model: backend.kind === 'practice' ? '' : backend.model,
          baseUrl: backend.kind === 'local' || backend.kind === 'anthropic' ? backend.baseUrl : '',
          caps,
          grantedAtMs: nowMs(),
          expiresAtMs: nowMs() + 90 * DAY_MS,
          status: 'valid',
          revokedAtMs: null,
        }
        change({ consents: [row, ...state.consents] })
        return ok({ consentId: id })
      },
      revoke: ({ consentId }) => {
        if (!state.consents.some(({ id }) => id === consentId)) return gone
        change({
          consents: state.consents.map((row) => (row.id === consentId ? { ...row, status: 'revoked', revokedAtMs: nowMs() } : row)),
        })
        return ok({})
      },
      read: () => ok({ text: CONSENT_TEXT }),
      export: () =>
        ok({
          json: JSON.stringify(
            state.consents.map(({ id, status }) => ({ id, status })),
            null,
            2,
          ),
          page: '<p>Consents</p>',
        }),
    },
    credentials: {
      list: () => ok({ revision, refs: state.refs, protection: 'os' }),
      put: ({ ref, secret }) => {
        if (!/^sk-ant-api\d\d/.test(secret))
          return {
            ok: false,
            error: { code: 'not-a-key', message: 'That is not an API key of the Claude API: one begins with sk-ant-api and two digits.' },
          }
        change({ refs: [...new Set([...state.refs, ref])] })
        return ok({})
      },
      remove: ({ ref }) => {
        change({ refs: state.refs.filter((one) => one !== ref) })
        return ok({})
      },
    },
  }
}

type Backend = ProviderStatus['backends'][number]

const startedBackend = (id: number, choice: NonNullable<Backend['choice']>): Backend => ({
  id,
  kind: choice.backend.kind,
  model: choice.backend.kind === 'practice' ? 'practice (simulated)' : choice.backend.model,
  choice,
  caps: choice.caps,
  state: 'on',
  hold: null,
  problem: null,
  policy: { verdict: 'allow', reason: 'Allowed.' },
  activeOffers: choice.offers.length,
  runningTasks: 0,
  tasksToday: 0,
  outputTokensToday: 0,
  moneyTodayCents: 0,
  moneyThisMonthCents: 0,
})

const CONSENT_TEXT = `You are about to run tasks of other people with a model on this computer or in your own network.

What that means:
- You can read every task that runs here, and the person who asked reads the answer. Nobody else can.
- A task is text written by somebody you may not know. It reaches your model as text only: no tools, no files, no web addresses are opened.
- Your computer works for others: it needs power, makes noise and is slower meanwhile. The caps and hours shown here are the most that it gives.
- You receive RUV. They are points that reward contribution. They have no price and cannot be sold or paid out.

You can stop at any moment. Then offers are withdrawn at once, running tasks end, and what was locked for them goes back.

This consent ends after 90 days, and it is asked for again when this text, a cap, the model or the address changes.`
