import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { t } from '../../messages/translate.ts'
import { formatLimit } from '../../format/time.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import type { OfferRow } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { FilesArea, FilesButton } from '../../ui/files.tsx'
import { Form } from '../../ui/form.tsx'
import { goTo, links } from '../../ui/links.ts'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { attach, readFiles, type GivenFile } from './attach.ts'
import { Attachments } from './attachments.tsx'
import { draftStore, readDraft, type Draft, type DraftProblem } from './draft.ts'
import { useKeptDraft } from './kept-draft.ts'
import { Privacy } from './privacy.tsx'
import { OfferQuote, Quote } from './quote-line.tsx'
import { ReadersDialog } from './readers-dialog.tsx'
import { taskText } from './task-text.ts'
import './composer.css'

const LENGTHS = [
  { tokens: 128, name: 'ask.length.short' },
  { tokens: 512, name: 'ask.length.medium' },
  { tokens: 2_048, name: 'ask.length.long' },
] as const
const COPIES = [1, 2, 3, 5] as const
const HOUR_MS = 3_600_000
/** Nothing longer than a day stands. */
const STANDS_MS = [0, HOUR_MS, 24 * HOUR_MS] as const
const DEADLINES_MS = [60_000, 300_000, 1_800_000] as const

/** `offer`: the standing offer that is taken; null asks everybody. */
export const Composer = ({ offer }: { readonly offer: OfferRow | null }) => {
  const { client, offers, settings } = useMarket()
  useKeptDraft()
  const typed = useStore(draftStore)
  const preference = valueOf(useFollowed(settings))?.payAnswers ?? 'by-itself'
  const [problem, setProblem] = useState<DraftProblem | null>(null)
  const askAll = useCommand(client.tasks.ask)
  const take = useCommand(client.tasks.take)
  const ask = offer === null ? askAll : take
  const everything = useFollowed(offers(null))
  const rows = everything.status === 'ready' ? everything.value.rows.map(({ row }) => row) : null
  const classKeys = [...new Set((rows ?? []).map(({ classKey }) => classKey))].toSorted()
  const byHand = typed.byHand ?? preference === 'by-hand'
  const draft = { ...typed, byHand, classKey: offer?.classKey ?? (typed.classKey === '' ? (classKeys[0] ?? '') : typed.classKey) }

  const change = (changed: Partial<Draft>): void => {
    draftStore.setState(changed)
    setProblem(null)
  }
  const submit = async (): Promise<void> => {
    const read = readDraft(draft)
    setProblem('problem' in read ? read.problem : null)
    if (!('ask' in read)) return
    const { classKey: _classKey, mode: _mode, copies: _copies, ...wish } = read.ask
    const asked = await (offer === null ? askAll.run(read.ask) : take.run({ ...wish, offerId: offer.id }))
    if (asked === null) return
    draftStore.setState({ prompt: '', files: [], byHand: null })
    goTo(links.task(asked.taskId))
  }
  const mustRead = ask.state.status === 'refused' && ask.state.error.code === 'not-acknowledged'
  const errorOf = (field: DraftProblem['field']): string | null => (problem?.field === field ? problem.message : null)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void submit()
  }

  return (
    <Form className='composer' onSubmit={() => void submit()}>
      <Files draft={draft} change={change}>
        <TextArea
          label={t('ask.prompt')}
          isLabelUnseen
          spellCheck
          rows={4}
          placeholder={t('ask.promptPlaceholder')}
          value={draft.prompt}
          onChange={(prompt) => change({ prompt })}
          onKeyDown={onKeyDown}
          error={errorOf('prompt')}
        />
      </Files>
      <Privacy
        text={draft.prompt.trim() === '' ? '' : taskText(draft)}
        isReplaced={draft.placeholders}
        onChange={(placeholders) => change({ placeholders })}
      />
      <Terms draft={draft} change={change} classKeys={offer === null ? classKeys : null} errorOf={errorOf} />
      {mustRead && <ReadersDialog onAcknowledged={() => void submit()} onClose={ask.clear} />}
      {problem === null && ask.problem !== null && !mustRead && <Notice tone='error'>{ask.problem}</Notice>}
      <div className='composer-foot'>
        {offer === null ? <Quote draft={draft} /> : <OfferQuote draft={draft} offer={offer} />}
        <div className='composer-send'>
          <kbd className='keys'>{t('ask.keys')}</kbd>
          <Button type='submit' look='primary' isPending={ask.isPending}>
            {t('ask.send')}
          </Button>
        </div>
      </div>
      <NoJudges />
      <p className='faint small'>{t('ask.readers')}</p>
    </Form>
  )
}

type FilesProps = Pick<TermsProps, 'draft' | 'change'> & { readonly children: ReactNode }

/** The question, with the files that go with it below. */
const Files = ({ draft, change, children }: FilesProps) => {
  const [problems, setProblems] = useState<readonly string[]>([])
  const take = async (given: readonly GivenFile[]): Promise<void> => {
    const read = await readFiles(given)
    const attached = attach(draftStore.getState(), read)
    setProblems(attached.problems)
    change({ files: attached.files })
  }
  const onFiles = (given: readonly File[]): void => void take(given)
  return (
    <FilesArea hint={t('ask.attach.drop')} onFiles={onFiles}>
      <div className='composer-question'>
        {children}
        <div className='attach'>
          <FilesButton label={t('ask.attach')} onFiles={onFiles} />
          <Attachments files={draft.files} onRemove={(index) => change({ files: draft.files.toSpliced(index, 1) })} />
        </div>
        {problems.length > 0 && (
          <Notice tone='warning'>
            {problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </Notice>
        )}
      </div>
    </FilesArea>
  )
}

/** Said before anything is locked: without a judge a dispute is worth half of the price. */
const NoJudges = () => {
  const status = valueOf(useFollowed(useMarket().committee))
  const hasJudges = status === null || status.arbiters.some(({ isOwn }) => !isOwn)
  return hasJudges ? null : <p className='soft small'>{t('ask.noJudges')}</p>
}

type TermsProps = {
  readonly draft: Draft
  readonly change: (changed: Partial<Draft>) => void
  /** Null: the offer that is taken says which. */
  readonly classKeys: readonly string[] | null
  readonly errorOf: (field: DraftProblem['field']) => string | null
}

const Terms = ({ draft, change, classKeys, errorOf }: TermsProps) => (
  <div className='composer-terms'>
    {classKeys !== null && (
      <Select
        label={t('ask.class')}
        options={classKeys.map((classKey) => ({ value: classKey, name: classKey }))}
        value={draft.classKey === '' ? null : draft.classKey}
        placeholder={t('ask.noClasses')}
        isDisabled={classKeys.length === 0}
        onChange={(classKey) => change({ classKey })}
        error={errorOf('classKey')}
      />
    )}
    <Select
      label={t('ask.length')}
      options={LENGTHS.map(({ tokens, name }) => ({ value: String(tokens), name: t(name), hint: t('ask.length.hint', { tokens }) }))}
      value={String(draft.maxOutputTokens)}
      onChange={(tokens) => change({ maxOutputTokens: Number(tokens) })}
    />
    <Select
      label={t('ask.deadline')}
      options={DEADLINES_MS.map((deadlineMs) => ({ value: String(deadlineMs), name: formatLimit(deadlineMs) }))}
      value={String(draft.deadlineMs)}
      onChange={(deadlineMs) => change({ deadlineMs: Number(deadlineMs) })}
    />
    <Select
      label={t('ask.stands')}
      options={STANDS_MS.map((forMs) => ({ value: String(forMs), name: forMs === 0 ? t('ask.stands.not') : formatLimit(forMs) }))}
      value={String(draft.standsForMs)}
      onChange={(forMs) => change({ standsForMs: Number(forMs) })}
    />
    <Select
      label={t('ask.pay')}
      options={(['by-itself', 'by-hand'] as const).map((value) => ({
        value,
        name: t(`ask.pay.${value}`),
        hint: t(`ask.pay.${value}.hint`),
      }))}
      value={draft.byHand === true ? 'by-hand' : 'by-itself'}
      onChange={(chosen) => change({ byHand: chosen === 'by-hand' })}
    />
    {classKeys !== null && (
      <Select
        label={t('ask.copies')}
        options={COPIES.map((copies) => ({ value: String(copies), name: t('ask.copies.of', { copies }) }))}
        value={String(draft.copies)}
        onChange={(copies) => change({ copies: Number(copies) })}
      />
    )}
    <TextField
      label={t('ask.cap')}
      unit={t('common.ruv')}
      inputMode='decimal'
      maxLength={40}
      value={draft.cap}
      onChange={(cap) => change({ cap })}
      error={errorOf('cap')}
    />
    {classKeys !== null && (
      <Segments
        label={t('ask.mode')}
        options={[
          { value: 'first', name: t('ask.mode.first') },
          { value: 'best', name: t('ask.mode.best') },
        ]}
        value={draft.mode}
        onChange={(mode) => change({ mode })}
      />
    )}
  </div>
)
