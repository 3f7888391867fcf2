import { t } from '../../messages/translate.ts'
import type { EscrowRow } from '../../store/types.ts'
import { Status, type StatusTone } from '../../ui/status.tsx'

const TONES: Readonly<Record<EscrowRow['phase'], StatusTone>> = {
  open: 'running',
  delivered: 'waiting',
  disputed: 'bad',
  panel: 'bad',
  settled: 'good',
}

export const EscrowPhase = ({ phase }: { readonly phase: EscrowRow['phase'] }) => (
  <Status tone={TONES[phase]}>{t(`escrow.phase.${phase}`)}</Status>
)
