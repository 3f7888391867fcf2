import type { reputation as english } from '../en/reputation.ts'
import type { Translated } from '../translated.ts'

export const reputation = {
  'reputation.title': 'Ruf',
  'reputation.body':
    'Nur aus beglaubigten Handeln. Der Balken ist der Bereich, in dem der wahre Anteil guter Ausgänge liegt; er ist breit, solange es wenig zu sehen gab. Nach dem unteren Ende wird gereiht.',
  'reputation.role': 'Wer gezeigt wird',
  'reputation.role.provider': 'Anbieter',
  'reputation.role.client': 'Auftraggeber',
  'reputation.empty.title': 'Noch kein abgerechneter Handel',
  'reputation.empty.body': 'Ein Ruf entsteht mit den ersten abgerechneten Hinterlegungen. Niemand kann ihn von Hand schreiben.',
  'reputation.mine': 'Ihrer',
  'reputation.mine.none': 'In dieser Rolle noch keiner.',
  'reputation.column.member': 'Mitglied',
  'reputation.column.word': 'Ihr Wort',
  'reputation.column.interval': 'Gute Ausgänge',
  'reputation.column.low': 'Mindestens',
  'reputation.column.trades': 'Handel',
  'reputation.column.outcomes': 'Bezahlt, geteilt, zurückgezahlt, verfallen',
  'reputation.column.volume': 'Umsatz, RUV',
  'reputation.column.last': 'Zuletzt',
  'reputation.interval': 'zwischen {low} und {high}, am wahrscheinlichsten {mid}, aus {trades, plural, one {# Handel} other {# Handeln}}',

  'opinion.title': 'Diesen Anbieter wieder fragen?',
  'opinion.again': 'Wieder',
  'opinion.none': 'Keine Meinung',
  'opinion.never': 'Nie wieder',
  'opinion.effect.again': 'Sein Gebot geht anderen vor, die gleich viel kosten, und kostet Sie nie mehr.',
  'opinion.effect.never': 'Keines seiner Gebote wird angenommen, und seine Angebote sind gekennzeichnet.',
  'opinion.effect.client': 'Für dieses Mitglied wird nichts ausgeführt.',
  'opinion.private': 'Es bleibt auf diesem Computer: Niemand sonst sieht es, und es ändert keinen Ruf.',
  'opinion.takeBack': 'Zurücknehmen',
} as const satisfies Translated<typeof english>
