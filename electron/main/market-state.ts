/** What the tray and the notifications follow of the market. */
import type { Client } from '../../core/contract/client.ts'
import type { AppContract } from '../../core/contract/contract.ts'
import type { TrayState } from './tray-model.ts'

export const stateOf = async (client: Client<AppContract>): Promise<TrayState> => {
  const setup = await client.setup.status({})
  // A market that is still starting would keep the answer until it has started.
  if (!setup.ok || setup.value.phase !== 'running') return { setup: setup.ok ? setup.value : null, provider: null, approvals: [] }
  const provider = await client.provider.status({})
  const approvals = provider.ok && provider.value.approvalsWaiting > 0 ? await client.approvals.list({}) : null
  return {
    setup: setup.value,
    provider: provider.ok ? provider.value : null,
    approvals: approvals?.ok === true ? approvals.value.rows : [],
  }
}

/** Runs the work again when it was asked for while it ran, once. */
export const whenIdle = (work: () => Promise<void>): (() => void) => {
  let isRunning = false
  let isWanted = false
  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    while (isWanted) {
      isWanted = false
      await work()
    }
    isRunning = false
  }
  return () => {
    isWanted = true
    void run()
  }
}
