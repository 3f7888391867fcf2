import { createContext, use, useEffect } from 'react'
import { useStore } from 'zustand'
import type { Loaded } from './loaded.ts'
import type { Market } from './market.ts'
import type { Followed } from './resource.ts'

export const MarketContext = createContext<Market | null>(null)

export const useMarket = (): Market => {
  const market = use(MarketContext)
  if (market === null) throw new Error('a component that shows the market stands outside MarketContext')
  return market
}

/** Shows something of the market, and keeps it up to date for as long as the component is there. */
export const useFollowed = <T,>(followed: Followed<T>): Loaded<T> => {
  useEffect(() => followed.retain(), [followed])
  return useStore(followed.store)
}
