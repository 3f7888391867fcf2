import { LANGUAGES, type Language } from '../../format/locale.ts'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import type { Settings } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Segments, Switch } from '../../ui/choice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'

type Fields = Pick<Settings, 'theme' | 'language' | 'onClose' | 'startAtLogin' | 'startHidden'>

/** Each in its own words: whoever does not read the language of the screen has to find theirs. */
const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' }

/** Of this computer; each takes effect at once. What a browser tab cannot do is not offered there. */
export const Preferences = ({ settings }: { readonly settings: Settings }) => {
  const { client } = useMarket()
  const set = useCommand(client.settings.set)
  const { theme, language, onClose, startAtLogin, startHidden } = settings
  const change = (changed: Partial<Fields>) => void set.run({ theme, language, onClose, startAtLogin, startHidden, ...changed })
  return (
    <>
      {set.problem !== null && <Notice tone='error'>{set.problem}</Notice>}
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
    </>
  )
}
