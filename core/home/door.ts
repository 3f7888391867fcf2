import { homeContract } from '../contract/contract.ts'
import type { Dispatcher } from '../contract/dispatcher.ts'
import { refuse } from '../contract/envelope.ts'
import type { Failure } from '../platform/result.ts'

export type Door = Pick<Dispatcher, 'call' | 'subscribe'>

/** Whether a market runs, and if none does, why; `starting` says so when that is over. */
export type Current =
  | { readonly kind: 'running'; readonly door: Door }
  | { readonly kind: 'starting'; readonly over: Promise<void> }
  | { readonly kind: 'none'; readonly reason: Failure }

type Subscription = { readonly name: string; readonly listener: (payload: unknown) => void; end: () => void }

const isOfHome = (name: string): boolean => Object.hasOwn(homeContract, name.split('.')[0] ?? '')

/**
 * The one dispatcher that screens talk to, whatever runs behind it: the areas of the home are answered always, those of the market by
 * the market that runs. Subscriptions outlive it and hear the next one too; `setup.changed` tells that it is another.
 */
export const createHomeDoor = (home: Door, current: () => Current) => {
  const subscriptions = new Set<Subscription>()

  const call: Door['call'] = async (name, input) => {
    if (isOfHome(name)) return home.call(name, input)
    for (;;) {
      const now = current()
      if (now.kind === 'running') return now.door.call(name, input)
      if (now.kind === 'none') return refuse('unavailable', now.reason.message)
      await now.over
    }
  }
  const join = (subscription: Subscription): void => {
    subscription.end()
    const now = current()
    subscription.end = now.kind === 'running' ? now.door.subscribe(subscription.name, subscription.listener) : () => undefined
  }
  const subscribe: Door['subscribe'] = (name, listener) => {
    if (isOfHome(name)) return home.subscribe(name, listener)
    const subscription: Subscription = { name, listener, end: () => undefined }
    subscriptions.add(subscription)
    join(subscription)
    return () => {
      subscriptions.delete(subscription)
      subscription.end()
    }
  }
  return { call, subscribe, /** To be told whenever another market runs, or none. */ marketChanged: () => subscriptions.forEach(join) }
}
