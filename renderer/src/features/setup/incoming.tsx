import { useEffect, useState, type ReactNode } from 'react'
import { said, t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { loading, ready, valueOf, type Loaded } from '../../store/loaded.ts'
import type { AppInfo, Federation, IncomingItem } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { useIdentity } from '../../store/use-identity.ts'
import { Button } from '../../ui/button.tsx'
import { ClaimedNotice, type Claimed } from '../../ui/claimed-notice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView } from '../../ui/page.tsx'
import { BackupFacts } from './backup-facts.tsx'
import type { InviteInfo, SetupDraft } from './draft.ts'
import { InviteFacts } from './invite-facts.tsx'

type Item<K extends IncomingItem['kind']> = Extract<IncomingItem, { readonly kind: K }>
type Dismissing = { readonly onClose: () => void }

/** What was opened outside of the app. It waits here: nothing is done with it but what a button of its dialog says. */
const useIncoming = () => {
  const { client, incoming } = useMarket()
  const now = valueOf(useFollowed(incoming))
  const dismiss = useCommand(client.incoming.dismiss)
  return {
    item: now?.item ?? null,
    dismiss: (): void => {
      if (now !== null) void dismiss.run({ revision: now.revision })
    },
  }
}

type AtStartProps = {
  readonly onJoin: (link: string, invite: InviteInfo) => void
  readonly onRestore: (source: Pick<SetupDraft, 'backup'> & Partial<SetupDraft>) => void
}

/** Before there is a market: it fills in a form of the first start. */
export const IncomingAtStart = ({ onJoin, onRestore }: AtStartProps) => {
  const { item, dismiss } = useIncoming()
  if (item === null) return null
  if (item.kind === 'refused') return <Refused item={item} onClose={dismiss} />
  if (item.kind === 'federation-file') {
    return (
      <FileDialog
        item={item}
        onClose={dismiss}
        action={
          <Use
            label={t('incoming.file.restore')}
            onPress={() => {
              onRestore({ federationText: item.content, backup: null })
              dismiss()
            }}
          />
        }
      >
        <p>{t('incoming.file.body')}</p>
      </FileDialog>
    )
  }
  if (item.kind === 'backup-file') {
    return (
      <BackupDialog
        item={item}
        onClose={dismiss}
        action={
          <Use
            label={t('incoming.backup.restore')}
            onPress={() => {
              onRestore({ backup: { ...item.backup, content: item.content } })
              dismiss()
            }}
          />
        }
      >
        <p>{t('incoming.backup.body')}</p>
      </BackupDialog>
    )
  }
  return (
    <InviteDialog
      key={item.link}
      item={item}
      onClose={dismiss}
      actionFor={(invite) => (
        <Use
          label={t('incoming.invite.join')}
          onPress={() => {
            onJoin(item.link, invite)
            dismiss()
          }}
        />
      )}
    />
  )
}

/** Beside a market that runs: an invite of the same federation brings its RUV, and whatever is of another one is said to be. */
export const IncomingWhileRunning = () => {
  const { info } = useMarket()
  const { item, dismiss } = useIncoming()
  const own = valueOf(useFollowed(info))
  if (item === null || own === null) return null
  if (item.kind === 'refused') return <Refused item={item} onClose={dismiss} />
  if (item.kind === 'federation-file') {
    const isOwn = item.federation.id === own.federation?.id
    return (
      <FileDialog item={item} onClose={dismiss} action={!isOwn && own.practice && <LeavePractice />}>
        {isOwn ? <Notice tone='info'>{t('incoming.file.own')}</Notice> : <Elsewhere own={own} />}
      </FileDialog>
    )
  }
  if (item.kind === 'backup-file') return <RunningBackup item={item} own={own} onClose={dismiss} />
  return <RunningInvite key={item.link} item={item} own={own} onClose={dismiss} />
}

const RunningInvite = ({ item, own, onClose }: Dismissing & { readonly item: Item<'invite'>; readonly own: AppInfo }) => {
  const claim = useCommand(useMarket().client.invites.claim)
  const [claimed, setClaimed] = useState<Claimed | null>(null)
  const isOwn = ({ federation }: InviteInfo): boolean => federation.id === own.federation?.id
  const take = async (): Promise<void> => {
    setClaimed(await claim.run({ link: item.link }))
  }
  if (claimed !== null) {
    return (
      <Dialog title={t('wallet.claim.done.title')} isOpen onClose={onClose} actions={<Use label={t('wallet.done')} onPress={onClose} />}>
        <ClaimedNotice claimed={claimed} />
      </Dialog>
    )
  }
  return (
    <InviteDialog
      item={item}
      onClose={onClose}
      noteFor={(invite) => (isOwn(invite) ? <p>{t('incoming.invite.own')}</p> : <Elsewhere own={own} />)}
      actionFor={(invite) => {
        if (isOwn(invite)) return <Use label={t('incoming.invite.take')} isPending={claim.isPending} onPress={() => void take()} />
        return own.practice && <LeavePractice />
      }}
      problem={claim.problem}
    />
  )
}

/** It fills nothing in here: a backup is taken in when an account is brought back. */
const RunningBackup = ({ item, own, onClose }: Dismissing & { readonly item: Item<'backup-file'>; readonly own: AppInfo }) => {
  const accountId = useIdentity()?.accountId ?? null
  const isHere = item.backup.federation.id === own.federation?.id
  return (
    <BackupDialog item={item} onClose={onClose} action={!isHere && own.practice && <LeavePractice />}>
      {!isHere && <Elsewhere own={own} />}
      {isHere && accountId !== null && (
        <Notice tone='info'>{item.backup.accountId === accountId ? t('incoming.backup.own') : t('incoming.backup.other')}</Notice>
      )}
    </BackupDialog>
  )
}

type UseProps = { readonly label: string; readonly onPress: () => void; readonly isPending?: boolean }
const Use = ({ label, onPress, isPending = false }: UseProps) => (
  <Button look='primary' isPending={isPending} onPress={onPress}>
    {label}
  </Button>
)

const Elsewhere = ({ own }: { readonly own: AppInfo }) => (
  <Notice tone='warning'>{own.practice ? t('incoming.practice') : t('incoming.elsewhere', { name: nameOf(own.federation) })}</Notice>
)
const nameOf = (federation: Federation | null): string => federation?.name ?? ''

/** What was opened still waits then, and the first start offers to go on with it. */
const LeavePractice = () => {
  const startOver = useCommand(useMarket().client.setup.startOver)
  return (
    <>
      {startOver.problem !== null && <Notice tone='error'>{startOver.problem}</Notice>}
      <Use label={t('incoming.practice.leave')} isPending={startOver.isPending} onPress={() => void startOver.run({})} />
    </>
  )
}

type InviteDialogProps = Dismissing & {
  readonly item: Item<'invite'>
  readonly actionFor: (invite: InviteInfo) => ReactNode
  readonly noteFor?: (invite: InviteInfo) => ReactNode
  readonly problem?: string | null
}

const InviteDialog = ({ item, onClose, actionFor, noteFor, problem = null }: InviteDialogProps) => {
  const invite = useInvite(item.link)
  const read = valueOf(invite)
  return (
    <Dialog
      title={t('incoming.invite.title')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('incoming.later')}</Button>
          {read !== null && actionFor(read)}
        </>
      }
    >
      <LoadedView of={invite} lines={6}>
        {(value) => (
          <>
            <InviteFacts invite={value} />
            {noteFor?.(value)}
          </>
        )}
      </LoadedView>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
    </Dialog>
  )
}

const useInvite = (link: string): Loaded<InviteInfo> => {
  const { client } = useMarket()
  const [invite, setInvite] = useState<Loaded<InviteInfo>>(loading)
  useEffect(() => {
    let isShown = true
    void client.setup.readInvite({ link }).then((answer) => {
      if (isShown) setInvite(answer.ok ? ready(answer.value) : { status: 'failed', message: answer.error.message })
    })
    return () => {
      isShown = false
    }
  }, [client, link])
  return invite
}

type DialogParts = Dismissing & { readonly action: ReactNode; readonly children: ReactNode }
type FileDialogProps = DialogParts & { readonly item: Item<'federation-file'> }

const FileDialog = ({ item, onClose, action, children }: FileDialogProps) => (
  <Dialog
    title={t('incoming.file.title')}
    isOpen
    onClose={onClose}
    actions={
      <>
        <Button onPress={onClose}>{t('incoming.later')}</Button>
        {action}
      </>
    }
  >
    <p>
      <strong className='foreign'>{item.federation.name}</strong>
    </p>
    {children}
  </Dialog>
)

const BackupDialog = ({ item, onClose, action, children }: DialogParts & { readonly item: Item<'backup-file'> }) => (
  <Dialog
    title={t('incoming.backup.title')}
    isOpen
    onClose={onClose}
    actions={
      <>
        <Button onPress={onClose}>{action === false ? t('common.close') : t('incoming.later')}</Button>
        {action}
      </>
    }
  >
    <BackupFacts backup={item.backup} />
    {children}
  </Dialog>
)

const Refused = ({ item, onClose }: Dismissing & { readonly item: Item<'refused'> }) => (
  <Dialog title={t('incoming.refused.title')} isOpen onClose={onClose} actions={<Use label={t('common.close')} onPress={onClose} />}>
    <Notice tone='warning'>{said(item.message)}</Notice>
  </Dialog>
)
