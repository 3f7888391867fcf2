import { formatRuv } from '../../format/amount.ts'
import { useMarketState } from '../../store/context.tsx'
import type { WalletSummary, WalletView } from '../../store/market-store.ts'
import { Ruv } from '../../ui/ruv.tsx'
import { LoadedContent, Section } from '../../ui/section.tsx'
import { checkConservation } from './conservation.ts'
import './wallet.css'

export const Wallet = () => {
  const wallet = useMarketState((state) => state.wallet)
  return (
    <Section title='Wallet'>
      <LoadedContent of={wallet} loading='Opening the wallet…'>
        {(view) => (
          <div className='wallet'>
            <p className='wallet-available'>
              <Figure micro={view.summary.availableMicro} /> RUV available
            </p>
            <Shares summary={view.summary} />
            <AddsUp view={view} />
          </div>
        )}
      </LoadedContent>
    </Section>
  )
}

/** The cents as large as the rest, what is finer a little smaller: every digit is there and the amount still reads at a glance. */
const Figure = ({ micro }: { readonly micro: bigint }) => {
  const text = formatRuv(micro)
  const end = text.indexOf('.') + 3
  return (
    <span className='figure wallet-figure' data-testid='available'>
      {text.slice(0, end)}
      <span className='wallet-fine'>{text.slice(end)}</span>
    </span>
  )
}

const Shares = ({ summary: { availableMicro, lockedMicro, onTheWayMicro } }: { readonly summary: WalletSummary }) => {
  const totalMicro = availableMicro + lockedMicro + onTheWayMicro
  const percent = (micro: bigint): number => (totalMicro === 0n ? 0 : Number((micro * 10_000n) / totalMicro) / 100)
  const available = percent(availableMicro)
  const locked = percent(lockedMicro)
  return (
    <>
      <svg className='wallet-bar' viewBox='0 0 100 1' preserveAspectRatio='none' aria-hidden='true'>
        <rect className='wallet-bar-rest' width='100' height='1' />
        <rect className='wallet-bar-available' width={available} height='1' />
        <rect className='wallet-bar-locked' x={available} width={locked} height='1' />
        <rect className='wallet-bar-coming' x={available + locked} width={percent(onTheWayMicro)} height='1' />
      </svg>
      <dl className='wallet-shares'>
        <div>
          <dt className='wallet-key wallet-key-locked'>Locked in escrows</dt>
          <dd data-testid='locked'>
            <Ruv micro={lockedMicro} />
          </dd>
        </div>
        <div>
          <dt className='wallet-key wallet-key-coming'>On the way</dt>
          <dd data-testid='on-the-way'>
            <Ruv micro={onTheWayMicro} />
          </dd>
        </div>
      </dl>
    </>
  )
}

const AddsUp = ({ view }: { readonly view: WalletView }) => {
  const conservation = checkConservation(view)
  if (conservation === null) return null
  const { movements, differenceMicro } = conservation
  const holds = differenceMicro === 0n
  return (
    <p className={holds ? 'wallet-sum' : 'wallet-sum wallet-sum-wrong'} data-testid='conservation' data-holds={holds}>
      {holds
        ? `${movements === 1 ? 'One certified movement adds' : `All ${movements} movements add`} up to this balance.`
        : `The ${movements} movements differ from this balance by ${formatRuv(differenceMicro)} RUV.`}
    </p>
  )
}
