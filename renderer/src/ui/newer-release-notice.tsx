import type { ReactNode } from 'react'
import { t } from '../messages/translate.ts'
import type { AppInfo, NetworkStatus } from '../store/types.ts'
import { Notice } from './notice.tsx'

type NewerReleaseProps = {
  readonly info: AppInfo
  readonly status: NetworkStatus
  readonly action?: ReactNode
}

/** That more witnesses than may fail say they run a newer release: without a link, and without anything to fetch. */
export const NewerReleaseNotice = ({ info, status: { newer, witnesses }, action }: NewerReleaseProps) =>
  newer !== null && (
    <Notice tone='info' action={action}>
      {t('release.newer', { count: newer.witnesses, all: witnesses.length, version: newer.version, own: info.version })}
    </Notice>
  )
