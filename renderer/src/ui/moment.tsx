import { formatDateAndTime, formatLeft, formatWhen } from '../format/time.ts'
import { t } from '../messages/translate.ts'
import { useNow } from '../store/use-now.ts'

/** A moment, short; the whole of it on hovering. Null is one that nobody remembers. */
export const When = ({ atMs }: { readonly atMs: number | null }) => {
  const nowMs = useNow(false)
  if (atMs === null) return <span title={t('common.timeUnknown.why')}>{t('common.timeUnknown')}</span>
  return (
    <time className='figure' dateTime={new Date(atMs).toISOString()} title={formatDateAndTime(atMs)}>
      {formatWhen(atMs, nowMs)}
    </time>
  )
}

type CountdownProps = { readonly toMs: number; readonly over: string }

/** What is left until a moment; `over` once it has passed. Not read out every second. */
export const Countdown = ({ toMs, over }: CountdownProps) => {
  const nowMs = useNow()
  if (nowMs >= toMs) return <span>{over}</span>
  return (
    <time className='figure' role='timer' aria-live='off' dateTime={new Date(toMs).toISOString()} title={formatDateAndTime(toMs)}>
      {formatLeft(toMs - nowMs)}
    </time>
  )
}
