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
  'network.witnesses.connecting': 'Die Verbindung zu den Zeugen wird aufgebaut …',
  'network.witnesses.someVote':
    '{reachable} von {all} antworten, {voting} davon stimmen ab. {quorum} müssen unterschreiben, also kann alles abgerechnet werden.',
  'network.witnesses.tooFewVotes':
    '{reachable} von {all} antworten, aber nur {voting} stimmen ab, und {quorum} müssen unterschreiben. Bis es mehr sind, kann nichts abgerechnet werden; verloren geht nichts.',
  'network.retired':
    'Ein Zeuge, der seine Aufzeichnungen verloren hat, stimmt nie wieder ab, weil er früheren Unterschriften widersprechen könnte. Bitten Sie den Gründer, ihn im nächsten Komitee zu ersetzen; das entscheiden {quorum} der jetzigen Zeugen, also bevor weitere ausfallen.',
  'network.retired.practice':
    'Ein Zeuge, der seine Aufzeichnungen verloren hat, stimmt nie wieder ab, weil er früheren Unterschriften widersprechen könnte. Dies ist Übung: Beginnen Sie neu, dann sind alle Zeugen neu.',
  'network.clockOff': 'Ein Zeuge, dessen Uhr falsch geht, stimmt von selbst wieder ab, sobald sie dort richtig gestellt ist.',
  'network.committee': 'Komitee',
  'network.committee.epoch': 'Epoche {epoch}',
  'network.committee.since':
    'Entscheidet seit {since}. {quorum} dieser Schlüssel müssen unterschreiben, bevor etwas endgültig ist; Zertifikate früherer Komitees bleiben gültig.',
  'network.committee.own': 'dieser Computer',
  'network.committee.next': 'Epoche {epoch} ist beschlossen und beginnt {starts}.',
  'network.committee.proposed': 'Vorgeschlagen: Epoche {epoch} ab {starts}.',
  'network.committee.comes': 'Kommt: {who}.',
  'network.committee.goes': 'Geht: {who}.',
  'network.committee.endorsed': 'Unterschrieben von {endorsed} der {needed}, die es braucht, vor {before}.',
  'network.committee.endorse': 'Unterschreiben',
  'network.committee.endorse.title': 'Diese Änderung des Komitees unterschreiben?',
  'network.committee.endorse.body':
    'Vergleichen Sie die Schlüssel mit dem, was ihre Betreiber Ihnen gesagt haben. Ihre Unterschrift lässt sich nicht zurücknehmen; haben genug Zeugen unterschrieben, ist die Änderung von selbst beschlossen.',
  'network.committee.judges': 'Urteilt von da an: {who}.',
  'network.committee.judgesNot': 'Urteilt nicht mehr: {who}.',
  'network.arbiters': 'Schiedspersonen',
  'network.arbiters.body':
    'Wer urteilt, wenn jemand eine Antwort anficht. Ausgelost wird aus diesen Mitgliedern: eine, drei oder fünf Personen, ab 20 RUV sieben, so viele, wie es gibt.',
  'network.arbiters.none':
    'Hier kann niemand über eine Anfechtung urteilen: Eine angefochtene Antwort kostet von selbst den halben Preis, gleich wer recht hat. Gründer und Zeugen können Schiedspersonen vorschlagen.',
  'network.arbiters.yourKey': 'Ihr Kontoschlüssel',
  'network.arbiters.copyKey': 'Ihren Kontoschlüssel kopieren',
  'network.arbiters.yourKey.hint': 'Geben Sie ihn dem, der Schiedspersonen vorschlägt, wenn Sie eine werden sollen. Er ist nicht geheim.',
  'network.arbiters.change': 'Schiedspersonen ändern …',
  'network.arbiters.change.title': 'Die Schiedspersonen ändern',
  'network.arbiters.change.body':
    'Sie schlagen es den Zeugen vor. Es gilt in {begins}, wenn {quorum} von ihnen binnen eines Tages unterschreiben, und für alles, was von da an hinterlegt wird.',
  'network.arbiters.list': 'Schiedspersonen, eine je Zeile',
  'network.arbiters.list.hint':
    'Kontoschlüssel, Name und Unternehmen, mit Kommas dazwischen; das Unternehmen darf fehlen. Wer zum selben Unternehmen gehört wie eine Partei, urteilt nicht über sie.',
  'network.arbiters.propose': 'Vorschlagen',
  'network.witness': 'Zeuge {number}',
  'network.reachable': 'antwortet',
  'network.standsAside.retired': 'antwortet, stimmt aber nicht ab: Er hat seine Aufzeichnungen verloren',
  'network.standsAside.clock-off': 'antwortet, stimmt aber nicht ab: Seine Uhr geht falsch',
  'network.standsAside.halted': 'antwortet, stimmt aber nicht ab: Zwei widersprüchliche Schritte wurden beglaubigt',
  'network.unreachable': 'schweigt',
  'network.seen': 'zuletzt gesehen',
  'network.never': 'nie gesehen',
  'network.peers': 'Andere Knoten',
  'network.peers.empty.title': 'Kein anderer Knoten ist verbunden',
  'network.peers.empty.body':
    'Prüfen Sie, ob dieser Computer online ist. Die Zeugen und die bekannten Adressen des Verbunds werden von selbst immer wieder versucht; über sie finden die anderen zu Ihnen.',
  'network.column.peer': 'Knoten',
  'network.column.address': 'Adresse',
  'network.version': 'Version',
  'network.runs': 'nutzt {version}',
  'network.column.roundTrip': 'Hin und zurück',

  'evidence.title': 'Widersprüche',
  'evidence.none': 'Niemand wurde dabei ertappt, zweierlei zu unterschreiben, das sich ausschließt.',
  'evidence.body':
    'Jeder ist ein Beweis: zwei Unterschriften eines Schlüssels, die sich ausschließen. Jedes Mitglied kann ihn prüfen und gibt ihn weiter.',
  'evidence.broken':
    'Zwei Schritte, die sich widersprechen, wurden beide beglaubigt: Mehr Zeugen haben gelogen, als verkraftet werden. Dieser Knoten nimmt aus diesem Verbund nichts mehr an. Ihnen gehört, was vorher beglaubigt wurde; sprechen Sie mit den anderen Mitgliedern.',
  'evidence.witness': 'Zeuge {number}',
  'evidence.arbiter': 'Eine Schiedsperson',
  'evidence.committee': 'Alle Zeugen zusammen',
  'evidence.where': 'Schritt {step} von {object}, Epoche {epoch}',
  'evidence.found': 'gefunden',
  'evidence.offence.two-notarizations': 'hat in einer Runde für zwei verschiedene Schritte gestimmt',
  'evidence.offence.two-finalizations': 'hat zwei verschiedene Schritte endgültig gemacht',
  'evidence.offence.skip-and-finalization': 'hat eine Runde aufgegeben und sie doch endgültig gemacht',
  'evidence.offence.two-proposals': 'hat in einer Runde zwei verschiedene Schritte vorgeschlagen',
  'evidence.offence.two-rulings': 'hat in einem Streitfall zwei Entscheidungen unterschrieben',
  'evidence.offence.two-orders': 'hat für einen Schritt des Kontos zwei Aufträge unterschrieben',
  'evidence.offence.two-finals': 'haben zwei Schritte beglaubigt, die sich widersprechen',
  'evidence.consequence.witness': 'Die nächsten Zeugen sollten ohne ihn bestimmt werden. Was beglaubigt ist, bleibt beglaubigt.',
  'evidence.consequence.arbiter': 'Keine der beiden Unterschriften zählt allein; die nächste Liste sollte ohne sie auskommen.',
  'evidence.consequence.account':
    'Oft eine zurückgespielte Sicherung oder ein zweites Gerät. Einer der beiden Aufträge wurde endgültig; niemand hat etwas verloren oder doppelt bekommen.',
  'evidence.consequence.committee': 'Der Verbund ist zerbrochen. Auf nichts in ihm ist von hier an Verlass.',
} as const satisfies Translated<typeof english>
