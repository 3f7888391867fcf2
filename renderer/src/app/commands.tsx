import { useEffect, useState } from 'react'
import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { usePreferences, type Preferences } from '../store/use-preferences.ts'
import { Dialog } from '../ui/dialog.tsx'
import { goTo, links } from '../ui/links.ts'
import { Palette, type PaletteItem } from '../ui/palette.tsx'
import { ShortcutList } from '../ui/shortcut-list.tsx'
import { AREAS } from './route.ts'
import { areaShortcuts, isMac, isPressed, isTypingIn, SHORTCUTS, type Shortcut } from './shortcuts.ts'

type Action = Omit<PaletteItem, 'keys'> & { readonly shortcut: Shortcut | null }
type Shown = 'palette' | 'sheet' | null

const keysOf = ({ mod, key }: Shortcut): readonly string[] => {
  const printed = key.length === 1 ? key.toUpperCase() : key
  return mod ? [isMac() ? '⌘' : t('keys.ctrl'), printed] : [printed]
}

/** The command palette, the sheet of shortcuts, and the keys themselves, wherever one is. */
export const Commands = () => {
  const [shown, setShown] = useState<Shown>(null)
  const actions = useActions(setShown)
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const around = { isMac: isMac(), isTyping: isTypingIn(event.target) }
      const action = actions.find(({ shortcut }) => shortcut !== null && isPressed(shortcut, event, around))
      if (action === undefined) return
      event.preventDefault()
      action.run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [actions])
  const close = (): void => setShown(null)
  return (
    <>
      <Palette
        label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        nothing={t('palette.nothing')}
        items={actions
          .filter(({ id }) => id !== 'palette')
          .map(({ shortcut, ...item }) => ({ ...item, keys: shortcut === null ? [] : keysOf(shortcut) }))}
        isOpen={shown === 'palette'}
        onClose={close}
      />
      <Dialog title={t('palette.shortcuts')} isOpen={shown === 'sheet'} onClose={close}>
        <ShortcutList
          label={t('palette.shortcuts')}
          shortcuts={[
            ...actions.flatMap(({ name, shortcut }) => (shortcut === null ? [] : [{ name, keys: keysOf(shortcut) }])),
            { name: t('keys.send'), keys: [isMac() ? '⌘' : t('keys.ctrl'), t('keys.enter')] },
            { name: t('keys.close'), keys: [t('keys.escape')] },
          ]}
        />
      </Dialog>
    </>
  )
}

const useActions = (show: (shown: Shown) => void): readonly Action[] => {
  const { client, provider, cases } = useMarket()
  const { change } = usePreferences()
  const state = valueOf(useFollowed(provider))?.state ?? 'stopped'
  const onRoster = valueOf(useFollowed(cases))?.onRoster ?? false
  const requestId = (): string => crypto.randomUUID()
  const action = (id: string, name: string, run: () => void, shortcut: Shortcut | null = null): Action => ({ id, name, run, shortcut })
  const setTheme = (theme: Preferences['theme']) => (): void => change({ theme })
  return [
    action('palette', t('palette.title'), () => show('palette'), SHORTCUTS.palette),
    action('compose', t('home.ask'), () => goTo(links.ask), SHORTCUTS.compose),
    ...AREAS.map((area) =>
      action(area, t('palette.goTo', { page: t(`nav.${area}`) }), () => goTo(links[area]), areaShortcuts.get(area) ?? null),
    ),
    action('preferences', t('palette.preferences'), () => goTo(links.settings), SHORTCUTS.settings),
    ...(onRoster ? [action('desk', t('desk.title'), () => goTo(links.desk))] : []),
    action('backend', t('provide.empty.action'), () => goTo(links.provideAdd)),
    ...(state === 'running'
      ? [action('pause', t('provide.pauseHour'), () => void client.provider.pause({ requestId: requestId(), forMs: 3_600_000 }))]
      : []),
    ...(state === 'paused' ? [action('resume', t('provide.resume'), () => void client.provider.resume({ requestId: requestId() }))] : []),
    ...(['system', 'light', 'dark'] as const).map((theme) =>
      action(`theme-${theme}`, t('palette.theme', { theme: t(`settings.theme.${theme}`) }), setTheme(theme)),
    ),
    action('tour', t('palette.tour'), () => goTo(links.tour)),
    action('sheet', t('palette.shortcuts'), () => show('sheet'), SHORTCUTS.sheet),
  ]
}
