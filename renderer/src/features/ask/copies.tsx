import { formatPercent } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { links } from '../../ui/links.ts'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { TaskState } from './task-state.tsx'
import './bids.css'

/** The same question to several providers: how far their answers agree, and what became of each. */
export const Copies = ({ task: { taskId, copies } }: { readonly task: TaskDetail }) =>
  copies.length === 0 ? null : (
    <Section title={t('task.copies')}>
      <p className='soft'>{t('task.copies.hint')}</p>
      <table className='bids'>
        <caption className='unseen'>{t('task.copies')}</caption>
        <thead>
          <tr>
            <th scope='col'>{t('task.copies.by')}</th>
            <th scope='col'>{t('task.copies.state')}</th>
            <th scope='col'>{t('task.copies.agreement')}</th>
            <th scope='col' className='bids-extra'>
              {t('task.copies.paid')}
            </th>
            <th scope='col'>
              <span className='unseen'>{t('task.copies.open')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {copies.map((copy) => (
            <tr key={copy.taskId} data-testid='copy'>
              <td>{copy.provider === null ? '–' : <Peer id={copy.provider} />}</td>
              <td>
                <TaskState state={copy.state} />
              </td>
              <td className='figure'>{copy.agreementPpm === null ? '–' : formatPercent(copy.agreementPpm)}</td>
              <td className='bids-extra'>{copy.priceMicro === null ? '–' : <Ruv micro={copy.priceMicro} />}</td>
              <td>{copy.taskId !== taskId && <a href={links.task(copy.taskId)}>{t('task.copies.open')}</a>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
