import { useEffect, useState } from 'react'
import { said, t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { Preview } from '../../store/types.ts'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/choice.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import './privacy.css'

/** A pause in typing after which the text is looked through. */
const PAUSE_MS = 400

type PrivacyProps = { readonly text: string; readonly isReplaced: boolean; readonly onChange: (isReplaced: boolean) => void }

/** What was found in the text that is about to leave, what becomes of it, and exactly what the provider will read. */
export const Privacy = ({ text, isReplaced, onChange }: PrivacyProps) => {
  const preview = usePreview(text, isReplaced)
  const [isOpen, setOpen] = useState(false)
  if (preview === null) return null
  const { findings, problem, reads } = preview
  return (
    <div className='privacy' data-testid='privacy'>
      {findings.length > 0 && (
        <>
          <p role='status'>{t('ask.found', { what: describeFindings(findings) })}</p>
          <Switch isSelected={isReplaced} onChange={onChange} hint={t('ask.replace.hint')}>
            {t('ask.replace')}
          </Switch>
        </>
      )}
      {problem !== null && <Notice tone='error'>{said(problem)}</Notice>}
      <Button size='small' onPress={() => setOpen(true)}>
        {t('ask.reads')}
      </Button>
      <Dialog title={t('ask.reads')} width='wide' isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className='soft'>{t('ask.reads.body')}</p>
        <PlainText label={t('ask.reads')} text={reads} />
      </Dialog>
    </div>
  )
}

/** Beside a question that was asked: the same, as it was sent. */
export const WhatIsRead = ({ text }: { readonly text: string }) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className='privacy'>
      <p className='soft small'>{t('ask.reads.after')}</p>
      <Button size='small' onPress={() => setOpen(true)}>
        {t('ask.reads')}
      </Button>
      <Dialog title={t('ask.reads')} width='wide' isOpen={isOpen} onClose={() => setOpen(false)}>
        <PlainText label={t('ask.reads')} text={text} />
      </Dialog>
    </div>
  )
}

const PERSONAL = ['email', 'phone', 'iban', 'card', 'passport', 'identity-number', 'birth-date'] as const

const describeFindings = (findings: Preview['findings']): string => {
  const countOf = (kind: string): number => findings.filter((finding) => finding.kind === kind).length
  const counts = PERSONAL.map((kind) => ({ kind, count: countOf(kind) }))
  const secrets = findings.length - counts.reduce((sum, { count }) => sum + count, 0)
  return [
    ...(secrets > 0 ? [t('ask.found.secret', { count: secrets })] : []),
    ...counts.flatMap(({ kind, count }) => (count > 0 ? [t(`ask.found.${kind}`, { count })] : [])),
  ].join(', ')
}

/** Null while there is nothing to show, or nobody to ask. What was found stays until the next answer, so that nothing jumps while one types. */
const usePreview = (prompt: string, placeholders: boolean): Preview | null => {
  const { client } = useMarket()
  const [shown, setShown] = useState<Preview | null>(null)
  const isEmpty = prompt.trim() === ''
  useEffect(() => {
    if (isEmpty) return undefined
    let isWanted = true
    const timer = setTimeout(() => {
      void client.tasks.preview({ prompt, placeholders }).then((answer) => {
        if (isWanted) setShown(answer.ok ? answer.value : null)
      })
    }, PAUSE_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [client, prompt, placeholders, isEmpty])
  return isEmpty ? null : shown
}
