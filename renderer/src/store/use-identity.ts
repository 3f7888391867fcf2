import { useEffect, useState } from 'react'
import { useMarket } from './context.tsx'
import type { Identity } from './types.ts'

/** Asked once: it does not change while a market runs. */
export const useIdentity = (): Identity | null => {
  const { client } = useMarket()
  const [identity, setIdentity] = useState<Identity | null>(null)
  useEffect(() => {
    let isShown = true
    void client.identity.current({}).then((answer) => {
      if (isShown && answer.ok) setIdentity(answer.value.current)
    })
    return () => {
      isShown = false
    }
  }, [client])
  return identity
}
