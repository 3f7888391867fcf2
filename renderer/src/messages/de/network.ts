import type { network as english } from '../en/network.ts'
import type { Translated } from '../translated.ts'

export const network = {
  'network.title': 'Netzwerk',
  'network.self': 'Dieser Knoten',
  'network.self.id': 'Kennung im Netz',
  'network.self.copyId': 'Kennung im Netz kopieren',
  'network.self.addresses': 'Erreichbar unter',
  'network.self.copyAddress': 'Diese Adresse kopieren',
  'network.self.none': 'Noch nirgends: Er nimmt noch keine Verbindungen an.',
  'network.federation': 'Verbund',
  'network.federation.kind': 'Art',
  'network.federation.supply': 'Alle RUV, die es gibt',
  'network.federation.id': 'Kennung',
  'network.federation.copyId': 'Kennung des Verbunds kopieren',
  'network.kind.practice': 'Übung, auf diesem Computer',
  'network.kind.organisation': 'Organisation',
  'network.kind.community': 'Gemeinschaft',
  'network.witnesses': 'Zeugen',
  'network.witnesses.fine': '{reachable} von {all} antworten. {quorum} müssen unterschreiben, also kann alles abgerechnet werden.',
  'network.witnesses.short':
    'Nur {reachable} von {all} antworten, und {quorum} müssen unterschreiben. Bis mehr zurück sind, kann nichts abgerechnet werden; verloren geht nichts, und was Sie veranlasst haben, läuft dann von selbst weiter.',
  'network.witness': 'Zeuge {number}',
  'network.reachable': 'antwortet',
  'network.unreachable': 'schweigt',
  'network.seen': 'zuletzt gesehen',
  'network.never': 'nie gesehen',
  'network.peers': 'Andere Knoten',
  'network.peers.empty.title': 'Kein anderer Knoten ist verbunden',
  'network.peers.empty.body':
    'Prüfen Sie, ob dieser Computer online ist. Die Zeugen und die bekannten Adressen des Verbunds werden von selbst immer wieder versucht; über sie finden die anderen zu Ihnen.',
  'network.column.peer': 'Knoten',
  'network.column.address': 'Adresse',
  'network.column.roundTrip': 'Hin und zurück',
} as const satisfies Translated<typeof english>
