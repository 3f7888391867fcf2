import { useEffect, useState } from 'react'
import { formatDateAndTime } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { loading, ready, valueOf, type Loaded } from '../../store/loaded.ts'
import type { LogRead } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView } from '../../ui/page.tsx'
import { ScrollRegion } from '../../ui/scroll-region.tsx'
import { Select } from '../../ui/select.tsx'
import { Tag } from '../../ui/tag.tsx'
import './log.css'

type Row = LogRead['rows'][number]
type Level = Row['level']
/** From everything to the gravest. */
const LEAST = ['debug', 'info', 'warn', 'error'] as const satisfies readonly Level[]
const TONES = { debug: 'plain', info: 'plain', warn: 'amber', error: 'red' } as const
const WORDS_LENGTH = 100

/** What this program has noted about itself, for its owner and for whoever helps. */
export const LogButton = () => {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size='small' onPress={() => setOpen(true)}>
        {t('settings.log.show')}
      </Button>
      {isOpen && <LogDialog onClose={() => setOpen(false)} />}
    </>
  )
}

const LogDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const openFolder = useCommand(useMarket().client.settings.openLogFolder)
  const [least, setLeast] = useState<Level>('info')
  const [words, setWords] = useState('')
  const { log, readAgain } = useLog(least, words)
  const rows = valueOf(log)?.rows ?? []
  return (
    <Dialog
      title={t('settings.log')}
      width='wide'
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button isPending={openFolder.isPending} onPress={() => void openFolder.run({})}>
            {t('settings.log.folder')}
          </Button>
          <Button onPress={readAgain}>{t('settings.log.again')}</Button>
          <CopyButton text={rows.map(lineOf).join('\n')} label={t('settings.log.copy')} />
        </>
      }
    >
      <p className='soft small'>{t('settings.log.body')}</p>
      <div className='log-filter'>
        <Select
          label={t('settings.log.least')}
          options={LEAST.map((value) => ({ value, name: t(`settings.log.least.${value}`) }))}
          value={least}
          onChange={setLeast}
        />
        <TextField label={t('settings.log.words')} maxLength={WORDS_LENGTH} value={words} onChange={setWords} />
      </div>
      {openFolder.problem !== null && <Notice tone='error'>{openFolder.problem}</Notice>}
      <LoadedView of={log} lines={8} onRetry={readAgain}>
        {(read) => <Lines read={read} />}
      </LoadedView>
    </Dialog>
  )
}

/** Read when it is asked for: a log that moves cannot be read. */
const useLog = (least: Level, words: string): { readonly log: Loaded<LogRead>; readonly readAgain: () => void } => {
  const { client } = useMarket()
  const [log, setLog] = useState<Loaded<LogRead>>(loading)
  const [times, setTimes] = useState(0)
  useEffect(() => {
    let isWanted = true
    void client.settings.log({ least, words }).then((answer) => {
      if (isWanted) setLog(answer.ok ? ready(answer.value) : { status: 'failed', message: answer.error.message })
    })
    return () => {
      isWanted = false
    }
  }, [client, least, words, times])
  return { log, readAgain: () => setTimes((before) => before + 1) }
}

const Lines = ({ read: { rows, hasMore } }: { readonly read: LogRead }) => {
  if (rows.length === 0) return <p className='soft'>{t('settings.log.empty')}</p>
  return (
    <>
      <ScrollRegion label={t('settings.log')}>
        <ol className='log-lines'>
          {rows.map((row, index) => (
            <li key={index} data-testid='log-line'>
              <span className='log-head'>
                <span className='soft figure'>{formatDateAndTime(row.atMs)}</span>
                <Tag tone={TONES[row.level]}>{row.level}</Tag>
                <span className='foreign'>{`${row.domain}: ${row.event}`}</span>
              </span>
              {row.detail !== '' && <span className='log-detail soft mono foreign'>{row.detail}</span>}
            </li>
          ))}
        </ol>
      </ScrollRegion>
      {hasMore && <p className='soft small'>{t('settings.log.more', { count: rows.length })}</p>}
    </>
  )
}

const lineOf = ({ atMs, level, domain, event, detail }: Row): string =>
  `${new Date(atMs).toISOString()} ${level} ${domain}: ${event}${detail === '' ? '' : ` ${detail.replaceAll('\n', '\n  ')}`}`
