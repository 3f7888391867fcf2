import type { home as english } from '../en/home.ts'
import type { Translated } from '../translated.ts'

export const home = {
  'home.title': 'Start',
  'home.ask': 'Etwas fragen',
  'home.balance': 'Guthaben',
  'home.available': 'verfügbar',
  'home.locked': '{amount} hinterlegt',
  'home.onTheWay': '{amount} unterwegs',
  'home.founder':
    'Außer Ihnen ist noch niemand hier. Eine Einladung ist ein Link, der jemandem die ersten RUV gibt und den Beitritt öffnet.',
  'home.awaited':
    'Die {amount} RUV Ihrer Einladung kommen noch: Sie gehören Ihnen, sobald genug Zeugen antworten. Zu tun ist dafür nichts.',
  'home.attention': 'Wartet auf Sie',
  'home.calm': 'Nichts wartet auf Sie.',
  'home.attention.quorum': 'Nur {reachable} von {all} Zeugen antworten. Bis es {quorum} sind, kann nichts abgerechnet werden.',
  'home.attention.votes':
    '{reachable} von {all} Zeugen antworten, aber nur {voting} stimmen ab. Bis es {quorum} sind, kann nichts abgerechnet werden.',
  'home.attention.quorum.action': 'Zum Netzwerk',
  'home.attention.approvals': '{count, plural, one {Eine Aufgabe wartet} other {# Aufgaben warten}} auf Ihr Wort. Schweigen lehnt ab.',
  'home.attention.approvals.action': 'Entscheiden',
  'home.attention.split': 'Die andere Seite einer Hinterlegung bietet Ihnen eine Teilung an.',
  'home.attention.review': 'Eine Antwort ist in der Prüffrist. Sie können sie annehmen oder anfechten; am Ende der Frist wird sie bezahlt.',
  'home.attention.cases': '{count, plural, one {Ein Streitfall wartet} other {# Streitfälle warten}} auf Ihre Entscheidung.',
  'home.attention.cases.action': 'Zum Schiedstisch',
  'home.attention.escrow.action': 'Hinterlegung öffnen',
  'home.attention.backend': 'Sie bieten an, aber das Backend kann nicht arbeiten: {problem}',
  'home.attention.backend.action': 'Warum?',
  'home.running': 'Läuft gerade',
  'home.running.none': 'Nichts läuft.',
  'home.providing': 'Angebot',
  'home.providing.line':
    '{running, plural, =0 {keine Aufgabe läuft} one {# Aufgabe läuft} other {# Aufgaben laufen}}{waiting, plural, =0 {} one {, # wartet auf Sie} other {, # warten auf Sie}}, {earned} RUV in 24 Stunden verdient',
  'home.recent': 'Zuletzt',
  'home.recent.all': 'Ganzer Verlauf',
  'home.recent.awaited': 'Die RUV Ihrer Einladung werden die erste Bewegung sein.',
  'home.recent.empty': 'Noch hat sich nichts bewegt. Fragen Sie etwas, dann erscheint hier der Preis.',

  'tour.offer': 'Neu hier? {count, number} kurze Schritte sagen, was wo ist.',
  'tour.take': 'Rundgang machen',
  'tour.decline': 'Jetzt nicht',
  'tour.title': 'Ein kurzer Rundgang',
  'tour.step': '{step} von {steps}',
  'tour.skip': 'Den Rest überspringen',
  'tour.end': 'Anfangen',
  'tour.ask.title': 'Fragen',
  'tour.ask.body':
    'Schreiben Sie eine Frage und nennen Sie, was Sie höchstens zahlen. Den Preis sehen Sie, bevor etwas ausgegeben wird, und eine leere oder misslungene Antwort kostet nichts.',
  'tour.money.title': 'Wallet und Hinterlegungen',
  'tour.money.body':
    'Der Preis liegt in einer Hinterlegung, bis die Antwort da ist. Aus jedem ihrer Zustände führt ein Weg heraus, der niemandes guten Willen braucht, und jeder sagt, was als Nächstes geschieht.',
  'tour.provide.title': 'Anbieten',
  'tour.provide.body':
    'Antworten Sie anderen mit einem eigenen Modell, in Grenzen, die Sie setzen. Nichts wird angeboten, bevor Sie es einschalten, und im Infobereich machen Sie Pause.',
  'tour.people.title': 'Markt, Ruf und Netzwerk',
  'tour.people.body':
    'Wer was zu welchem Preis anbietet, wie verlässlich er bisher war, und die Zeugen, die gemeinsam entscheiden, was endgültig ist.',
  'tour.find.title': 'Alles finden',
  'tour.find.body':
    'Die Befehle (Strg oder ⌘ und K) führen überallhin, und ein Fragezeichen zeigt die Tasten. Auch dieser Rundgang steht in den Befehlen.',
} as const satisfies Translated<typeof english>
