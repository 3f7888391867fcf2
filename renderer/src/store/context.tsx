import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { MarketClient } from '../api/client.ts'
import type { MarketState, MarketStore } from './market-store.ts'
import type { Sync } from './sync.ts'

export type Market = { readonly client: MarketClient; readonly store: MarketStore; readonly sync: Sync }

export const MarketContext = createContext<Market | null>(null)

export const useMarket = (): Market => {
  const market = use(MarketContext)
  if (market === null) throw new Error('a component that shows the market stands outside MarketContext')
  return market
}

export const useMarketState = <T,>(select: (state: MarketState) => T): T => useStore(useMarket().store, select)
