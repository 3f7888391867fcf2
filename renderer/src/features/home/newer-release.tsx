import { compareReleases } from '../../../../core/contract/version.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { usePreferences } from '../../store/use-preferences.ts'
import { Button } from '../../ui/button.tsx'
import { NewerReleaseNotice } from '../../ui/newer-release-notice.tsx'

/** Until it is put away, and again for a release that is newer still. */
export const NewerRelease = () => {
  const { network, info } = useMarket()
  const [status, own] = [valueOf(useFollowed(network)), valueOf(useFollowed(info))]
  const { preferences, change } = usePreferences()
  const version = status?.newer?.version ?? null
  if (status === null || own === null || preferences === null || version === null) return null
  const { releaseSeen } = preferences
  if (releaseSeen !== null && compareReleases(version, releaseSeen) <= 0) return null
  const putAway = (
    <Button size='small' look='quiet' onPress={() => change({ releaseSeen: version })}>
      {t('release.putAway')}
    </Button>
  )
  return <NewerReleaseNotice info={own} status={status} action={putAway} />
}
