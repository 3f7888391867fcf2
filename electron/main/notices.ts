/** Shows what notices-model.ts decides as the system's own notifications. */
import { randomUUID } from 'node:crypto'
import { Notification } from 'electron'
import { createClient } from '../../core/contract/client.ts'
import { contract } from '../../core/contract/contract.ts'
import { createMemoryTransport } from '../../core/contract/memory-transport.ts'
import type { SettingsStore } from '../../core/home/settings.ts'
import type { MarketDoor } from './ipc.ts'
import { nextNotices, nothingSaid, type Notice } from './notices-model.ts'
import { stateOf, whenIdle } from './market-state.ts'
import type { Texts } from './texts.ts'

export type NoticesDeps = {
  readonly door: MarketDoor
  readonly settings: SettingsStore
  readonly texts: () => Texts['notices']
  readonly openAt: (place: string) => void
  readonly complain: (message: string) => void
}

/** In the order of the buttons. Only macOS shows them; elsewhere a click leads to the window. */
const decisions = ['run-once', 'refuse'] as const
/** Problems and payments are told late rather than never: this often it is looked whether the quiet hours are over. */
const lookEveryMs = 300_000

/** There until the program ends. */
export const showNotices = ({ door, settings, texts, openAt, complain }: NoticesDeps): void => {
  if (!Notification.isSupported()) return
  const client = createClient(contract, createMemoryTransport(door))
  // Kept, because one that is collected no longer hears its click.
  const shown = new Map<string, Notification>()
  let memory = nothingSaid

  const close = (key: string): void => {
    shown.get(key)?.close()
    shown.delete(key)
  }
  const decide = async (id: string, decision: (typeof decisions)[number]): Promise<void> => {
    const decided = await client.approvals.decide({ requestId: randomUUID(), id, decision })
    if (!decided.ok) complain(decided.error.message)
  }
  const show = ({ key, title, body, place, approvalId }: Notice): void => {
    close(key)
    const actions = approvalId === null ? [] : texts().decisions.map((text) => ({ type: 'button' as const, text }))
    const notification = new Notification({ title, body, actions })
    notification.on('click', () => openAt(place))
    notification.on('action', (_event, index) => {
      const decision = decisions[index]
      if (approvalId !== null && decision !== undefined) void decide(approvalId, decision)
    })
    shown.set(key, notification)
    notification.show()
  }
  const look = whenIdle(async () => {
    const { provider, approvals } = await stateOf(client)
    const now = new Date()
    const [nowMs, localHour] = [now.getTime(), now.getHours()]
    const step = nextNotices(memory, { provider, approvals, choice: settings.get(), nowMs, localHour, words: texts() })
    memory = step.memory
    step.close.forEach(close)
    step.show.forEach(show)
  })
  for (const follow of [client.setup.changed, client.provider.changed, client.approvals.changed]) follow(look)
  settings.onChanged(look)
  setInterval(look, lookEveryMs)
  look()
}
