import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { votesOf } from '../store/votes.ts'
import { Notice } from '../ui/notice.tsx'

/** Before somebody orders what cannot be decided now: too few witnesses vote, or the whole network is gone. */
export const QuorumNotice = () => {
  const network = valueOf(useFollowed(useMarket().network))
  if (network?.settling !== 'no') return null
  const { counts, isSplit } = votesOf(network)
  return (
    <div className='content-notice'>
      <Notice tone='warning'>{isSplit ? t('witnesses.tooFewVotes', counts) : t('witnesses.silent', counts)}</Notice>
    </div>
  )
}
