import { formatDateAndTime } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { Facts } from '../../ui/facts.tsx'
import { Peer } from '../../ui/peer.tsx'
import type { BackupInfo } from './draft.ts'

/** What a backup file is of; the rest of it is sealed. */
export const BackupFacts = ({ backup: { federation, accountId, madeAtMs } }: { readonly backup: BackupInfo }) => (
  <Facts
    facts={[
      { name: t('setup.backup.federation'), value: <strong className='foreign'>{federation.name}</strong> },
      { name: t('setup.backup.account'), value: <Peer id={accountId} /> },
      { name: t('setup.backup.made'), value: <span className='figure'>{formatDateAndTime(madeAtMs)}</span> },
    ]}
  />
)
