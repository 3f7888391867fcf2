import { useEffect, useId, useState } from 'react'
import { armingDelayMs } from '../../../../core/contract/approvals.ts'
import { formatCents, formatCount, formatPercent } from '../../format/number.ts'
import { rich, said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { Approval } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { useNow } from '../../store/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Countdown } from '../../ui/moment.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import './approvals.css'

/** Tasks of others that wait for a yes or a no, with everything one needs to say it. */
export const Approvals = () => {
  const { approvals, provider } = useMarket()
  const loaded = useFollowed(approvals)
  const rows = valueOf(loaded)?.rows ?? []
  const steadySinceMs = useSteadySince(rows.map(({ id, findings }) => `${id} ${findings.length}`).join())
  const isSaidBelow = useFollowed(provider).status === 'failed'
  if (loaded.status === 'failed') {
    if (isSaidBelow) return null
    return (
      <Section title={t('approvals.title')}>
        <LoadedView of={loaded} onRetry={approvals.refresh}>
          {() => null}
        </LoadedView>
      </Section>
    )
  }
  if (rows.length === 0) return null
  return (
    <Section title={t('approvals.title')} aside={t('approvals.hint')}>
      <ul className='approvals'>
        {rows.map((approval) => (
          <ApprovalCard key={approval.id} approval={approval} steadySinceMs={steadySinceMs} />
        ))}
      </ul>
    </Section>
  )
}

/** Since when the cards stand where they stand. One that comes, goes or grows may move all others, and a click on the way into the window was not meant for them. */
const useSteadySince = (cards: string): number => {
  const { nowMs } = useMarket()
  const [steady, setSteady] = useState(() => ({ cards, sinceMs: nowMs() }))
  // While this renders, so that no card is drawn at its new place with the button of its old one.
  if (steady.cards !== cards) setSteady({ cards, sinceMs: nowMs() })
  useEffect(() => {
    const comeBack = (): void => setSteady((before) => ({ ...before, sinceMs: nowMs() }))
    window.addEventListener('focus', comeBack)
    return () => window.removeEventListener('focus', comeBack)
  }, [nowMs])
  return steady.sinceMs
}

type ApprovalCardProps = { readonly approval: Approval; readonly steadySinceMs: number }
const ApprovalCard = ({ approval, steadySinceMs }: ApprovalCardProps) => {
  const { client } = useMarket()
  const decide = useCommand(client.approvals.decide)
  const nowMs = useNow()
  const titleId = useId()
  const { standing } = approval
  const isArmed = nowMs >= Math.max(approval.armedAtMs, steadySinceMs + armingDelayMs)
  const isOver = nowMs >= approval.refuseAtMs
  const say = (decision: 'run-once' | 'refuse' | 'refuse-and-block') => void decide.run({ id: approval.id, decision })
  return (
    <li className='approval' aria-labelledby={titleId} data-testid='approval'>
      <div className='approval-head'>
        <h3 id={titleId}>{rich('approvals.asks', { who: <Peer id={approval.requester} /> })}</h3>
        <span className='approval-left'>
          {isOver
            ? t('approvals.over')
            : rich('approvals.left', { left: <Countdown toMs={approval.refuseAtMs} over={t('approvals.over')} /> })}
        </span>
      </div>
      <p className='approval-facts figure'>
        <span>{t('approvals.standing', { low: formatPercent(standing.lowPpm), high: formatPercent(standing.highPpm) })}</span>
        <span>{approval.tradesBefore === 0 ? t('approvals.first') : t('approvals.before', { count: approval.tradesBefore })}</span>
        {approval.failedBefore > 0 && <span>{t('approvals.failed', { count: approval.failedBefore })}</span>}
        <span className='foreign'>{approval.classKey}</span>
        <span>{t('approvals.tokens', { tokens: formatCount(approval.maxOutputTokens) })}</span>
        <span>{rich('approvals.earns', { amount: <Ruv micro={approval.capMicro} /> })}</span>
        <span>
          {approval.worstCostCents === 0
            ? t('approvals.costsNothing')
            : t('approvals.costs', { money: formatCents(approval.worstCostCents) })}
        </span>
      </p>
      {approval.findings.map((finding, index) => (
        <Notice key={index} tone='warning' isLive={false}>
          {said(finding)}
        </Notice>
      ))}
      <PlainText label={t('approvals.text')} text={approval.prompt} />
      {decide.problem !== null && <Notice tone='error'>{decide.problem}</Notice>}
      <div className='approval-actions'>
        <Button isDisabled={!isArmed || isOver} isPending={decide.isPending} onPress={() => say('run-once')}>
          {t('approvals.run')}
        </Button>
        <Button isPending={decide.isPending} onPress={() => say('refuse')}>
          {t('approvals.refuse')}
        </Button>
        <Button look='quiet' isPending={decide.isPending} onPress={() => say('refuse-and-block')}>
          {t('approvals.block')}
        </Button>
      </div>
    </li>
  )
}

export const Blocked = () => {
  const { opinions, client } = useMarket()
  const said = valueOf(useFollowed(opinions))?.rows ?? []
  const blocked = said.filter(({ role }) => role === 'client')
  const unblock = useCommand(client.opinions.say)
  if (blocked.length === 0) return null
  return (
    <Section title={t('provide.blocked')}>
      {unblock.problem !== null && <Notice tone='error'>{unblock.problem}</Notice>}
      <ul className='blocked'>
        {blocked.map(({ accountId }) => (
          <li key={accountId}>
            <Peer id={accountId} />
            <Button size='small' onPress={() => void unblock.run({ accountId, role: 'client', word: null })}>
              {t('provide.unblock')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
