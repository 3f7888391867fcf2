import type { ReactNode } from 'react'
import { shortId } from '../../format/id.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { EscrowDetail } from '../../store/types.ts'
import { ExportButton } from '../../ui/export-button.tsx'
import { Countdown, When } from '../../ui/moment.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Seal } from '../../ui/seal.tsx'
import { happensByItself, isOwnMove, storyOf, type Exit, type StoryEvent } from './story.ts'
import './timeline.css'

export const Timeline = ({ escrow }: { readonly escrow: EscrowDetail }) => (
  <ol className='timeline' aria-label={t('escrow.story')}>
    {storyOf(escrow).map((event, index) => (
      <Event key={index} event={event} escrow={escrow} />
    ))}
  </ol>
)

type EventProps = { readonly event: StoryEvent; readonly escrow: EscrowDetail }

const Event = ({ event, escrow }: EventProps) => {
  switch (event.kind) {
    case 'happened':
      return (
        <Line look='done' title={<Title event={event} escrow={escrow} />} atMs={event.certificate.atMs}>
          <p className='event-body'>{toldOf(event.move, escrow.role)}</p>
          <Certificate certificate={event.certificate} escrowId={escrow.id} />
        </Line>
      )
    case 'settled':
      return (
        <Line look='done' title={<Payout escrow={escrow} />} atMs={event.certificate?.atMs ?? null}>
          <p className='event-body'>{endOf(event.by, escrow.role)}</p>
          {event.certificate !== null && <Certificate certificate={event.certificate} escrowId={escrow.id} />}
        </Line>
      )
    case 'now':
      return (
        <Line look='now' title={t(`escrow.now.${event.phase}`)}>
          {event.untilMs !== null && (
            <p className='event-body'>
              {rich(`escrow.now.${event.phase}.body`, {
                left: <Countdown toMs={event.untilMs} over={t(`escrow.now.${event.phase}.over`)} />,
              })}
            </p>
          )}
        </Line>
      )
    case 'ahead':
      return <Ahead exit={event.exit} />
  }
}

type Happened = Extract<StoryEvent, { readonly kind: 'happened' }>

const Title = ({ event: { move }, escrow }: { readonly event: Happened; readonly escrow: EscrowDetail }) =>
  move === 'open' ? rich('escrow.event.open', { amount: <Ruv micro={escrow.amountMicro} /> }) : t(`escrow.event.${move}`)

/** Who signed it, in a sentence. */
const toldOf = (move: Happened['move'], role: EscrowDetail['role']): string => {
  if (move === 'open') return t(`escrow.event.open.${role}`)
  if (move === 'seat-panel') return t('escrow.event.seat-panel.body')
  return t(`escrow.event.${move}.body.${isOwnMove(move, role) === true ? 'own' : 'other'}`)
}

const endOf = (by: Extract<StoryEvent, { readonly kind: 'settled' }>['by'], role: EscrowDetail['role']): string => {
  if (by === 'release' || by === 'refund') return t(`escrow.event.${by}.${isOwnMove(by, role) === true ? 'own' : 'other'}`)
  return by === 'deliver' || by === 'dispute' || by === 'seat-panel' ? '' : t(`escrow.event.${by}`)
}

const Ahead = ({ exit: { move, fromMs, pays } }: { readonly exit: Exit }) =>
  happensByItself(move) && (
    <Line look='ahead' title={t(`escrow.next.${move}`)}>
      <p className='event-body'>
        {fromMs === null ? t('escrow.next.already') : t('escrow.next.from', { when: formatDateAndTime(fromMs) })}{' '}
        {pays !== null && rich('escrow.pays', { provider: <Ruv micro={pays.providerMicro} />, client: <Ruv micro={pays.clientMicro} /> })}
      </p>
    </Line>
  )

const Payout = ({ escrow: { payout } }: { readonly escrow: EscrowDetail }) =>
  payout === null
    ? t('escrow.phase.settled')
    : rich('escrow.event.settled', { paid: <Ruv micro={payout.providerMicro} />, returned: <Ruv micro={payout.clientMicro} /> })

type LineProps = {
  readonly look: 'done' | 'now' | 'ahead'
  readonly title: ReactNode
  readonly atMs?: number | null
  readonly children: ReactNode
}

const Line = ({ look, title, atMs = null, children }: LineProps) => (
  <li className={`event event-${look}`}>
    <p className='event-title'>
      {title}
      {atMs !== null && (
        <>
          {' '}
          <span className='event-time'>
            <When atMs={atMs} />
          </span>
        </>
      )}
      <span className='unseen'> {t(`escrow.event.${look}`)}</span>
    </p>
    {children}
  </li>
)

/** Who made it final. Anyone can check it, offline. */
const Certificate = ({
  certificate,
  escrowId,
}: {
  readonly certificate: EscrowDetail['certificates'][number]
  readonly escrowId: string
}) => (
  <div className='event-certificate figure' data-testid='certificate' title={certificate.txHash}>
    <Seal size={certificate.committeeSize} signers={certificate.signers} />
    <span>
      {t('escrow.certificate', { signers: certificate.signers.length, committee: certificate.committeeSize, quorum: certificate.quorum })}
    </span>
    <span className='mono'>{t('escrow.decree', { id: shortId(certificate.txHash) })}</span>
    {certificate.view > 0 && <span>{t('escrow.contested', { view: certificate.view })}</span>}
    <ExportCertificate txHash={certificate.txHash} escrowId={escrowId} />
  </div>
)

const ExportCertificate = ({ txHash, escrowId }: { readonly txHash: string; readonly escrowId: string }) => {
  const { client } = useMarket()
  return (
    <ExportButton
      look='quiet'
      label={t('escrow.certificate.export')}
      fileName={`decree-${txHash.slice(0, 8)}.proof`}
      type='text/plain'
      read={(cursor) => client.proofs.read({ subject: { kind: 'decree', txHash, escrowId }, cursor })}
    />
  )
}
