import { formatDateAndTime } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { Facts } from '../../ui/facts.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import type { InviteInfo } from './draft.ts'

/** Where an invite leads, before anything is done with it. */
export const InviteFacts = ({ invite: { federation, amountMicro, sponsor, expiresAtMs } }: { readonly invite: InviteInfo }) => (
  <Facts
    facts={[
      { name: t('setup.invite.federation'), value: <strong className='foreign'>{federation.name}</strong> },
      { name: t('setup.invite.kind'), value: t(`setup.kind.${federation.kind}`) },
      { name: t('setup.invite.credit'), value: <Ruv micro={amountMicro} /> },
      { name: t('setup.invite.sponsor'), value: <Peer id={sponsor} /> },
      {
        name: t('setup.invite.witnesses'),
        value: t('setup.invite.witnessesOf', { witnesses: federation.witnesses, faults: federation.faults }),
      },
      { name: t('setup.invite.expires'), value: <span className='figure'>{formatDateAndTime(expiresAtMs)}</span> },
    ]}
  />
)
