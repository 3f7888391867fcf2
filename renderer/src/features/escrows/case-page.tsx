import type { ReactNode } from 'react'
import { shortId } from '../../format/id.ts'
import { formatCount } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { CaseDetail } from '../../store/types.ts'
import { Copyable } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SealedIcon } from '../../ui/icons.ts'
import { ComparablePeer } from '../../ui/key-check.tsx'
import { links } from '../../ui/links.ts'
import { Countdown, When } from '../../ui/moment.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Status } from '../../ui/status.tsx'
import { CaseState } from './desk.tsx'
import { Ruling } from './ruling.tsx'
import './case-page.css'
import './escrow-page.css'

type Exhibit = CaseDetail['exhibits'][number]
type Role = Exhibit['role']

/** One dispute as an arbiter sees it: what both sides say and show, what of it can be checked, and one signature. */
export const CasePage = ({ escrowId }: { readonly escrowId: string }) => {
  const resource = useMarket().case(escrowId)
  const loaded = useFollowed(resource)
  const shown = valueOf(loaded)
  return (
    <Page
      title={t('case.title', { id: shortId(escrowId) })}
      width='wide'
      back={{ href: links.desk, label: t('desk.back') }}
      status={shown !== null && <CaseState {...shown} />}
    >
      <LoadedView of={loaded} lines={8} onRetry={resource.refresh}>
        {(value) => (
          <div className='escrow' data-testid='case-detail' data-phase={value.phase}>
            <div className='case-sides'>
              <Side of='client' shown={value} />
              <Side of='provider' shown={value} />
            </div>
            <div className='escrow-side'>
              <Ruling shown={value} />
              <CaseFacts shown={value} />
            </div>
          </div>
        )}
      </LoadedView>
    </Page>
  )
}

type SideProps = { readonly of: Role; readonly shown: CaseDetail }

const Side = ({ of: role, shown }: SideProps) => {
  const exhibit = shown.exhibits.find((one) => one.role === role)
  return (
    <Section title={t(`case.says.${role}`)} aside={exhibit !== undefined && <When atMs={exhibit.madeAtMs} />}>
      {exhibit === undefined ? <p className='soft'>{t(`case.nothing.${role}`)}</p> : <Opened exhibit={exhibit} />}
    </Section>
  )
}

const Opened = ({ exhibit }: { readonly exhibit: Exhibit }) => {
  const { role, statement, reasonAsGiven, prompt, promptAsAsked, answer, answerAsDelivered, receipt } = exhibit
  return (
    <div className='exhibit' data-testid={`exhibit-${role}`}>
      <p className='exhibit-sealed'>
        <Icon of={SealedIcon} size={13} />
        {t('case.sealed')}
      </p>
      {statement === '' ? <p className='soft small'>{t('case.noWords')}</p> : <PlainText label={t(`case.says.${role}`)} text={statement} />}
      <Check isTrue={reasonAsGiven} yes={t('case.reason.kept')} no={t('case.reason.changed')} />
      {prompt !== null && (
        <Shown title={t('case.prompt')} text={prompt}>
          <Check isTrue={promptAsAsked} yes={t('case.prompt.signed')} no={t('case.prompt.foreign')} />
        </Shown>
      )}
      {answer !== null && <Shown title={t(`case.answer.${role}`)} text={answer} />}
      <Check isTrue={answerAsDelivered} yes={t('case.answer.registered')} no={t('case.answer.other')} />
      {receipt !== null && (
        <p className='small'>
          {t('case.receipt')}:{' '}
          {rich('case.receipt.line', {
            input: formatCount(receipt.inputTokens),
            output: formatCount(receipt.outputTokens),
            price: <Ruv micro={receipt.priceMicro} />,
            duration: formatDuration(Math.max(0, receipt.finishedAtMs - receipt.startedAtMs)),
          })}
        </p>
      )}
    </div>
  )
}

type ShownProps = { readonly title: string; readonly text: string; readonly children?: ReactNode }

const Shown = ({ title, text, children }: ShownProps) => (
  <div className='exhibit-part'>
    <h3>{title}</h3>
    <PlainText label={title} text={text} />
    {children}
  </div>
)

/** What this computer has checked by itself; nothing where there was nothing to check. */
const Check = ({ isTrue, yes, no }: { readonly isTrue: boolean | null; readonly yes: string; readonly no: string }) =>
  isTrue !== null && (
    <p className='exhibit-check'>
      <Status tone={isTrue ? 'good' : 'bad'}>{isTrue ? yes : no}</Status>
    </p>
  )

const CaseFacts = ({ shown }: { readonly shown: CaseDetail }) => {
  const { client, provider, amountMicro, priceMicro, classKey, disputedAtMs, ruleByMs, quorum, seats, escrowId, phase } = shown
  return (
    <Facts
      facts={[
        { name: t('case.client'), value: <ComparablePeer id={client} /> },
        { name: t('case.provider'), value: <ComparablePeer id={provider} /> },
        { name: t('case.held'), value: <Ruv micro={amountMicro} /> },
        { name: t('case.price'), value: <Ruv micro={priceMicro} /> },
        { name: t('case.class'), value: <span className='foreign'>{classKey}</span> },
        { name: t('case.disputed'), value: <When atMs={disputedAtMs} /> },
        { name: t('case.needed'), value: t('case.needed.of', { quorum, seats }) },
        ...(phase === 'settled'
          ? []
          : [
              {
                name: t('case.until'),
                value: rich('dispute.until.half', { left: <Countdown toMs={ruleByMs} over={t('dispute.until.over')} /> }),
              },
            ]),
        { name: t('escrow.id'), value: <Copyable text={escrowId} shown={shortId(escrowId)} label={t('case.copy')} /> },
      ]}
    />
  )
}
