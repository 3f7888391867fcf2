/** What the program says outside of its window, in the languages of the screens. */
import type { Settings } from '../../core/home/settings.ts'
import { sayIn } from '../../renderer/src/messages/sentences.ts'

const en = {
  /** A sentence of the core, such as why something could not be done. */
  said: sayIn('en'),
  menu: {
    file: 'File',
    view: 'View',
    go: 'Go',
    help: 'Help',
    compose: 'New Question',
    settings: 'Settings…',
    palette: 'Command Palette…',
    shortcuts: 'Keyboard Shortcuts',
    areas: ['Home', 'Ask', 'Market', 'Provide', 'Wallet', 'Escrows', 'Reputation', 'Network', 'Settings'],
  },
  closing: {
    message: 'Keep running when the window is closed?',
    detail:
      'The market goes on in the tray: you provide, and what is under way is settled. Choose Quit to stop it with the window. You can change this in the settings.',
    buttons: ['Keep running', 'Quit', 'Cancel'],
  },
  tray: {
    starting: 'Starting…',
    notSetUp: 'Not set up yet',
    locked: 'Locked: the passphrase is needed',
    failed: 'Not running: it could not be opened',
    running: 'Running',
    off: 'Provider mode is off',
    goingOn: 'Provider mode is starting…',
    goingOff: 'Provider mode is stopping…',
    paused: 'Paused',
    pausedUntil: (time: string) => `Paused until ${time}`,
    waiting: (reason: string) => `Waiting: ${reason}`,
    finding: sayIn('en'),
    idle: 'Providing, nothing runs now',
    working: (tasks: number) => `Providing: ${tasks} ${tasks === 1 ? 'task' : 'tasks'} running`,
    approvals: (tasks: number) => `${tasks} ${tasks === 1 ? 'task' : 'tasks'} waiting for your approval…`,
    open: 'Open Claude Market',
    quit: 'Quit',
    provide: 'Provider mode',
    resume: 'Resume now',
    pauseHour: 'Pause for an hour',
    pause: 'Pause until I resume',
    earned: (amount: string) => `Earned today: ${amount} RUV`,
    approval: (beginning: string, classKey: string, most: string) => `${beginning} (${classKey}, up to ${most} RUV)`,
    read: 'Read it first…',
    run: 'Run once',
    refuse: 'Refuse',
    block: 'Refuse and block',
    stopAll: 'Stop everything now',
  },
  notices: {
    approval: 'A task waits for your approval',
    approvalBody: (classKey: string, most: string) => `${classKey}, up to ${most} RUV. Without a word from you it is refused.`,
    decisions: ['Run once', 'Refuse'],
    problem: 'A backend cannot work',
    problemBody: sayIn('en'),
    paid: 'You were paid',
    paidBody: (amount: string) => `${amount} RUV for what you provided.`,
  },
  noStart: {
    title: 'Claude Market cannot start',
    tooLong:
      'What Claude Market was asked to open is too long to be handed over. Start it without, and paste the link where it asks for one. Nothing was changed.',
    notWritable: (folder: string, code: string) =>
      `Claude Market keeps its files in ${folder} and cannot write there (${code}). Make it a folder in which you may write, or start the app with --user-data-dir= and the path of another one. Nothing was changed.`,
  },
  badge: (tasks: number) => `${tasks} ${tasks === 1 ? 'task' : 'tasks'} waiting for your approval`,
} as const

type Shape<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Shape<T[K]> }
export type Texts = Shape<typeof en>

const de: Texts = {
  said: sayIn('de'),
  menu: {
    file: 'Datei',
    view: 'Ansicht',
    go: 'Gehe zu',
    help: 'Hilfe',
    compose: 'Neue Frage',
    settings: 'Einstellungen …',
    palette: 'Befehle …',
    shortcuts: 'Tastenkürzel',
    areas: ['Start', 'Fragen', 'Markt', 'Anbieten', 'Wallet', 'Hinterlegungen', 'Ruf', 'Netzwerk', 'Einstellungen'],
  },
  closing: {
    message: 'Weiterlaufen, wenn das Fenster geschlossen ist?',
    detail:
      'Der Markt läuft im Infobereich weiter: Sie bieten an, und was im Gange ist, wird abgerechnet. Mit „Beenden“ endet er mit dem Fenster. Ändern lässt sich das in den Einstellungen.',
    buttons: ['Weiterlaufen', 'Beenden', 'Abbrechen'],
  },
  tray: {
    starting: 'Startet …',
    notSetUp: 'Noch nicht eingerichtet',
    locked: 'Verschlossen: Die Passphrase wird gebraucht',
    failed: 'Läuft nicht: Der Markt konnte nicht geöffnet werden',
    running: 'Läuft',
    off: 'Anbieten ist aus',
    goingOn: 'Anbieten startet …',
    goingOff: 'Anbieten hält an …',
    paused: 'Pause',
    pausedUntil: (time) => `Pause bis ${time}`,
    waiting: (reason) => `Wartet: ${sayIn('de')(reason)}`,
    finding: sayIn('de'),
    idle: 'Bietet an, gerade läuft nichts',
    working: (tasks) => `Bietet an: ${tasks === 1 ? '1 Aufgabe läuft' : `${tasks} Aufgaben laufen`}`,
    approvals: (tasks) => (tasks === 1 ? '1 Aufgabe wartet auf Ihr Wort …' : `${tasks} Aufgaben warten auf Ihr Wort …`),
    open: 'Claude Market öffnen',
    quit: 'Beenden',
    provide: 'Anbieten',
    resume: 'Jetzt fortsetzen',
    pauseHour: 'Eine Stunde Pause',
    pause: 'Pause, bis ich fortsetze',
    earned: (amount) => `Heute verdient: ${amount} RUV`,
    approval: (beginning, classKey, most) => `${beginning} (${classKey}, bis zu ${most} RUV)`,
    read: 'Zuerst lesen …',
    run: 'Einmal ausführen',
    refuse: 'Ablehnen',
    block: 'Ablehnen und sperren',
    stopAll: 'Jetzt alles beenden',
  },
  notices: {
    approval: 'Eine Aufgabe wartet auf Ihr Wort',
    approvalBody: (classKey, most) => `${classKey}, bis zu ${most} RUV. Ohne ein Wort von Ihnen wird sie abgelehnt.`,
    decisions: ['Einmal ausführen', 'Ablehnen'],
    problem: 'Ein Backend kann nicht arbeiten',
    problemBody: sayIn('de'),
    paid: 'Sie wurden bezahlt',
    paidBody: (amount) => `${amount} RUV für das, was Sie angeboten haben.`,
  },
  noStart: {
    title: 'Claude Market kann nicht starten',
    tooLong:
      'Was Claude Market öffnen soll, ist zu lang, um übergeben zu werden. Starten Sie die App ohne, und fügen Sie den Link dort ein, wo sie danach fragt. Es wurde nichts geändert.',
    notWritable: (folder, code) =>
      `Claude Market bewahrt seine Dateien in ${folder} auf und kann dort nicht schreiben (${code}). Machen Sie daraus einen Ordner, in dem Sie schreiben dürfen, oder starten Sie die App mit --user-data-dir= und dem Pfad eines anderen. Es wurde nichts geändert.`,
  },
  badge: (tasks) => (tasks === 1 ? '1 Aufgabe wartet auf Ihr Wort' : `${tasks} Aufgaben warten auf Ihr Wort`),
}

export const texts: Readonly<Record<'en' | 'de', Texts>> = { en, de }

/** As the screens choose: what was set, or the first language of the system in which there are texts. */
export const textsFor = (language: Settings['language'], preferred: readonly string[]): Texts => {
  if (language !== 'system') return texts[language]
  const known = preferred.map((tag) => tag.toLowerCase().split('-')[0]).find((base) => base === 'en' || base === 'de')
  return texts[known === 'de' ? 'de' : 'en']
}
