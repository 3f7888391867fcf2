import { formatRuv } from '../../format/amount.ts'
import { shortId } from '../../format/id.ts'
import { useMarketState } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/market-store.ts'
import { Ruv } from '../../ui/ruv.tsx'
import { Seal } from '../../ui/seal.tsx'
import { Empty, LoadedContent, Section } from '../../ui/section.tsx'
import './escrow-list.css'

export const EscrowList = () => {
  const escrows = useMarketState((state) => state.escrows)
  return (
    <Section title='Escrows' aside={escrows.status === 'ready' && escrows.value.total > 0 ? `${escrows.value.total} in all` : undefined}>
      <LoadedContent of={escrows} loading='Reading the escrows…'>
        {({ shown }) =>
          shown.length === 0 ? (
            <Empty>None yet. An escrow holds the RUV of a task until its answer is delivered.</Empty>
          ) : (
            <ul className='escrows'>
              {shown.map((escrow) => (
                <Escrow key={escrow.id} escrow={escrow} />
              ))}
            </ul>
          )
        }
      </LoadedContent>
    </Section>
  )
}

const PHASE_NAMES: Readonly<Record<EscrowDetail['phase'], string>> = {
  open: 'Open',
  delivered: 'Delivered, in review',
  disputed: 'Disputed',
  panel: 'Before the panel',
  settled: 'Settled',
}

const Escrow = ({ escrow }: { readonly escrow: EscrowDetail }) => (
  <li className='escrow' data-testid='escrow' data-phase={escrow.phase}>
    <div className='escrow-line'>
      <span className={`escrow-phase escrow-phase-${escrow.phase}`}>{PHASE_NAMES[escrow.phase]}</span>
      <Ruv micro={escrow.amountMicro} />
    </div>
    <div className='escrow-line soft'>
      <span title={escrow.id}>
        {escrow.role === 'client' ? 'to' : 'from'} <span title={escrow.counterparty}>{shortId(escrow.counterparty)}</span>
      </span>
      <span className='figure'>{outcome(escrow)}</span>
    </div>
    <ol className='escrow-certificates' aria-label='Certificates'>
      {escrow.certificates.map((certificate) => (
        <li key={certificate.step} title={certificate.txHash}>
          <Seal size={certificate.committeeSize} signers={certificate.signers} />
          <span>
            {certificate.move}
            <span className='unseen'>
              , signed by {certificate.signers.length} of {certificate.committeeSize} witnesses
            </span>
          </span>
        </li>
      ))}
    </ol>
  </li>
)

const outcome = ({ payout, priceMicro }: EscrowDetail): string => {
  if (payout !== null) return `${formatRuv(payout.providerMicro)} paid, ${formatRuv(payout.clientMicro)} returned`
  return priceMicro === null ? 'held until delivery' : `asks ${formatRuv(priceMicro)}`
}
