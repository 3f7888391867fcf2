import type { common as english } from '../en/common.ts'
import type { Translated } from '../translated.ts'

export const common = {
  'common.cancel': 'Abbrechen',
  'common.back': 'Zurück',
  'common.continue': 'Weiter',
  'common.close': 'Schließen',
  'common.tryAgain': 'Noch einmal versuchen',
  'common.savePdf': 'Als PDF speichern',
  'common.copied': 'Kopiert',
  'common.you': 'Sie',
  'common.ruv': 'RUV',
  'common.amountRuv': '{amount} RUV',
  'common.cut': 'Nur die ersten {kept} Zeichen stehen hier, der Rest fehlt. Kürzen Sie es, bevor Sie es einfügen.',
  'common.tooLong':
    'Das sind {count} Zeichen, und höchstens {most} gehören hierher. Nichts wurde abgeschnitten: Kopieren Sie es noch einmal, oder kürzen Sie es.',
  'common.loading': 'Wird geladen',
  'common.stale': 'Das ist vielleicht nicht mehr aktuell. {reason}',
  'common.moreRows': 'Weitere werden geladen …',
  'common.timeUnknown': 'unbekannt',
  'common.timeUnknown.why': 'Es ist beglaubigt, aber weder dieser Computer noch genug Zeugen wissen noch, wann es war.',
  'markdown.code': 'Programmtext',
  'markdown.copyCode': 'Programmtext kopieren',
  'markdown.copyAddress': 'Adresse {address} kopieren',
  'markdown.image': 'Bild: {name}',
  'markdown.table': 'Tabelle',
  'markdown.tooComplex': 'So gezeigt, wie es geschrieben wurde: Es ist zu groß oder zu verschachtelt, um gesetzt zu werden.',
  'common.key.copy': 'Diesen Schlüssel kopieren',
  'common.key.words': 'Wörter dieses Schlüssels',
  'common.key.compare': 'Vergleichen',
  'common.key.title': 'Diesen Schlüssel vergleichen',
  'common.key.how':
    'Fragen Sie seinen Besitzer auf einem Weg, dem Sie trauen, welche Wörter er sieht. Alle acht müssen gleich sein, in dieser Reihenfolge; sie sind in jeder Sprache englisch. Ein ähnliches Bild beweist nichts, ein anderes schon.',
} as const satisfies Translated<typeof english>
