import { shortId } from '../../format/id.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { EscrowDetail } from '../../store/types.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { ExportButton } from '../../ui/export-button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { ComparablePeer } from '../../ui/key-check.tsx'
import { links } from '../../ui/links.ts'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { PdfButton } from '../../ui/pdf-button.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { DisputeState } from './dispute-state.tsx'
import { EscrowPhase } from './escrow-phase.tsx'
import { Exits } from './exits.tsx'
import { Timeline } from './timeline.tsx'
import './escrow-page.css'

type EscrowPageProps = { readonly escrowId: string; readonly isDisputing: boolean }

export const EscrowPage = ({ escrowId, isDisputing }: EscrowPageProps) => {
  const resource = useMarket().escrow(escrowId)
  const loaded = useFollowed(resource)
  const escrow = valueOf(loaded)
  return (
    <Page
      title={t('escrow.title')}
      width='wide'
      back={{ href: links.escrows, label: t('escrow.back') }}
      status={escrow !== null && <EscrowPhase phase={escrow.phase} />}
      actions={
        escrow !== null &&
        escrow.taskId !== null &&
        escrow.role === 'client' && <ButtonLink href={links.task(escrow.taskId)}>{t('escrow.openTask')}</ButtonLink>
      }
    >
      <LoadedView of={loaded} lines={8} onRetry={resource.refresh}>
        {(value) => <Escrow escrow={value} isDisputing={isDisputing} />}
      </LoadedView>
    </Page>
  )
}

const Escrow = ({ escrow, isDisputing }: { readonly escrow: EscrowDetail; readonly isDisputing: boolean }) => (
  <div className='escrow' data-testid='escrow-detail' data-phase={escrow.phase}>
    <div className='escrow-story'>
      <Section title={t('escrow.story')} isTitleUnseen>
        <Timeline escrow={escrow} />
      </Section>
      {escrow.certificates.some(({ move }) => move === 'dispute') && <DisputeState escrow={escrow} />}
    </div>
    <div className='escrow-side'>
      <Exits escrow={escrow} isDisputing={isDisputing} />
      <Facts
        facts={[
          { name: t('escrow.held'), value: <Ruv micro={escrow.amountMicro} /> },
          ...(escrow.priceMicro === null ? [] : [{ name: t('escrow.price'), value: <Ruv micro={escrow.priceMicro} /> }]),
          { name: t(`escrow.counterparty.${escrow.role}`), value: <ComparablePeer id={escrow.counterparty} /> },
          ...judgesOf(escrow),
          { name: t('escrow.class'), value: <span className='foreign'>{escrow.classKey}</span> },
          { name: t('escrow.id'), value: <Copyable text={escrow.id} shown={shortId(escrow.id)} label={t('escrow.copyId')} /> },
        ]}
      />
      <ExportProof escrowId={escrow.id} />
      <PdfButton fileName={`escrow-${escrow.id.slice(0, 8)}`} />
    </div>
  </div>
)

/** What a dispute of it would come to, as long as there may be one. */
const judgesOf = ({ phase, panel: { quorum, seats, hasJudges } }: EscrowDetail) =>
  phase === 'open' || phase === 'delivered'
    ? [{ name: t('escrow.judges'), value: hasJudges ? t('escrow.judges.panel', { quorum, seats }) : t('escrow.judges.none') }]
    : []

const ExportProof = ({ escrowId }: { readonly escrowId: string }) => {
  const { client } = useMarket()
  return (
    <ExportButton
      label={t('escrow.export')}
      fileName={`escrow-${shortId(escrowId)}.proof`}
      type='text/plain'
      read={(cursor) => client.proofs.read({ subject: { kind: 'escrow', escrowId }, cursor })}
    />
  )
}
