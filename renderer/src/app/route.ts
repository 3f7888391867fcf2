import { useSyncExternalStore } from 'react'

export const AREAS = ['home', 'ask', 'market', 'provide', 'wallet', 'escrows', 'reputation', 'network', 'settings'] as const
export type Area = (typeof AREAS)[number]

/** Where somebody is: an area, and in some of them one thing of it. */
export type Route = { readonly area: Area; readonly item: string | null }

const MAX_ITEM_LENGTH = 100

/** From the fragment of the address, such as `#/escrows/3f…`; anything else is home. */
export const routeOf = (fragment: string): Route => {
  const [, name, item = ''] = /^#\/([a-z]+)(?:\/([0-9A-Za-z-]+))?$/.exec(fragment) ?? []
  const area = AREAS.find((known) => known === name)
  if (area === undefined || item.length > MAX_ITEM_LENGTH) return { area: 'home', item: null }
  return { area, item: item === '' ? null : item }
}

const subscribe = (tell: () => void): (() => void) => {
  window.addEventListener('hashchange', tell)
  return () => window.removeEventListener('hashchange', tell)
}

export const useRoute = (): Route => routeOf(useSyncExternalStore(subscribe, () => window.location.hash))
