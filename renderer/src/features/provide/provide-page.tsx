import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { Empty, LoadedView, Page } from '../../ui/page.tsx'
import { Approvals, Blocked } from './approvals.tsx'
import { Backends } from './backends.tsx'
import { ChoicePage } from './choice-page.tsx'
import { Diagnosis } from './diagnosis.tsx'
import { Earnings } from './earnings.tsx'
import { OwnerRules } from './owner-rules.tsx'
import { PolicyTable } from './policy-table.tsx'
import { ProviderActions } from './provider-actions.tsx'
import { ProviderState } from './provider-state.tsx'
import { ProviderOverview } from './provider-overview.tsx'

/** Without an item how providing goes; with one what is provided, to be chosen. */
export const ProvidePage = ({ item }: { readonly item: string | null }) => (item === null ? <Overview /> : <ChoicePage item={item} />)

const Overview = () => {
  const { provider } = useMarket()
  const loaded = useFollowed(provider)
  const status = valueOf(loaded)
  const hasBackends = status !== null && status.backends.length > 0
  return (
    <Page
      title={t('provide.title')}
      status={hasBackends && <ProviderState status={status} />}
      actions={hasBackends && <ProviderActions status={status} />}
    >
      <Approvals />
      <LoadedView of={loaded} lines={8} onRetry={provider.refresh}>
        {(value) =>
          value.backends.length === 0 ? (
            <Empty
              title={t('provide.empty.title')}
              action={
                <ButtonLink look='primary' href={links.provideAdd}>
                  {t('provide.empty.action')}
                </ButtonLink>
              }
            >
              {t('provide.empty.body')}
            </Empty>
          ) : (
            <>
              <ProviderOverview status={value} />
              <Backends status={value} />
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
