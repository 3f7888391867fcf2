import { useState } from 'react'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { Dispute, EscrowDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import './dispute.css'

const MAX_STATEMENT = 4_000

/** Who judges it and by when, what I have said and show, and who can read it by now. */
export const DisputeState = ({ escrow }: { readonly escrow: EscrowDetail }) => {
  const resource = useMarket().dispute(escrow.id)
  return (
    <Section title={t('dispute.state')}>
      <LoadedView of={useFollowed(resource)} lines={5} onRetry={resource.refresh}>
        {(dispute) => <State escrow={escrow} dispute={dispute} />}
      </LoadedView>
    </Section>
  )
}

type StateProps = { readonly escrow: EscrowDetail; readonly dispute: Dispute }

const State = ({ escrow, dispute }: StateProps) => {
  const { quorum, seats, panel, statement, readers, ruleByMs } = dispute
  const isOver = escrow.phase === 'settled'
  return (
    <div className='dispute' data-testid='dispute' data-seated={panel.length > 0}>
      <Panel escrow={escrow} dispute={dispute} />
      {panel.length > 0 && <p className='soft small'>{t('dispute.panel.rule', { quorum, seats })}</p>}
      <Facts
        facts={[
          ...(isOver
            ? []
            : [
                {
                  name: t('dispute.until'),
                  value: rich('dispute.until.half', { left: <Countdown toMs={ruleByMs} over={t('dispute.until.over')} /> }),
                },
              ]),
          { name: t('dispute.shown'), value: t(`dispute.shown.${shownOf(dispute)}`) },
          { name: t('dispute.readers'), value: t('dispute.readers.of', { readers, seats }), testId: 'dispute-readers' },
        ]}
      />
      {statement === '' ? (
        <p className='soft small'>{t('dispute.said.nothing')}</p>
      ) : (
        <PlainText label={t('dispute.said')} text={statement} testId='dispute-statement' />
      )}
      {escrow.role === 'provider' && !isOver && <Respond escrow={escrow} hasSpoken={statement !== ''} />}
    </div>
  )
}

const shownOf = ({ showsTask, showsAnswer }: Dispute): 'both' | 'task' | 'answer' | 'nothing' => {
  if (showsTask && showsAnswer) return 'both'
  return showsTask ? 'task' : showsAnswer ? 'answer' : 'nothing'
}

const Panel = ({ escrow, dispute: { panel, seats } }: StateProps) => {
  if (panel.length === 0)
    return <p className='small'>{escrow.panel.hasJudges ? t('dispute.panel.drawing', { seats }) : t('dispute.panel.none')}</p>
  return (
    <ul className='panel-seats' aria-label={t('dispute.panel')}>
      {panel.map(({ name, operator, accountId }) => (
        <li key={accountId} data-testid='seat'>
          <Peer id={accountId} />
          <span className='foreign'>{name}</span>
          {operator !== '' && <span className='soft foreign'>{operator}</span>}
        </li>
      ))}
    </ul>
  )
}

const Respond = ({ escrow, hasSpoken }: { readonly escrow: EscrowDetail; readonly hasSpoken: boolean }) => {
  const { client } = useMarket()
  const respond = useCommand(client.escrow.respond)
  const [isOpen, setOpen] = useState(false)
  const [statement, setStatement] = useState('')
  const [showAnswer, setShowAnswer] = useState(true)
  const close = (): void => {
    respond.clear()
    setOpen(false)
  }
  const submit = async (): Promise<void> => {
    if ((await respond.run({ escrowId: escrow.id, statement: statement.trim(), showAnswer })) !== null) close()
  }
  return (
    <>
      <Button look={hasSpoken ? 'plain' : 'primary'} onPress={() => setOpen(true)}>
        {hasSpoken ? t('dispute.respond.again') : t('dispute.respond')}
      </Button>
      <Dialog
        title={t('dispute.respond.title')}
        width='wide'
        isOpen={isOpen}
        onClose={close}
        actions={
          <Button look='primary' isPending={respond.isPending} onPress={() => void submit()}>
            {t('dispute.respond.submit')}
          </Button>
        }
      >
        <p className='soft'>{t('dispute.respond.body')}</p>
        <TextArea
          label={t('dispute.respond.statement')}
          rows={5}
          maxLength={MAX_STATEMENT}
          spellCheck
          value={statement}
          onChange={setStatement}
        />
        <Checkbox isSelected={showAnswer} onChange={setShowAnswer} hint={t('dispute.respond.answer.hint')}>
          {t('dispute.respond.answer')}
        </Checkbox>
        {respond.problem !== null && <Notice tone='error'>{respond.problem}</Notice>}
      </Dialog>
    </>
  )
}
