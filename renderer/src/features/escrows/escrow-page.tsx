import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { Facts } from '../../ui/facts.tsx'
import { links } from '../../ui/links.ts'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Seal } from '../../ui/seal.tsx'
import { EscrowPhase } from './escrow-phase.tsx'
import './escrow-page.css'

export const EscrowPage = ({ escrowId }: { readonly escrowId: string }) => {
  const resource = useMarket().escrow(escrowId)
  return (
    <Page title={t('escrow.title')} back={{ href: links.escrows, label: t('escrow.back') }}>
      <LoadedView of={useFollowed(resource)} lines={8} onRetry={resource.refresh}>
        {(escrow) => <Escrow escrow={escrow} />}
      </LoadedView>
    </Page>
  )
}

const Escrow = ({ escrow }: { readonly escrow: EscrowDetail }) => (
  <div className='section' data-testid='escrow-detail' data-phase={escrow.phase}>
    <Facts
      facts={[
        { name: t('escrows.column.phase'), value: <EscrowPhase phase={escrow.phase} /> },
        { name: t('escrows.column.amount'), value: <Ruv micro={escrow.amountMicro} /> },
        { name: t('escrows.column.with'), value: <Peer id={escrow.counterparty} /> },
      ]}
    />
    <Section title={t('escrow.certificates')}>
      <ol className='certificates' aria-label={t('escrow.certificates')}>
        {escrow.certificates.map((certificate) => (
          <li key={certificate.step} title={certificate.txHash}>
            <Seal size={certificate.committeeSize} signers={certificate.signers} />
            <span>{t(`escrow.move.${certificate.move}`)}</span>
            <span className='soft small'>
              {t('escrow.signedBy', { signers: certificate.signers.length, committee: certificate.committeeSize })}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  </div>
)
