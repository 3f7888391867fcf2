import { LANGUAGES, type Language } from '../../format/locale.ts'
import { formatHour } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import type { Settings } from '../../store/types.ts'
import { usePreferences, type Preferences as Fields } from '../../store/use-preferences.ts'
import { Segments, Switch } from '../../ui/choice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'

const NOTICES = ['notifyApprovals', 'notifyProblems', 'notifyPayments'] as const
const WISHES = ['always', 'outside-quiet-hours', 'never'] as const

/** Each in its own words: whoever does not read the language of the screen has to find theirs. */
const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

/** Of this computer; each takes effect at once. What a browser tab cannot do is not offered there. */
export const Preferences = ({ settings }: { readonly settings: Settings }) => {
  const { problem, change } = usePreferences()
  const { theme, language, payAnswers, onClose, startAtLogin, startHidden } = settings
  return (
    <>
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
      <Section title={t('settings.appearance')}>
        <div className='setting-rows'>
          <Segments
            label={t('settings.theme')}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, name: t(`settings.theme.${value}`) }))}
            value={theme}
            onChange={(chosen) => change({ theme: chosen })}
          />
          <Select
            label={t('settings.language')}
            options={[
              { value: 'system', name: t('settings.language.system') },
              ...LANGUAGES.map((value) => ({ value, name: OWN_NAMES[value] })),
            ]}
            value={language}
            onChange={(chosen) => change({ language: chosen })}
          />
        </div>
      </Section>
      <Section title={t('settings.asking')}>
        <div className='setting-rows'>
          <Segments
            label={t('settings.payAnswers')}
            options={(['by-itself', 'by-hand'] as const).map((value) => ({ value, name: t(`settings.payAnswers.${value}`) }))}
            value={payAnswers}
            onChange={(chosen) => change({ payAnswers: chosen })}
          />
          <p className='soft small'>{t('settings.payAnswers.hint')}</p>
        </div>
      </Section>
      {settings.surface === 'desktop' && (
        <Section title={t('settings.window')}>
          <div className='setting-rows'>
            <Select
              label={t('settings.onClose')}
              options={(['ask', 'keep-running', 'quit'] as const).map((value) => ({ value, name: t(`settings.onClose.${value}`) }))}
              value={onClose}
              onChange={(chosen) => change({ onClose: chosen })}
            />
            <Switch isSelected={startAtLogin === 'on'} onChange={(isOn) => change({ startAtLogin: isOn ? 'on' : 'off' })}>
              {t('settings.startAtLogin')}
            </Switch>
            <Switch
              isSelected={startHidden === 'on'}
              onChange={(isOn) => change({ startHidden: isOn ? 'on' : 'off' })}
              hint={t('settings.startHidden.hint')}
            >
              {t('settings.startHidden')}
            </Switch>
          </div>
        </Section>
      )}
      {settings.surface === 'desktop' && <Notices settings={settings} change={change} />}
    </>
  )
}

const hours = () => Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), name: formatHour(hour) }))

/** What the desktop says while the window is away. */
const Notices = ({ settings, change }: { readonly settings: Settings; readonly change: (changed: Partial<Fields>) => void }) => (
  <Section title={t('settings.notices')}>
    <div className='setting-rows'>
      {NOTICES.map((field) => (
        <Select
          key={field}
          label={t(`settings.${field}`)}
          options={WISHES.map((value) => ({ value, name: t(`settings.notices.${value}`) }))}
          value={settings[field]}
          onChange={(chosen) => change({ [field]: chosen })}
        />
      ))}
      <Select
        label={t('settings.quietFrom')}
        options={hours()}
        value={String(settings.quietFromHour)}
        onChange={(chosen) => change({ quietFromHour: Number(chosen) })}
      />
      <Select
        label={t('settings.quietUntil')}
        options={hours()}
        value={String(settings.quietUntilHour)}
        onChange={(chosen) => change({ quietUntilHour: Number(chosen) })}
      />
      <p className='soft small'>{t('settings.notices.hint')}</p>
    </div>
  </Section>
)
