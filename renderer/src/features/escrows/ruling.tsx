import { formatRuv } from '../../format/amount.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { CaseDetail } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'

const OUTCOMES = ['release', 'half', 'refund'] as const
type Outcome = (typeof OUTCOMES)[number]

/** As the rules have it: of an odd price the client keeps the odd µRUV. */
const providerShareOf = (outcome: Outcome, priceMicro: bigint): bigint =>
  outcome === 'release' ? priceMicro : outcome === 'half' ? priceMicro / 2n : 0n

/** The three outcomes with what each pays; signed once, after a second look. */
export const Ruling = ({ shown }: { readonly shown: CaseDetail }) => {
  const { phase, ownRuling, paidToProviderMicro, quorum, seats } = shown
  return (
    <Section title={t('case.rule')}>
      {phase === 'settled' ? (
        <Notice tone='good'>{rich('case.rule.over', { paid: <Ruv micro={paidToProviderMicro ?? 0n} /> })}</Notice>
      ) : ownRuling === null ? (
        <>
          <p className='soft small'>{t('case.rule.body')}</p>
          <div className='rulings'>
            {OUTCOMES.map((outcome) => (
              <Choice key={outcome} outcome={outcome} shown={shown} />
            ))}
          </div>
        </>
      ) : (
        <Notice tone='info'>{t('case.rule.own', { outcome: t(`case.rule.${ownRuling}`), quorum, seats })}</Notice>
      )}
    </Section>
  )
}

const Choice = ({ outcome, shown }: { readonly outcome: Outcome; readonly shown: CaseDetail }) => {
  const { client } = useMarket()
  const rule = useCommand(client.arbiter.rule)
  const { escrowId, amountMicro, priceMicro } = shown
  const providerMicro = providerShareOf(outcome, priceMicro)
  const pays = t('case.rule.pays', {
    provider: t('common.amountRuv', { amount: formatRuv(providerMicro) }),
    client: t('common.amountRuv', { amount: formatRuv(amountMicro - providerMicro) }),
  })
  return (
    <div className='exit'>
      <ConfirmedButton
        look='plain'
        label={t(`case.rule.${outcome}`)}
        confirmLabel={t('case.confirm.submit')}
        question={t(`case.confirm.${outcome}`)}
        isPending={rule.isPending}
        problem={rule.problem}
        run={async () => (await rule.run({ escrowId, outcome })) !== null}
      >
        <p>{pays}</p>
        <p className='soft'>{t('case.rule.body')}</p>
      </ConfirmedButton>
      <p>{pays}</p>
    </div>
  )
}
