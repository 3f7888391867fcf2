import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import askOthers from '../../../resources/consents/ask-others.md?raw'
import type { SceneHandlers } from './fake-market.ts'

const EXAMPLE = contractExamples.consents.standing.output
/** As people are shown it: without what the file says about itself. */
const TEXT = askOthers.replace(/^---\n.*?---\n/su, '')
const TEXT_HASH = EXAMPLE.requester.document.textHash

/** Somebody with an empty wallet who has not yet read who reads a task. */
export const newcomer = (market: SceneHandlers): SceneHandlers => {
  let hasRead = false
  return {
    ...market,
    wallet: {
      ...market.wallet,
      summary: () =>
        ({
          ok: true,
          value: { ...contractExamples.wallet.summary.output, availableMicro: 0n, lockedMicro: 0n, onTheWayMicro: 0n, steps: 0 },
        }) as const,
    },
    tasks: {
      ...market.tasks,
      ask: () => {
        const error = hasRead
          ? ({ code: 'insufficient-funds', message: 'Your wallet is empty: nothing is available to pay an answer with.' } as const)
          : ({ code: 'not-acknowledged', message: 'Read first who reads your tasks.' } as const)
        return { ok: false, error }
      },
    },
    consents: {
      ...market.consents,
      standing: () => ({
        ok: true,
        value: { ...EXAMPLE, requester: { ...EXAMPLE.requester, document: { ...EXAMPLE.requester.document, text: TEXT } } },
      }),
      acknowledge: ({ textHash }) => {
        hasRead = textHash === TEXT_HASH
        return { ok: true, value: {} }
      },
    },
  }
}

/** Somebody who has just founded the federation. */
export const founder = (market: SceneHandlers): SceneHandlers => {
  const rows = contractExamples.wallet.history.output.rows
    .slice(0, 1)
    .map((row) => ({ ...row, kind: 'genesis' as const, amountMicro: 1_000_000_000n, counterparty: null, escrowId: null, memo: '' }))
  const summary = {
    ...contractExamples.wallet.summary.output,
    availableMicro: 1_000_000_000n,
    lockedMicro: 0n,
    onTheWayMicro: 0n,
    steps: 0,
  }
  return {
    ...market,
    wallet: {
      summary: () => ({ ok: true, value: summary }),
      history: () => ({ ok: true, value: { rows, total: 1, nextCursor: null } }),
    },
  }
}

/** The network is gone. */
export const silent = (market: SceneHandlers): SceneHandlers => {
  const { witnesses, ...status } = contractExamples.network.status.output
  const gone = witnesses.map((witness) => ({ ...witness, reachable: false, roundTripMs: null }))
  return {
    ...market,
    network: { status: () => ({ ok: true, value: { ...status, peers: [], quorum: 3, settling: 'no', witnesses: gone } }) },
  }
}

/** Three of the witnesses run a newer release. */
export const outdated = (market: SceneHandlers): SceneHandlers => {
  const { output } = contractExamples.network.status
  const witnesses = output.witnesses.flatMap((witness) =>
    [0, 1, 2, 3].map((index) => ({ ...witness, index, version: index === 2 ? '0.1.0' : '0.3.0' })),
  )
  const status = { ...output, witnesses, newer: { version: '0.3.0', witnesses: 3 } }
  return { ...market, network: { status: () => ({ ok: true, value: status }) } }
}
