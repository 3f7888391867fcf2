import { useCallback, useSyncExternalStore } from 'react'
import { useMarket } from './context.tsx'

const SECOND_MS = 1_000
const listeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | null = null

const onTick = (listener: () => void): (() => void) => {
  listeners.add(listener)
  ticking ??= setInterval(() => listeners.forEach((tell) => tell()), SECOND_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || ticking === null) return
    clearInterval(ticking)
    ticking = null
  }
}
const never = (): (() => void) => () => undefined

/** The market's time to the second, told again every second while `isRunning`; one timer for all. */
export const useNow = (isRunning = true): number => {
  const { nowMs } = useMarket()
  const second = useCallback(() => Math.floor(nowMs() / SECOND_MS) * SECOND_MS, [nowMs])
  return useSyncExternalStore(isRunning ? onTick : never, second)
}
