import { formatDuration } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { Facts } from '../../ui/facts.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'

export const NetworkPage = () => {
  const { network } = useMarket()
  return (
    <Page title={t('network.title')}>
      <LoadedView of={useFollowed(network)} onRetry={network.refresh}>
        {({ witnesses, peers }) => (
          <>
            <Section title={t('network.witnesses')}>
              <Facts
                facts={witnesses.map(({ peerId, roundTripMs }) => ({
                  name: peerId,
                  value: roundTripMs === null ? '–' : formatDuration(roundTripMs),
                }))}
              />
            </Section>
            <Section title={t('network.peers')}>
              <Facts facts={peers.map(({ peerId, addresses }) => ({ name: peerId, value: addresses.join(', ') }))} />
            </Section>
          </>
        )}
      </LoadedView>
    </Page>
  )
}
