import { useEffect, useState } from 'react'
import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { Notice } from '../ui/notice.tsx'

/** After a start the witnesses take a moment to answer, and one that is lost is often back at once. */
const QUIET_FOR_MS = 3_000

/** Before somebody orders what cannot be decided now: too few witnesses answer, or the whole network is gone. */
export const QuorumNotice = () => {
  const network = valueOf(useFollowed(useMarket().network))
  const { witnesses, quorum } = network ?? { witnesses: [], quorum: 0 }
  const reachable = witnesses.filter((witness) => witness.reachable).length
  const isWorthSaying = useLasting(reachable < quorum, QUIET_FOR_MS)
  if (!isWorthSaying) return null
  return (
    <div className='content-notice'>
      <Notice tone='warning'>{t('witnesses.silent', { reachable, all: witnesses.length, quorum })}</Notice>
    </div>
  )
}

const useLasting = (isSo: boolean, forMs: number): boolean => {
  const [isLasting, setLasting] = useState(false)
  useEffect(() => {
    if (!isSo) return
    const timer = setTimeout(() => setLasting(true), forMs)
    return () => {
      clearTimeout(timer)
      setLasting(false)
    }
  }, [isSo, forMs])
  return isSo && isLasting
}
