/**
 * A market made of answers: the real dispatcher, client and schemas, with a scene in place of the program behind them. For
 * looking at every screen in every state and for the tests of the screens; the app does not contain it.
 */
import { contract, type AppContract } from '../../../core/contract/contract.ts'
import type { ContractDefinition, EventName, EventPayload } from '../../../core/contract/definition.ts'
import { createDispatcher, type Handlers } from '../../../core/contract/dispatcher.ts'
import { createMemoryTransport } from '../../../core/contract/memory-transport.ts'
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import type { Connection } from '../api/connect.ts'

/** What a scene answers otherwise than the examples of the contract. */
export type SceneHandlers = { readonly [A in keyof AppContract]?: Partial<Handlers<AppContract>[A]> | undefined }
export type Emit = <N extends EventName<AppContract>>(name: N, payload: EventPayload<AppContract, N>) => void
/** Gets what sends events; answers from then on. */
export type Scene = (emit: Emit) => SceneHandlers

type Loose = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>

/** The contract by plain names, for what treats every call alike. */
const areas: ContractDefinition = contract

const allHandlers = (scene: SceneHandlers): Handlers<AppContract> => {
  const examples = contractExamples as unknown as Readonly<Record<string, Readonly<Record<string, { readonly output: unknown }>>>>
  const handlers = Object.entries(areas).map(([area, members]) => {
    const calls = Object.entries(members).flatMap(([name, definition]) => {
      if (definition.kind === 'event') return []
      const example = () => ({ ok: true, value: examples[area]?.[name]?.output })
      return [[name, (scene as Loose)[area]?.[name] ?? example] as const]
    })
    return [area, Object.fromEntries<unknown>(calls)] as const
  })
  return Object.fromEntries(handlers) as unknown as Handlers<AppContract>
}

export type FakeMarket = {
  readonly connection: Connection
  readonly setConnected: (isConnected: boolean) => void
  readonly calls: readonly string[]
}

export const createFakeMarket = (scene: Scene): FakeMarket => {
  const calls: string[] = []
  let dispatcher: ReturnType<typeof createDispatcher<AppContract>> | null = null
  const handlers = scene((name, payload) => dispatcher?.emit(name, payload))
  dispatcher = createDispatcher(contract, allHandlers(handlers), {
    log: { write: (_level, event, fields) => console.error(`fake market: ${event}`, fields) },
    newIncidentId: () => 'incident-of-the-fake-market',
  })
  const transport = createMemoryTransport(dispatcher)
  const stateListeners = new Set<(state: 'connected' | 'connecting') => void>()
  return {
    calls,
    setConnected: (isConnected) => stateListeners.forEach((tell) => tell(isConnected ? 'connected' : 'connecting')),
    connection: {
      transport: {
        ...transport,
        call: (name, input) => {
          calls.push(name)
          return transport.call(name, input)
        },
      },
      onStateChanged: (listener) => {
        stateListeners.add(listener)
        return () => stateListeners.delete(listener)
      },
      close: transport.close,
    },
  }
}
