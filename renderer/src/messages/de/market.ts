import type { market as english } from '../en/market.ts'
import type { Translated } from '../translated.ts'

export const market = {
  'market.title': 'Markt',
  'market.offers': 'Angebote',
  'market.requests': 'Offene Anfragen',
  'market.offers.empty.title': 'Noch keine Angebote',
  'market.offers.empty.body':
    'Angebote erscheinen hier, sobald Anbieter sie veröffentlichen. Sie können der erste sein: Richten Sie unter „Anbieten“ ein Backend ein.',
  'market.requests.empty.title': 'Gerade fragt niemand',
  'market.requests.empty.body': 'Eine Anfrage steht hier, solange sie auf Gebote wartet. Ihr Text bleibt versiegelt.',
  'market.column.provider': 'Anbieter',
  'market.column.class': 'Klasse',
  'market.column.model': 'Modell',
  'market.column.task': 'Je Aufgabe',
  'market.column.input': '1.000 Token hinein',
  'market.column.output': '1.000 Token heraus',
  'market.column.firstToken': 'Erstes Token',
  'market.column.slots': 'Zugleich',
  'market.column.until': 'Bis',
  'market.column.client': 'Mitglied',
  'market.column.most': 'Zahlt bis zu, RUV',
  'market.column.size': 'Text bis zu',
  'market.column.mode': 'Zuschlag',
  'market.class': 'Modellklasse',
  'market.class.all': 'Alle Klassen',
  'market.publish': 'Angebot veröffentlichen',
  'market.withdraw': 'Zurückziehen',
} as const satisfies Translated<typeof english>
