import { useStore } from 'zustand'
import { t } from '../messages/translate.ts'
import { useMarket } from '../store/context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import './remark-notice.css'

/** Over whatever is shown, and in nobody's way, until it is put away. */
export const RemarkNotice = () => {
  const { remark } = useMarket()
  const said = useStore(remark)
  if (said === null) return null
  const putAway = (
    <Button size='small' look='quiet' onPress={() => remark.setState(null, true)}>
      {t('remark.putAway')}
    </Button>
  )
  return (
    <div className='remark'>
      <Notice isLive tone={said === 'started-again' ? 'info' : 'warning'} action={putAway}>
        {t(`remark.${said}`)}
      </Notice>
    </div>
  )
}
