import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { Empty, LoadedView, Page } from '../../ui/page.tsx'
import { Approvals, Blocked } from './approvals.tsx'
import { ChoicePage } from './choice-page.tsx'
import { Diagnosis } from './diagnosis.tsx'
import { Earnings } from './earnings.tsx'
import { OwnerRules } from './owner-rules.tsx'
import { PolicyTable } from './policy-table.tsx'
import { ProviderActions } from './provider-actions.tsx'
import { ProviderState } from './provider-state.tsx'
import { ProviderOverview } from './provider-overview.tsx'

/** Without an item how providing goes; with one what is provided, to be chosen. */
export const ProvidePage = ({ item }: { readonly item: string | null }) => (item === null ? <Overview /> : <ChoicePage />)

const Overview = () => {
  const { provider } = useMarket()
  const loaded = useFollowed(provider)
  const status = valueOf(loaded)
  return (
    <Page
      title={t('provide.title')}
      status={status?.configured && <ProviderState status={status} />}
      actions={status?.configured && <ProviderActions status={status} />}
    >
      <Approvals />
      <LoadedView of={loaded} lines={8} onRetry={provider.refresh}>
        {(value) =>
          value.configured === null ? (
            <Empty
              title={t('provide.empty.title')}
              action={
                <ButtonLink look='primary' href={links.provideChange}>
                  {t('provide.empty.action')}
                </ButtonLink>
              }
            >
              {t('provide.empty.body')}
            </Empty>
          ) : (
            <>
              <ProviderOverview status={value} configured={value.configured} />
              <Diagnosis />
              <Earnings />
              <OwnerRules />
            </>
          )
        }
      </LoadedView>
      <Blocked />
      <PolicyTable />
    </Page>
  )
}
