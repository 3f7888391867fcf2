import { formatRuv } from '../../format/amount.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { rich, said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { EscrowDetail, TaskDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { links } from '../../ui/links.ts'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Ruv } from '../../ui/ruv.tsx'

/** An answer that waits for its owner: why, until when, what happens by itself then, and the two ways to end it. */
export const Decide = ({ task }: { readonly task: TaskDetail }) =>
  isWaiting(task) && task.escrowId !== null && <Waiting task={task} escrowId={task.escrowId} />

export const isWaiting = ({ state, hold }: TaskDetail): boolean => state === 'delivered' && (hold === 'owner' || hold === 'problem')

const Waiting = ({ task, escrowId }: { readonly task: TaskDetail; readonly escrowId: string }) => {
  const escrow = valueOf(useFollowed(useMarket().escrow(escrowId)))
  return (
    <Notice tone='warning'>
      <div className='decide' data-testid='decide'>
        <p>{task.hold === 'owner' ? t('task.decide.owner') : said(task.problem ?? '')}</p>
        {escrow !== null && <Ways escrow={escrow} />}
      </div>
    </Notice>
  )
}

const Ways = ({ escrow }: { readonly escrow: EscrowDetail }) => {
  const { client } = useMarket()
  const release = useCommand(client.escrow.release)
  const pays = escrow.exits.find(({ move }) => move === 'release')?.pays?.providerMicro ?? null
  const mayDispute = escrow.exits.some(({ move }) => move === 'dispute')
  return (
    <>
      <p>
        <Then escrow={escrow} />
      </p>
      <div className='decide-ways'>
        {pays !== null && (
          <ConfirmedButton
            size='small'
            label={t('escrow.exit.release')}
            question={t('escrow.confirm.release', { amount: formatRuv(pays) })}
            isPending={release.isPending}
            problem={release.problem}
            run={async () => (await release.run({ escrowId: escrow.id })) !== null}
          >
            <p>{t('escrow.exit.release.body')}</p>
          </ConfirmedButton>
        )}
        {mayDispute && (
          <ButtonLink size='small' href={links.dispute(escrow.id)}>
            {t('dispute.open')}
          </ButtonLink>
        )}
      </div>
    </>
  )
}

/** What happens if its owner does nothing. */
const Then = ({ escrow: { phase, reviewByMs, deliverByMs, priceMicro, amountMicro } }: { readonly escrow: EscrowDetail }) => {
  if (phase === 'open') return t('task.decide.open', { deadline: formatDateAndTime(deliverByMs) })
  if (phase === 'delivered' && reviewByMs !== null)
    return rich('task.decide.review', {
      left: <Countdown toMs={reviewByMs} over={t('escrow.moment')} />,
      price: <Ruv micro={priceMicro ?? amountMicro} />,
    })
  return t('task.decide.disputed')
}
