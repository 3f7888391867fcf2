import { useId, useState, type KeyboardEvent, type SubmitEvent } from 'react'
import { formatRuv } from '../../format/amount.ts'
import { useMarketState } from '../../store/context.tsx'
import type { OfferRow } from '../../store/market-store.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import { readDraft, type Draft, type DraftProblem } from './draft.ts'
import { cheapestQuoteMicro } from './quote.ts'
import { useAsk } from './use-ask.ts'
import './composer.css'

const EMPTY: Draft = { prompt: '', classKey: '', cap: '1.00', mode: 'first', maxOutputTokens: 512 }
const LENGTHS = [
  { maxOutputTokens: 128, name: 'Short answer' },
  { maxOutputTokens: 512, name: 'Medium answer' },
  { maxOutputTokens: 2_048, name: 'Long answer' },
] as const

export const Composer = () => {
  const offers = useMarketState((state) => (state.book.status === 'ready' ? state.book.value.offers.rows : null))
  const classKeys = [...new Set((offers ?? []).map((offer) => offer.classKey))].toSorted()
  const [typed, setTyped] = useState(EMPTY)
  const [problem, setProblem] = useState<DraftProblem | null>(null)
  const ask = useAsk()
  const draft = { ...typed, classKey: typed.classKey === '' ? (classKeys[0] ?? '') : typed.classKey }

  const change = (changed: Partial<Draft>): void => {
    setTyped({ ...typed, ...changed })
    setProblem(null)
  }
  const submit = async (): Promise<void> => {
    if (ask.state.status === 'asking') return
    const read = readDraft(draft)
    setProblem('problem' in read ? read.problem : null)
    if ('ask' in read && (await ask.send(read.ask))) setTyped((now) => ({ ...now, prompt: '' }))
  }

  return (
    <Section title='Ask'>
      <form
        className='composer'
        noValidate
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Prompt draft={draft} change={change} submit={submit} problem={problem} />
        <Terms draft={draft} change={change} classKeys={classKeys} problem={problem} />
        {problem !== null && (
          <div id='draft-problem'>
            <Notice tone='error'>{problem.message}</Notice>
          </div>
        )}
        {problem === null && ask.state.status === 'refused' && <Notice tone='error'>{ask.state.message}</Notice>}
        <div className='composer-foot'>
          <Quote draft={draft} offers={offers} />
          <Button type='submit' look='primary' disabled={ask.state.status === 'asking'}>
            {ask.state.status === 'asking' ? 'Asking…' : 'Ask'}
          </Button>
        </div>
      </form>
    </Section>
  )
}

type FieldsProps = { readonly draft: Draft; readonly change: (changed: Partial<Draft>) => void; readonly problem: DraftProblem | null }

const describedBy = (problem: DraftProblem | null, field: DraftProblem['field']) =>
  problem?.field === field ? ({ 'aria-invalid': true, 'aria-describedby': 'draft-problem' } as const) : {}

const Prompt = ({ draft, change, submit, problem }: FieldsProps & { readonly submit: () => Promise<void> }) => {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void submit()
  }
  return (
    <>
      <label className='unseen' htmlFor='prompt'>
        Your question
      </label>
      <textarea
        id='prompt'
        className='composer-prompt'
        rows={3}
        placeholder='Ask the federation something. The provider that wins reads it; nobody else can.'
        value={draft.prompt}
        onChange={(event) => change({ prompt: event.target.value })}
        onKeyDown={onKeyDown}
        {...describedBy(problem, 'prompt')}
      />
    </>
  )
}

const Terms = ({ draft, change, classKeys, problem }: FieldsProps & { readonly classKeys: readonly string[] }) => {
  const modeName = useId()
  return (
    <div className='composer-terms'>
      <label className='composer-field'>
        <span>Model class</span>
        <select
          value={draft.classKey}
          disabled={classKeys.length === 0}
          onChange={(event) => change({ classKey: event.target.value })}
          {...describedBy(problem, 'classKey')}
        >
          {classKeys.length === 0 && <option value=''>None yet</option>}
          {classKeys.map((classKey) => (
            <option key={classKey}>{classKey}</option>
          ))}
        </select>
      </label>
      <label className='composer-field'>
        <span>Length</span>
        <select value={draft.maxOutputTokens} onChange={(event) => change({ maxOutputTokens: Number(event.target.value) })}>
          {LENGTHS.map(({ maxOutputTokens, name }) => (
            <option key={maxOutputTokens} value={maxOutputTokens}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className='composer-field composer-cap'>
        <span>At most, in RUV</span>
        <input
          inputMode='decimal'
          autoComplete='off'
          maxLength={20}
          value={draft.cap}
          onChange={(event) => change({ cap: event.target.value })}
          {...describedBy(problem, 'cap')}
        />
      </label>
      <fieldset className='composer-field composer-mode'>
        <legend>Take</legend>
        {(['first', 'best'] as const).map((mode) => (
          <label key={mode}>
            <input type='radio' name={modeName} checked={draft.mode === mode} onChange={() => change({ mode })} />
            <span>{mode === 'first' ? 'first bid' : 'best bid'}</span>
          </label>
        ))}
      </fieldset>
    </div>
  )
}

const encoder = new TextEncoder()

/** `offers` is null until the order book is there. */
const Quote = ({ draft, offers }: { readonly draft: Draft; readonly offers: readonly OfferRow[] | null }) => {
  if (offers === null) return <p className='composer-quote'>Waiting for the order book…</p>
  const matching = offers.filter((offer) => offer.classKey === draft.classKey)
  const promptBytes = encoder.encode(draft.prompt).length
  const quote = cheapestQuoteMicro(matching, { promptBytes, maxOutputTokens: draft.maxOutputTokens })
  if (quote === null) return <p className='composer-quote'>No provider offers this yet.</p>
  return (
    <p className='composer-quote figure'>
      Cheapest offer: up to about {formatRuv(quote)} RUV. <span className='composer-keys'>Ctrl + Enter asks.</span>
    </p>
  )
}
