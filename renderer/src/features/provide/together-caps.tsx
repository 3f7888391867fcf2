import { useState } from 'react'
import { maxConcurrent } from '../../../../core/contract/orders.ts'
import { maxMoneyCents } from '../../../../core/contract/provider.ts'
import { formatCents, parseCents, parseWhole } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import type { OwnerRules } from '../../store/types.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'

type Together = NonNullable<OwnerRules['rules']['together']>
type Draft = { readonly [K in keyof Together]: string }
type Errors = Partial<Record<keyof Together, string>>
type TogetherCapsProps = {
  readonly together: Together | null
  readonly isPending: boolean
  readonly problem: string | null
  /** @returns whether they were set */
  readonly set: (together: Together | null) => Promise<boolean>
}

const FORM = 'together-caps'
const USUAL: Together = { concurrent: 2, tasksPerDay: 100, outputTokensPerDay: 100_000, moneyPerDayCents: 200, moneyPerMonthCents: 2_000 }
const FIELDS = [
  { field: 'concurrent', label: 'choice.concurrent', most: maxConcurrent },
  { field: 'tasksPerDay', label: 'choice.tasksPerDay', most: 1_000_000 },
  { field: 'outputTokensPerDay', label: 'choice.tokensPerDay', most: 1_000_000_000 },
] as const
const MONEY = [
  { field: 'moneyPerDayCents', label: 'choice.moneyPerDay' },
  { field: 'moneyPerMonthCents', label: 'choice.moneyPerMonth' },
] as const

/** What all backends together give at most, beside each one's own limits. */
export const TogetherCaps = ({ together, isPending, problem, set }: TogetherCapsProps) => {
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  const setAndClose = async (next: Together | null): Promise<void> => {
    if (await set(next)) close()
  }
  return (
    <>
      <p>
        <strong>{t('provide.together')}</strong>{' '}
        <span className='soft'>{together === null ? t('provide.together.none') : wordsOf(together)}</span>
      </p>
      <Button onPress={() => setOpen(true)}>{t('provide.together.change')}</Button>
      <Dialog
        title={t('provide.together')}
        isOpen={isOpen}
        onClose={close}
        actions={
          <>
            {together !== null && (
              <Button isPending={isPending} onPress={() => void setAndClose(null)}>
                {t('provide.together.lift')}
              </Button>
            )}
            <Button type='submit' form={FORM} look='primary' isPending={isPending}>
              {t('provide.together.save')}
            </Button>
          </>
        }
      >
        <TogetherForm initial={together ?? USUAL} onSet={setAndClose} />
        {problem !== null && <Notice tone='error'>{problem}</Notice>}
      </Dialog>
    </>
  )
}

const wordsOf = ({ concurrent, tasksPerDay, outputTokensPerDay, moneyPerDayCents, moneyPerMonthCents }: Together): string =>
  t('provide.together.some', {
    concurrent,
    tasks: tasksPerDay,
    tokens: outputTokensPerDay,
    day: formatCents(moneyPerDayCents),
    month: formatCents(moneyPerMonthCents),
  })

type TogetherFormProps = { readonly initial: Together; readonly onSet: (together: Together) => Promise<void> }

const TogetherForm = ({ initial, onSet }: TogetherFormProps) => {
  const [draft, setDraft] = useState(() => draftOf(initial))
  const [errors, setErrors] = useState<Errors>({})
  const submit = (): void => {
    const read = readDraft(draft)
    setErrors(read.errors)
    if (Object.keys(read.errors).length === 0) void onSet(read.together)
  }
  return (
    <Form id={FORM} className='choice-grid' onSubmit={submit}>
      {[...FIELDS, ...MONEY].map(({ field, label }) => (
        <TextField
          key={field}
          label={t(label)}
          inputMode='decimal'
          maxLength={20}
          value={draft[field]}
          onChange={(typed) => setDraft((now) => ({ ...now, [field]: typed }))}
          error={errors[field] ?? null}
        />
      ))}
    </Form>
  )
}

const draftOf = (together: Together): Draft => ({
  concurrent: String(together.concurrent),
  tasksPerDay: String(together.tasksPerDay),
  outputTokensPerDay: String(together.outputTokensPerDay),
  moneyPerDayCents: formatCents(together.moneyPerDayCents),
  moneyPerMonthCents: formatCents(together.moneyPerMonthCents),
})

/** What was typed, and what to put right in it. */
const readDraft = (draft: Draft): { readonly together: Together; readonly errors: Errors } => {
  const errors: Errors = {}
  const together = { ...USUAL }
  for (const { field, most } of FIELDS) {
    const value = parseWhole(draft[field])
    if (value !== null && value >= 1 && value <= most) together[field] = value
    else errors[field] = t('provide.problem.whole', { least: 1, most })
  }
  for (const { field } of MONEY) {
    const value = parseCents(draft[field])
    if (value !== null && value <= maxMoneyCents) together[field] = value
    else errors[field] = t('provide.problem.money', { most: formatCents(maxMoneyCents) })
  }
  return { together, errors }
}
