import { locale } from '../../format/locale.ts'
import { t } from '../../messages/translate.ts'
import { Segments, Switch } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import type { FieldsProps } from './backend-fields.tsx'
import { isBilled, type ChoiceDraft, type ChoiceField } from './choice.ts'
import type { Span, WeeklyHours } from './hours.ts'

type TextOf = { readonly [K in ChoiceField]: ChoiceDraft[K] extends string ? K : never }[ChoiceField]
type NumberFieldProps = FieldsProps & {
  readonly field: TextOf
  readonly label: string
  readonly unit?: string
  readonly isDecimal?: boolean
}

const NumberField = ({ draft, change, errors, field, label, unit, isDecimal = false }: NumberFieldProps) => (
  <TextField
    label={label}
    inputMode={isDecimal ? 'decimal' : 'numeric'}
    maxLength={20}
    value={draft[field]}
    onChange={(typed) => change({ [field]: typed })}
    error={errors[field] ?? null}
    {...(unit === undefined ? {} : { unit })}
  />
)

export const PriceFields = (props: FieldsProps) => (
  <>
    <Section title={t('choice.price')}>
      <div className='choice-grid'>
        <NumberField {...props} field='perOutput' label={t('choice.perOutput')} unit={t('common.ruv')} isDecimal />
        <NumberField {...props} field='perInput' label={t('choice.perInput')} unit={t('common.ruv')} isDecimal />
        <NumberField {...props} field='perTask' label={t('choice.perTask')} unit={t('common.ruv')} isDecimal />
      </div>
    </Section>
    <Section title={t('choice.promise')}>
      <p className='small soft'>{t('choice.promise.hint')}</p>
      <div className='choice-grid'>
        <NumberField {...props} field='firstTokenSeconds' label={t('choice.firstToken')} unit={t('choice.seconds')} />
        <NumberField {...props} field='totalSeconds' label={t('choice.total')} unit={t('choice.seconds')} />
      </div>
    </Section>
  </>
)

export const CapFields = (props: FieldsProps) => (
  <Section title={t('choice.caps')}>
    <p className='small soft'>{t('choice.caps.hint')}</p>
    <div className='choice-grid'>
      <NumberField {...props} field='concurrent' label={t('choice.concurrent')} />
      <NumberField {...props} field='tasksPerDay' label={t('choice.tasksPerDay')} />
      <NumberField {...props} field='tokensPerTask' label={t('choice.tokensPerTask')} />
      <NumberField {...props} field='tokensPerDay' label={t('choice.tokensPerDay')} />
    </div>
    {isBilled(props.draft.kind) && (
      <>
        <p className='small soft'>{t('choice.money.hint')}</p>
        <div className='choice-grid'>
          <NumberField {...props} field='moneyPerDay' label={t('choice.moneyPerDay')} isDecimal />
          <NumberField {...props} field='moneyPerMonth' label={t('choice.moneyPerMonth')} isDecimal />
          <NumberField {...props} field='centsIn' label={t('choice.centsIn')} isDecimal />
          <NumberField {...props} field='centsOut' label={t('choice.centsOut')} isDecimal />
        </div>
      </>
    )}
    <HoursFields hours={props.draft.hours} onChange={(hours) => props.change({ hours })} />
    {props.draft.kind !== 'practice' && (
      <Switch
        isSelected={props.draft.approveEachTask}
        onChange={(approveEachTask) => props.change({ approveEachTask })}
        hint={t('choice.approve.hint')}
      >
        {t('choice.approve')}
      </Switch>
    )}
  </Section>
)

const NIGHTS: WeeklyHours = { kind: 'spans', workingDays: { fromHour: 19, toHour: 7 }, weekend: { fromHour: 0, toHour: 0 } }

type HoursProps = { readonly hours: WeeklyHours; readonly onChange: (hours: WeeklyHours) => void }

const HoursFields = ({ hours, onChange }: HoursProps) => (
  <>
    <Segments
      label={t('choice.hours')}
      options={[
        { value: 'always', name: t('choice.hours.always') },
        { value: 'spans', name: t('choice.hours.spans') },
        ...(hours.kind === 'own' ? [{ value: 'own' as const, name: t('choice.hours.own') }] : []),
      ]}
      value={hours.kind}
      onChange={(kind) => {
        if (kind !== hours.kind) onChange(kind === 'spans' ? NIGHTS : { kind: 'always' })
      }}
    />
    {hours.kind === 'spans' && (
      <>
        <SpanFields
          days={t('choice.hours.workingDays')}
          span={hours.workingDays}
          onChange={(workingDays) => onChange({ ...hours, workingDays })}
        />
        <SpanFields days={t('choice.hours.weekend')} span={hours.weekend} onChange={(weekend) => onChange({ ...hours, weekend })} />
        <p className='small soft'>{t('choice.hours.same')}</p>
      </>
    )}
  </>
)

const hourNames = (): readonly { readonly value: string; readonly name: string }[] => {
  const clock = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })
  return Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), name: clock.format(hour * 3_600_000) }))
}

type SpanProps = { readonly days: string; readonly span: Span; readonly onChange: (span: Span) => void }

const SpanFields = ({ days, span, onChange }: SpanProps) => (
  <div className='choice-grid'>
    <Select
      label={t('choice.hours.from', { days })}
      options={hourNames()}
      value={String(span.fromHour)}
      onChange={(hour) => onChange({ ...span, fromHour: Number(hour) })}
    />
    <Select
      label={t('choice.hours.to', { days })}
      options={hourNames()}
      value={String(span.toHour)}
      onChange={(hour) => onChange({ ...span, toHour: Number(hour) })}
    />
  </div>
)
