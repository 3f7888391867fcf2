import { useState } from 'react'
import { formatDate } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { ConsentRow } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { ConfirmedButton } from '../../ui/confirmed-button.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { Status, type StatusTone } from '../../ui/status.tsx'

/** The ledger of what was agreed to: read, exported, withdrawn. */
export const Consents = () => {
  const { consents } = useMarket()
  const loaded = useFollowed(consents)
  const hasAny = (valueOf(loaded)?.rows.length ?? 0) > 0
  return (
    <Section title={t('settings.consents')} aside={hasAny && <ExportButton />}>
      <p className='soft small'>{t('settings.consents.body')}</p>
      <LoadedView of={loaded} lines={3} onRetry={consents.refresh}>
        {({ rows }) =>
          rows.length === 0 ? (
            <p className='soft small'>{t('settings.consents.empty')}</p>
          ) : (
            <ul className='ledger'>
              {rows.map((row) => (
                <Consent key={row.id} consent={row} />
              ))}
            </ul>
          )
        }
      </LoadedView>
    </Section>
  )
}

const TONES: Readonly<Record<ConsentRow['status'], StatusTone>> = {
  valid: 'good',
  expired: 'neutral',
  revoked: 'neutral',
  outdated: 'warning',
  damaged: 'bad',
}

const Consent = ({ consent }: { readonly consent: ConsentRow }) => {
  const given = formatDate(consent.grantedAtMs)
  return (
    <li data-testid='consent' data-status={consent.status}>
      <div className='ledger-text'>
        <strong className='foreign'>
          {t('settings.consent.line', { backend: t(`provide.backend.${consent.backend}`), model: consent.model })}
        </strong>
        <span className='soft'>
          {consent.revokedAtMs === null
            ? t('settings.consent.given', { given, until: formatDate(consent.expiresAtMs) })
            : t('settings.consent.withdrawn', { given, withdrawn: formatDate(consent.revokedAtMs) })}
        </span>
        <Status tone={TONES[consent.status]}>{t(`settings.consent.status.${consent.status}`)}</Status>
      </div>
      <div className='ledger-actions'>
        <ReadButton consent={consent} />
        {consent.status === 'valid' && <RevokeButton consent={consent} />}
      </div>
    </li>
  )
}

const ReadButton = ({ consent }: { readonly consent: ConsentRow }) => {
  const { client } = useMarket()
  const [shown, setShown] = useState<{ readonly text: string } | { readonly problem: string } | null>(null)
  const read = async (): Promise<void> => {
    const answer = await client.consents.read({ consentId: consent.id })
    setShown(answer.ok ? { text: answer.value.text } : { problem: answer.error.message })
  }
  return (
    <>
      <Button size='small' onPress={() => void read()}>
        {t('settings.consent.read')}
      </Button>
      <Dialog title={t('settings.consent.read.title')} width='wide' isOpen={shown !== null} onClose={() => setShown(null)}>
        {shown !== null && 'problem' in shown && <Notice tone='error'>{shown.problem}</Notice>}
        {shown !== null && 'text' in shown && <PlainText label={t('settings.consent.read.title')} text={shown.text} />}
      </Dialog>
    </>
  )
}

const RevokeButton = ({ consent }: { readonly consent: ConsentRow }) => {
  const { client } = useMarket()
  const revoke = useCommand(client.consents.revoke)
  return (
    <ConfirmedButton
      label={t('settings.consent.revoke')}
      look='plain'
      confirmLook='danger'
      size='small'
      question={t('settings.consent.revoke.title')}
      isPending={revoke.isPending}
      problem={revoke.problem}
      run={async () => (await revoke.run({ consentId: consent.id })) !== null}
    >
      <p>{t('settings.consent.revoke.body')}</p>
    </ConfirmedButton>
  )
}

const ExportButton = () => {
  const { client } = useMarket()
  const [exported, setExported] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const read = async (): Promise<void> => {
    const answer = await client.consents.export({})
    if (answer.ok) setExported(answer.value.json)
    setProblem(answer.ok ? null : answer.error.message)
  }
  const close = (): void => setExported(null)
  return (
    <>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <Button size='small' onPress={() => void read()}>
        {t('settings.consents.export')}
      </Button>
      <Dialog
        title={t('settings.consents.export.title')}
        width='wide'
        isOpen={exported !== null}
        onClose={close}
        actions={<CopyButton text={exported ?? ''} label={t('settings.consents.export.copy')} />}
      >
        <p className='soft'>{t('settings.consents.export.body')}</p>
        <PlainText isMono label={t('settings.consents.export.text')} text={exported ?? ''} />
      </Dialog>
    </>
  )
}
