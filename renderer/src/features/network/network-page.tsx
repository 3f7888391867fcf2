import { shortId } from '../../format/id.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { Federation, NetworkStatus } from '../../store/types.ts'
import { Copyable } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { NewerReleaseNotice } from '../../ui/newer-release-notice.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { Ruv } from '../../ui/ruv.tsx'
import { Arbiters } from './arbiters.tsx'
import { Committee } from './committee.tsx'
import { Contradictions } from './contradictions.tsx'
import { Peers } from './peers.tsx'
import { Witnesses } from './witnesses.tsx'
import './network-page.css'

export const NetworkPage = () => {
  const { network, info } = useMarket()
  const program = valueOf(useFollowed(info))
  const federation = program?.federation ?? null
  return (
    <Page title={t('network.title')}>
      <LoadedView of={useFollowed(network)} lines={8} onRetry={network.refresh}>
        {(status) => (
          <>
            {program !== null && <NewerReleaseNotice info={program} status={status} />}
            <Witnesses status={status} />
            <Committee />
            <Arbiters />
            <Contradictions />
            {federation !== null && <FederationFacts federation={federation} />}
            <Self self={status.self} version={program?.version ?? null} />
            <Peers peers={status.peers} />
          </>
        )}
      </LoadedView>
    </Page>
  )
}

const FederationFacts = ({ federation }: { readonly federation: Federation }) => (
  <Section title={t('network.federation')} aside={federation.name}>
    <Facts
      facts={[
        { name: t('network.federation.kind'), value: t(`network.kind.${federation.kind}`) },
        { name: t('network.federation.supply'), value: <Ruv micro={federation.supplyMicro} /> },
        {
          name: t('network.federation.id'),
          value: <Copyable text={federation.id} shown={shortId(federation.id)} label={t('network.federation.copyId')} />,
        },
      ]}
    />
  </Section>
)

const Self = ({ self, version }: Pick<NetworkStatus, 'self'> & { readonly version: string | null }) => (
  <Section title={t('network.self')}>
    {self === null ? (
      <p className='soft'>{t('network.self.none')}</p>
    ) : (
      <Facts
        facts={[
          ...(version === null ? [] : [{ name: t('network.version'), value: version }]),
          { name: t('network.self.id'), value: <Copyable text={self.peerId} label={t('network.self.copyId')} /> },
          {
            name: t('network.self.addresses'),
            value:
              self.addresses.length === 0 ? (
                t('network.self.none')
              ) : (
                <ul className='addresses'>
                  {self.addresses.map((address) => (
                    <li key={address}>
                      <Copyable text={address} label={t('network.self.copyAddress')} />
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    )}
  </Section>
)
