import { shortId } from '../../format/id.ts'
import { formatDateAndTime } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { CommitteeStatus } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { ComparablePeer } from '../../ui/key-check.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'

type Member = CommitteeStatus['committee'][number]
type Proposal = CommitteeStatus['proposals'][number]

/** Who decides, and what is about to change. */
export const Committee = () => {
  const { committee } = useMarket()
  return (
    <LoadedView of={useFollowed(committee)} lines={4} onRetry={committee.refresh}>
      {(status) => (
        <Section title={t('network.committee')} aside={t('network.committee.epoch', { epoch: status.epoch })}>
          <p className='soft small'>
            {t('network.committee.since', { since: formatDateAndTime(status.startsAtMs), quorum: status.quorum })}
          </p>
          {status.next !== null && (
            <Notice tone='info'>
              {t('network.committee.next', { epoch: status.next.epoch, starts: formatDateAndTime(status.next.startsAtMs) })}{' '}
              {differences(status.next)}
            </Notice>
          )}
          {status.proposals.map((proposal) => (
            <ProposedChange key={proposal.id} proposal={proposal} />
          ))}
          <ol className='committee-list'>
            {status.committee.map((member) => (
              <li key={member.publicKey} data-testid='committee-member'>
                <ComparablePeer id={member.publicKey} />
                <span className='soft mono'>{member.addresses[0] ?? ''}</span>
                {member.isOwn && <span className='soft'>{t('network.committee.own')}</span>}
              </li>
            ))}
          </ol>
        </Section>
      )}
    </LoadedView>
  )
}

const named = (members: readonly Member[]): string => members.map(({ publicKey }) => shortId(publicKey)).join(', ')
const judging = (arbiters: CommitteeStatus['arbiters']): string => arbiters.map(({ name }) => name).join(', ')
type Changed = Pick<Proposal, 'added' | 'removed' | 'arbitersAdded' | 'arbitersRemoved'>
const differences = ({ added, removed, arbitersAdded, arbitersRemoved }: Changed): string =>
  [
    added.length === 0 ? '' : t('network.committee.comes', { who: named(added) }),
    removed.length === 0 ? '' : t('network.committee.goes', { who: named(removed) }),
    arbitersAdded.length === 0 ? '' : t('network.committee.judges', { who: judging(arbitersAdded) }),
    arbitersRemoved.length === 0 ? '' : t('network.committee.judgesNot', { who: judging(arbitersRemoved) }),
  ]
    .filter((part) => part !== '')
    .join(' ')

const ProposedChange = ({ proposal }: { readonly proposal: Proposal }) => {
  const { epoch, startsAtMs, decideByMs, endorsedBy, needed, mayEndorse } = proposal
  return (
    <Notice tone='warning' isLive={false} action={mayEndorse && <EndorseButton proposal={proposal} />}>
      <span data-testid='proposed-change'>
        {t('network.committee.proposed', { epoch, starts: formatDateAndTime(startsAtMs) })} {differences(proposal)}{' '}
        {t('network.committee.endorsed', { endorsed: endorsedBy.length, needed, before: formatDateAndTime(decideByMs) })}
      </span>
    </Notice>
  )
}

const EndorseButton = ({ proposal }: { readonly proposal: Proposal }) => {
  const { client } = useMarket()
  const endorse = useCommand(client.federation.endorse)
  return (
    <ConfirmedButton
      label={t('network.committee.endorse')}
      look='plain'
      size='small'
      question={t('network.committee.endorse.title')}
      isPending={endorse.isPending}
      problem={endorse.problem}
      run={async () => (await endorse.run({ id: proposal.id })) !== null}
    >
      <p>{differences(proposal)}</p>
      <p className='soft'>{t('network.committee.endorse.body')}</p>
    </ConfirmedButton>
  )
}
