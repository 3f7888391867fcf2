import type { ReactNode } from 'react'
import { formatRuv, splitFine } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import type { HistoryRow, WalletSummary } from '../../store/types.ts'
import { Ruv } from '../../ui/ruv.tsx'
import { checkConservation } from './conservation.ts'
import './balance.css'

type BalanceProps = { readonly summary: WalletSummary; readonly invitedMicro: bigint; readonly children?: ReactNode }

/** Where every micro-RUV of the account is: available, locked, on the way, and what it has put into invites that nobody has claimed. */
export const Balance = ({ summary, invitedMicro, children }: BalanceProps) => (
  <div className='balance'>
    <p className='balance-figure figure' data-testid='available'>
      <Figure micro={summary.availableMicro} /> <span className='balance-unit'>{t('common.ruv')}</span>
    </p>
    <Bar summary={summary} invitedMicro={invitedMicro} />
    <dl className='balance-parts'>
      <Part name={t('wallet.locked')} look='locked' micro={summary.lockedMicro} hint={t('wallet.locked.hint')} testId='locked' />
      <Part name={t('wallet.onTheWay')} look='coming' micro={summary.onTheWayMicro} hint={t('wallet.onTheWay.hint')} testId='on-the-way' />
      {invitedMicro > 0n && (
        <Part name={t('wallet.invited')} look='invited' micro={invitedMicro} hint={t('wallet.invited.hint')} testId='invited' />
      )}
    </dl>
    {children}
  </div>
)

/** The cents as large as the rest, what is finer a little smaller: every digit is there and the amount still reads at a glance. */
const Figure = ({ micro }: { readonly micro: bigint }) => {
  const [coarse, fine] = splitFine(formatRuv(micro))
  return (
    <>
      {coarse}
      <span className='balance-fine'>{fine}</span>
    </>
  )
}

const Bar = ({ summary: { availableMicro, lockedMicro, onTheWayMicro }, invitedMicro }: Pick<BalanceProps, 'summary' | 'invitedMicro'>) => {
  const totalMicro = availableMicro + lockedMicro + onTheWayMicro + invitedMicro
  const percent = (micro: bigint): number => (totalMicro === 0n ? 0 : Number((micro * 10_000n) / totalMicro) / 100)
  const available = percent(availableMicro)
  const locked = percent(lockedMicro)
  const coming = percent(onTheWayMicro)
  return (
    <svg className='balance-bar' viewBox='0 0 100 1' preserveAspectRatio='none' aria-hidden='true'>
      <rect className='balance-bar-rest' width='100' height='1' />
      <rect className='balance-bar-available' width={available} height='1' />
      <rect className='balance-bar-locked' x={available} width={locked} height='1' />
      <rect className='balance-bar-coming' x={available + locked} width={coming} height='1' />
      <rect className='balance-bar-invited' x={available + locked + coming} width={percent(invitedMicro)} height='1' />
    </svg>
  )
}

type PartProps = {
  readonly name: string
  readonly look: 'locked' | 'coming' | 'invited'
  readonly micro: bigint
  readonly hint: string
  readonly testId: string
}

const Part = ({ name, look, micro, hint, testId }: PartProps) => (
  <div>
    <dt className={`balance-key balance-key-${look}`}>{name}</dt>
    <dd>
      <span data-testid={testId}>
        <Ruv micro={micro} />
      </span>
      <p className='balance-hint'>{hint}</p>
    </dd>
  </div>
)

type AddsUpProps = { readonly summary: WalletSummary; readonly history: readonly HistoryRow[] }

/** Whether every movement ever made adds up to what the account holds. */
export const AddsUp = ({ summary, history }: AddsUpProps) => {
  const { movements, differenceMicro } = checkConservation(summary, history)
  const holds = differenceMicro === 0n
  return (
    <p className={holds ? 'small soft' : 'small balance-sum-wrong'} data-testid='conservation' data-holds={holds}>
      {holds
        ? t('wallet.addsUp', { movements })
        : t('wallet.addsUpNot', { movements, difference: t('common.amountRuv', { amount: formatRuv(differenceMicro) }) })}
    </p>
  )
}
