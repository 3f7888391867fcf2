import type { shell as english } from '../en/shell.ts'
import type { Translated } from '../translated.ts'

export const shell = {
  'app.name': 'Claude Market',
  'app.skip': 'Zum Inhalt springen',
  'app.practice': 'Übung',
  'app.practiceHint': 'Die Antworten sind simuliert, und RUV sind außerhalb nichts wert.',
  'app.noKey.title': 'Dieser Adresse fehlt der Schlüssel',
  'app.noKey.body': 'Öffnen Sie die ganze Adresse, die der Markt beim Start ausgegeben hat: Der Teil nach # ist der Schlüssel dazu.',
  'app.lost': 'Die Verbindung zum Markt ist abgerissen und wird wieder aufgebaut; was Sie sehen, kann veraltet sein.',
  'app.failed.title': 'Der Markt konnte nicht geöffnet werden',
  'app.crashed.title': 'Diese Ansicht ist stehen geblieben',
  'app.crashed.body': 'Darin ist ein Fehler aufgetreten. Nichts ist verloren: Ihr Markt läuft weiter.',
  'app.crashed.reload': 'Neu laden',

  'remark.started-again': 'Claude Market lief schon: Hier ist es.',
  'remark.settings-reset':
    'Ihre Einstellungen waren beschädigt und nicht zu lesen; nun sind alle wie am Anfang. Die beschädigte Datei ist als settings.json.damaged aufgehoben. Bitte wählen Sie unter „Einstellungen“ noch einmal, was Sie gewählt hatten.',
  'remark.unreadable':
    'Der Markt konnte etwas nicht lesen, das dieses Fenster gesendet hat. Nichts ist geschehen, und was Sie geschrieben haben, ist noch da: Versuchen Sie es noch einmal, und starten Sie Claude Market neu, wenn es so bleibt.',
  'remark.foreign':
    'Etwas anderes als dieses Fenster wollte Ihren Markt benutzen und wurde abgewiesen. Nichts ist geschehen; wenn Sie nicht wissen, was es war, starten Sie Claude Market neu.',
  'remark.putAway': 'OK',

  'nav.label': 'Bereiche',
  'nav.home': 'Start',
  'nav.ask': 'Fragen',
  'nav.market': 'Markt',
  'nav.provide': 'Anbieten',
  'nav.wallet': 'Wallet',
  'nav.escrows': 'Hinterlegungen',
  'nav.reputation': 'Ruf',
  'nav.network': 'Netzwerk',
  'nav.settings': 'Einstellungen',
  'nav.waiting': '{count, plural, one {# wartet auf Sie} other {# warten auf Sie}}',

  'witnesses.connecting': 'Verbindung wird aufgebaut …',
  'witnesses.reachable': '{reachable} von {all} Zeugen',
  'witnesses.short': '{reachable} von {all} Zeugen, {quorum} nötig',
  'witnesses.silent':
    '{reachable, plural, =0 {Kein Zeuge antwortet} one {Nur # von {all} Zeugen antwortet} other {Nur # von {all} Zeugen antworten}}; bis es {quorum} sind, kann nichts abgerechnet werden. Prüfen Sie, ob dieser Computer online ist. Es wird von selbst weiter versucht, und nichts geht verloren.',

  'witnesses.tooFewVotes':
    '{reachable} von {all} Zeugen antworten, aber nur {voting} stimmen ab; bis es {quorum} sind, kann nichts abgerechnet werden. Unter Netzwerk steht, warum, und was hilft.',
  'clock.behind':
    'Die Uhr dieses Computers geht gegenüber denen der Zeugen um {by} nach, Fristen gelten also nicht wie gezeigt. Stellen Sie sie richtig, am besten mit der automatischen Uhrzeit in den Einstellungen des Systems.',
  'clock.ahead':
    'Die Uhr dieses Computers geht gegenüber denen der Zeugen um {by} vor, Fristen gelten also nicht wie gezeigt. Stellen Sie sie richtig, am besten mit der automatischen Uhrzeit in den Einstellungen des Systems.',

  'release.newer':
    '{count, plural, one {# von {all} Zeugen sagt, dass er} other {# von {all} Zeugen sagen, dass sie}} Version {version} oder eine spätere {count, plural, one {nutzt} other {nutzen}}; dies ist {own}. Holen Sie sie dort, wo Sie diese geholt haben; was an ihr neu ist, prüft diese App nicht.',
  'release.putAway': 'Ausblenden',

  'palette.title': 'Befehle',
  'palette.placeholder': 'Was möchten Sie tun?',
  'palette.nothing': 'Nichts heißt so.',
  'palette.goTo': 'Zu {page}',
  'palette.preferences': 'Einstellungen ändern',
  'palette.theme': 'Farben: {theme}',
  'palette.tour': 'Rundgang machen',
  'palette.shortcuts': 'Tastenkürzel',
  'keys.ctrl': 'Strg',
  'keys.enter': 'Eingabe',
  'keys.escape': 'Esc',
  'keys.send': 'Absenden, was geschrieben ist',
  'keys.close': 'Schließen, was offen ist',
} as const satisfies Translated<typeof english>
