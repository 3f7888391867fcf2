import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'

/** A whole log may have megabytes, which nobody reads on a screen. */
const SHOWN_LINES = 100

export const ExportDecisions = () => {
  const { client } = useMarket()
  const [lines, setLines] = useState<readonly string[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isPending, setPending] = useState(false)
  const read = async (): Promise<void> => {
    setPending(true)
    const all: string[] = []
    let failure: string | null = null
    for (let afterSeq: number | null = null, isMore = true; isMore;) {
      const answer = await client.audit.export({ afterSeq })
      if (answer.ok) {
        all.push(...answer.value.lines)
        afterSeq = answer.value.nextSeq
      } else failure = answer.error.message
      isMore = failure === null && afterSeq !== null
    }
    setPending(false)
    setProblem(failure)
    if (failure === null) setLines(all)
  }
  return (
    <>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <Button size='small' isPending={isPending} onPress={() => void read()}>
        {t('settings.decisions.export')}
      </Button>
      <Dialog
        title={t('settings.decisions.export.title')}
        width='wide'
        isOpen={lines !== null}
        onClose={() => setLines(null)}
        actions={<CopyButton text={`${(lines ?? []).join('\n')}\n`} label={t('settings.decisions.export.copy')} />}
      >
        <p className='soft'>{t('settings.decisions.export.body')}</p>
        <PlainText isMono label={t('settings.decisions.export.text')} text={(lines ?? []).slice(0, SHOWN_LINES).join('\n')} />
      </Dialog>
    </>
  )
}
