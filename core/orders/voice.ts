import type { Network, PeerAddress, Topic } from '../network/port.ts'
import type { Log } from '../platform/log.ts'
import { answerTimeoutMs, marketAnswers, marketMessages, type MarketMessage } from './wire.ts'

export type Voice = {
  /** To everyone, as far as it reaches. */
  readonly gossip: (topic: Topic, data: Uint8Array) => void
  /** To one peer; false when it cannot be reached or does not take it. */
  readonly tell: (peer: PeerAddress, message: MarketMessage) => Promise<boolean>
}

export const createVoice = ({ network, log }: { readonly network: Network; readonly log: Log }): Voice => ({
  gossip: (topic, data) => {
    network.publish(topic, data).catch((error: unknown) => log.write('info', 'gossip not sent', { topic, reason: String(error) }))
  },
  tell: async (peer, message) => {
    try {
      const answer = marketAnswers.decode(
        await network.request(peer, 'market', marketMessages.encode(message), { timeoutMs: answerTimeoutMs }),
      )
      return answer.ok && answer.value.kind === 'taken'
    } catch {
      return false
    }
  },
})
