import { useState } from 'react'
import { maxBackupLength } from '../../../../core/contract/setup.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { Button } from '../../ui/button.tsx'
import { TextArea } from '../../ui/field.tsx'
import { FilesArea, FilesButton } from '../../ui/files.tsx'
import { Notice } from '../../ui/notice.tsx'
import { BackupFacts } from './backup-facts.tsx'
import type { SetupDraft } from './draft.ts'
import type { WayProps } from './way.ts'

type Taken = { readonly draft: Partial<SetupDraft>; readonly problem: string | null }

/** Which of the files it is, is told by what is in it; what is no backup goes where a federation's text belongs. */
const useFile = (): ((file: File) => Promise<Taken>) => {
  const { client } = useMarket()
  return async (file) => {
    if (file.size > maxBackupLength) return { draft: {}, problem: t('setup.restore.file.long', { name: file.name }) }
    const content = await file.text().catch(() => '')
    if (content === '') return { draft: {}, problem: t('setup.restore.file.empty', { name: file.name }) }
    const backup = await client.setup.readBackup({ content })
    if (backup.ok) return { draft: { backup: { ...backup.value, content } }, problem: null }
    if (backup.error.code === 'not-a-backup' && !file.name.endsWith('-backup')) return { draft: { federationText: content }, problem: null }
    return { draft: {}, problem: backup.error.message }
  }
}

type RestoreSourceProps = Pick<WayProps, 'draft' | 'change'> & { readonly error: string | null }

/** What an account is brought back with, beside its words: a backup file, or what names its federation. */
export const RestoreSource = ({ draft, change, error }: RestoreSourceProps) => {
  const read = useFile()
  const [problem, setProblem] = useState<string | null>(null)
  const take = async ([file]: readonly File[]): Promise<void> => {
    if (file === undefined) return
    const taken = await read(file)
    setProblem(taken.problem)
    change(taken.draft)
  }
  const onFiles = (files: readonly File[]): void => void take(files)
  return (
    <FilesArea hint={t('setup.restore.drop')} onFiles={onFiles}>
      <div className='setup-source'>
        {draft.backup === null ? (
          <TextArea
            label={t('setup.restore.federation')}
            hint={t('setup.restore.federation.hint')}
            isMono
            rows={4}
            maxLength={maxBackupLength}
            value={draft.federationText}
            onChange={(federationText) => {
              setProblem(null)
              change({ federationText })
            }}
            error={problem ?? error}
          />
        ) : (
          <section className='setup-found' aria-label={t('setup.restore.backup')}>
            <h2>{t('setup.restore.backup')}</h2>
            <BackupFacts backup={draft.backup} />
            {(problem ?? error) !== null && <Notice tone='error'>{problem ?? error}</Notice>}
          </section>
        )}
        <div className='setup-source-actions'>
          <FilesButton label={draft.backup === null ? t('setup.restore.file') : t('setup.restore.file.other')} isSingle onFiles={onFiles} />
          {draft.backup !== null && (
            <Button
              size='small'
              onPress={() => {
                setProblem(null)
                change({ backup: null })
              }}
            >
              {t('setup.restore.backup.remove')}
            </Button>
          )}
        </div>
      </div>
    </FilesArea>
  )
}
