import { formatRuv } from '../../format/amount.ts'
import { formatClock } from '../../format/time.ts'
import { useMarket, useMarketState } from '../../store/context.tsx'
import type { TaskRow } from '../../store/market-store.ts'
import { Empty, LoadedContent, Section } from '../../ui/section.tsx'
import './task-history.css'

export const TaskHistory = () => {
  const { sync } = useMarket()
  const tasks = useMarketState((state) => state.tasks)
  const shownId = useMarketState((state) => (state.task?.status === 'ready' ? state.task.value.taskId : null))
  return (
    <Section title='Asked before'>
      <LoadedContent of={tasks} loading='Reading what was asked…'>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>Nothing yet. What you ask stays here, with its price and its answer.</Empty>
          ) : (
            <ul className='task-history'>
              {rows.map((row) => (
                <li key={row.taskId}>
                  <button type='button' aria-current={row.taskId === shownId} onClick={() => sync.watchTask(row.taskId)}>
                    <span className='figure faint'>{formatClock(row.askedAtMs)}</span>
                    <span className='task-history-prompt'>{row.promptStart}</span>
                    <span className='figure soft'>{outcome(row)}</span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </LoadedContent>
    </Section>
  )
}

const STATES: Readonly<Record<TaskRow['state'], string>> = {
  'waiting-for-bids': 'waiting for bids',
  locking: 'locking',
  running: 'running',
  delivered: 'delivered',
  settled: 'settled',
  failed: 'failed',
  refunded: 'refunded',
  cancelled: 'cancelled',
}

const outcome = ({ state, priceMicro }: TaskRow): string =>
  state === 'settled' && priceMicro !== null ? `${formatRuv(priceMicro)} RUV` : STATES[state]
