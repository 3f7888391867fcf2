import type { setup as english } from '../en/setup.ts'
import type { Translated } from '../translated.ts'

export const setup = {
  'setup.step': 'Schritt {step} von {steps}',
  'setup.welcome.title': 'Teilen Sie KI-Kapazität, mit wem Sie wollen',
  'setup.welcome.body':
    'Fragen Sie, und Mitglieder Ihres Verbunds antworten mit ihren eigenen Modellen. Antworten Sie anderen, und Sie verdienen Punkte. Kein Server steht dazwischen.',
  'setup.practice.title': 'Auf diesem Computer üben',
  'setup.practice.body':
    'Vier Zeugen und drei simulierte Anbieter, in Sekunden bereit. Nichts verlässt diesen Computer, und RUV sind außerhalb nichts wert.',
  'setup.practice.action': 'Mit dem Üben beginnen',
  'setup.join.title': 'Mit einer Einladung beitreten',
  'setup.join.body': 'Jemand hat Ihnen einen Link gegeben. Er nennt den Verbund und enthält Ihre ersten RUV.',
  'setup.join.action': 'Beitreten',
  'setup.found.title': 'Einen Verbund gründen',
  'setup.found.body':
    'Für ein Team mit einem Kundenkonto bei Anthropic oder für eine Gemeinschaft mit lokalen Modellen. Die anderen laden Sie ein.',
  'setup.found.action': 'Gründen',
  'setup.link.question': 'Ihr zweiter Computer?',
  'setup.link.action': 'Mit Ihrem Konto verbinden',
  'setup.link.title': 'Diesen Computer verbinden',
  'setup.link.body':
    'Er bekommt einen eigenen Schlüssel. Ihre Wiederherstellungsphrase bleibt, wo sie ist, und von dort können Sie diesen Computer jederzeit entfernen.',
  'setup.link.name': 'Name dieses Computers',
  'setup.link.name.hint': 'So steht er in der Liste Ihrer Geräte.',
  'setup.link.code.title': 'Verbinden lassen',
  'setup.link.code.body':
    'Kopieren Sie diesen Code auf einen Computer mit Ihrer Wiederherstellungsphrase: Einstellungen, Geräte, Computer verbinden. Lassen Sie diese Seite offen.',
  'setup.link.code.copy': 'Gerätecode kopieren',
  'setup.link.fingerprint': 'Dort muss dasselbe stehen:',
  'setup.link.account': 'Kontocode',
  'setup.link.account.hint': 'Der andere Computer zeigt ihn, sobald er diesen verbunden hat.',
  'setup.link.account.missing': 'Fügen Sie den Kontocode ein, den der andere Computer zeigt.',
  'setup.link.submit': 'Diesen Computer verbinden',
  'setup.restore.question': 'Haben Sie schon ein Konto?',
  'setup.restore.action': 'Aus der Wiederherstellungsphrase zurückholen',

  'setup.invite.title': 'Fügen Sie Ihre Einladung ein',
  'setup.invite.label': 'Einladungslink',
  'setup.invite.hint':
    'Er beginnt mit claude-market: und ist lang. Wer ihn hat, kann die RUV darin nehmen; behalten Sie ihn also für sich.',
  'setup.invite.read': 'Ansehen, wohin er führt',
  'setup.invite.missing': 'Fügen Sie den Link ein, den Sie bekommen haben.',
  'setup.invite.leadsTo': 'Er führt zu',
  'setup.invite.federation': 'Verbund',
  'setup.invite.kind': 'Art',
  'setup.invite.credit': 'RUV darin',
  'setup.invite.sponsor': 'Gegeben von',
  'setup.invite.witnesses': 'Zeugen',
  'setup.invite.witnessesOf': '{witnesses}, von denen {faults} ausfallen dürfen',
  'setup.invite.expires': 'Gültig bis',
  'setup.invite.nothingYet': 'Noch ist nichts geschehen. Sie treten erst am Ende der nächsten Schritte bei.',
  'setup.kind.practice': 'Übung',
  'setup.kind.organisation': 'Organisation: Die Mitglieder teilen sich ein Kundenkonto bei Anthropic',
  'setup.kind.community': 'Gemeinschaft: Fremde, mit lokalen Modellen',

  'setup.founding.title': 'Ihr Verbund',
  'setup.founding.name': 'Name',
  'setup.founding.name.hint': 'Alle, die Sie einladen, sehen ihn; später lässt er sich nicht ändern.',
  'setup.founding.name.missing': 'Geben Sie ihm einen Namen.',
  'setup.founding.kind': 'Wer dazugehört',
  'setup.founding.kind.organisation': 'Eine Organisation',
  'setup.founding.kind.organisation.hint':
    'Jedes Mitglied ist berechtigter Nutzer desselben Kunden von Anthropic. Kapazität der Claude API und lokale Modelle dürfen geteilt werden.',
  'setup.founding.kind.community': 'Eine Gemeinschaft',
  'setup.founding.kind.community.hint':
    'Fremde dürfen beitreten. Nur lokale Modelle: Etwas anderes erlauben die Bedingungen von Anthropic nicht.',
  'setup.founding.customer': 'Der Kunde von Anthropic',
  'setup.founding.customer.hint': 'Die Organisation, der das Konto gehört, so wie sie im Vertrag heißt.',
  'setup.founding.customer.missing': 'Nennen Sie den Kunden, dessen berechtigte Nutzer die Mitglieder sind.',
  'setup.founding.supply': 'Alle RUV, die es je geben wird',
  'setup.founding.supply.hint':
    'Zuerst gehören sie Ihnen; mit Einladungen geben Sie sie weiter. RUV sind Punkte: Man kann sie weder kaufen noch verkaufen noch auszahlen lassen.',
  'setup.founding.supply.wrong': 'Schreiben Sie einen Betrag bis {most}, etwa 1000000.',
  'setup.founding.witnesses': 'Zeugen',
  'setup.founding.witnesses.here': 'Vier auf diesem Computer',
  'setup.founding.witnesses.here.hint':
    'Gut für den Anfang. Solange dieser Computer aus ist, kann nichts abgerechnet werden; geben Sie das Amt also später weiter.',
  'setup.founding.witnesses.cards': 'Die von anderen',
  'setup.founding.witnesses.cards.hint':
    'Vier, sieben, zehn oder mehr Leute, die je einen Zeugen betreiben und Ihnen dessen Karte gegeben haben.',
  'setup.founding.cards': 'Karten der Zeugen, eine je Zeile',
  'setup.founding.cards.missing': 'Fügen Sie die Karte jedes Zeugen ein.',
  'setup.founding.arbiters': 'Schiedspersonen, eine je Zeile (freiwillig)',
  'setup.founding.arbiters.hint':
    'Wer ausgelost werden kann, um über Anfechtungen zu urteilen: Kontoschlüssel, Name und Unternehmen, mit Kommas dazwischen. Ihren Schlüssel finden Mitglieder unter Netzwerk. Ohne Schiedspersonen kostet eine angefochtene Antwort den halben Preis, gleich wer recht hat; Sie können dort auch später welche benennen.',

  'setup.phrase.title': 'Ihre Wiederherstellungsphrase',
  'setup.phrase.body':
    'Diese 24 Wörter sind Ihr Konto. Schreiben Sie sie in dieser Reihenfolge auf Papier und heben Sie das Papier auf: Ohne sie kann niemand Ihr Konto zurückholen.',
  'setup.phrase.words': 'Die Wörter Ihrer Wiederherstellungsphrase',
  'setup.phrase.never': 'Sie werden nur während dieser Einrichtung gezeigt und danach nie wieder. Niemand wird Sie je danach fragen.',
  'setup.phrase.written': 'Ich habe sie aufgeschrieben',
  'setup.phrase.notWritten': 'Schreiben Sie die Wörter zuerst auf und setzen Sie dann das Häkchen.',
  'setup.phrase.have': 'Ich habe schon eine Wiederherstellungsphrase',
  'setup.proof.title': 'Die Probe',
  'setup.proof.body': 'Schauen Sie auf Ihr Papier und tippen Sie diese Wörter.',
  'setup.proof.word': 'Wort {place}',
  'setup.proof.missing': 'Tippen Sie alle Wörter.',
  'setup.proof.again': 'Die Wörter noch einmal zeigen',

  'setup.restored.title': 'Ihre Wiederherstellungsphrase',
  'setup.restored.label': 'Wiederherstellungsphrase',
  'setup.restored.hint': '24 Wörter mit Leerzeichen dazwischen.',
  'setup.restored.missing': 'Tippen Sie die Wörter Ihrer Wiederherstellungsphrase.',
  'setup.restored.new': 'Stattdessen ein neues Konto anlegen',

  'setup.restore.title': 'Ein Konto zurückholen',
  'setup.restore.federation': 'Sicherungsdatei, Datei des Verbunds oder Einladungslink',
  'setup.restore.federation.hint':
    'Wählen Sie die Sicherungsdatei, die Sie gespeichert haben, oder lassen Sie sie hier los. Ohne eine genügt jeder Einladungslink des Verbunds, auch ein alter, oder die Datei des Verbunds.',
  'setup.restore.federation.missing': 'Wählen Sie eine Datei oder fügen Sie irgendeinen Einladungslink des Verbunds ein.',
  'setup.restore.file': 'Datei wählen …',
  'setup.restore.file.other': 'Andere Datei wählen …',
  'setup.restore.file.long': '{name} ist zu lang für eine Sicherungsdatei oder die Datei eines Verbunds.',
  'setup.restore.file.empty': '{name} ist leer oder nicht lesbar. Wählen Sie eine Datei, keinen Ordner.',
  'setup.restore.drop': 'Datei hier loslassen',
  'setup.restore.backup': 'Aus dieser Sicherungsdatei',
  'setup.restore.backup.remove': 'Ohne sie auskommen',
  'setup.backup.federation': 'Verbund',
  'setup.backup.account': 'Konto',
  'setup.backup.made': 'Gespeichert',
  'setup.restore.submit': 'Zurückholen',

  'setup.passphrase.title': 'Schützen Sie Ihren Schlüssel',
  'setup.passphrase.body':
    'Dieser Computer hat keinen eigenen Schlüsselspeicher, darum schützt eine Passphrase Ihren Schlüssel. Sie tippen sie bei jedem Start des Markts.',
  'setup.passphrase.label': 'Passphrase',
  'setup.passphrase.hint':
    'Vier oder fünf ungewöhnliche Wörter sind gut. Zurücksetzen lässt sie sich nicht; das Konto bringt Ihre Wiederherstellungsphrase trotzdem zurück.',
  'setup.passphrase.again': 'Noch einmal dieselbe',
  'setup.passphrase.missing': 'Wählen Sie eine Passphrase.',
  'setup.passphrase.differs': 'Die beiden sind nicht gleich.',
  'setup.finish.join': '{name} beitreten',
  'setup.finish.found': '{name} gründen',

  'setup.starting.title': 'Der Markt wird geöffnet …',
  'setup.starting.body': 'Die Zeugen werden gesucht und Ihr Konto wird gelesen. Das dauert ein paar Sekunden.',
  'setup.locked.title': 'Ihr Markt ist verschlossen',
  'setup.locked.body': 'Ihre Passphrase schützt seinen Schlüssel.',
  'setup.locked.unlock': 'Aufschließen',
  'setup.failed.title': 'Der Markt konnte nicht geöffnet werden',
  'setup.stopped.title': 'Der Markt ist stehen geblieben',
  'setup.failed.retry': 'Noch einmal versuchen',
  'setup.startOver': 'Neu beginnen …',
  'setup.startOver.title': 'Mit einem leeren Markt neu beginnen?',
  'setup.startOver.body':
    'Der jetzige Datenordner wird unter anderem Namen beiseitegelegt. Nichts wird gelöscht. Eine Wiederherstellungsphrase bringt ihr Konto weiterhin zurück; eine Übung hat keine, und die Zeugen, die der Computer eines Gründers betreibt, bleiben in jenem Ordner: Ohne sie kann der Verbund nichts abwickeln.',
  'setup.startOver.confirm': 'Beiseitelegen und neu beginnen',
  'setup.startOver.kept': 'Die alten Daten liegen in {folder}',

  'incoming.invite.title': 'Sie haben eine Einladung geöffnet',
  'incoming.invite.join': 'Mit ihr beitreten',
  'incoming.invite.own': 'Sie ist aus Ihrem eigenen Verbund: Ihre RUV können auf Ihr Konto kommen.',
  'incoming.invite.take': 'RUV übernehmen',
  'incoming.elsewhere':
    'Sie sind Mitglied von {name}, und dieser Datenordner gehört dazu. Um auch in einem anderen Verbund zu sein, starten Sie die App mit --user-data-dir= und dem Pfad eines leeren Ordners.',
  'incoming.practice':
    'Sie üben gerade. Der Übungsmarkt lässt sich zuvor beiseitelegen: Sein Ordner bekommt einen anderen Namen, und nichts wird gelöscht.',
  'incoming.practice.leave': 'Übung beiseitelegen',
  'incoming.file.title': 'Sie haben die Datei eines Verbunds geöffnet',
  'incoming.file.body':
    'Mit ihr und Ihrer Wiederherstellungsphrase kommt ein Konto in diesem Verbund zurück. Um Mitglied zu werden, lassen Sie sich von einem einen Einladungslink geben.',
  'incoming.file.restore': 'Ein Konto zurückholen',
  'incoming.file.own': 'Sie gehört zu dem Verbund, in dem Sie sind: Hier ist damit nichts zu tun.',
  'incoming.backup.title': 'Sie haben eine Sicherungsdatei geöffnet',
  'incoming.backup.body':
    'Mit ihr und Ihrer Wiederherstellungsphrase kommt dieses Konto zurück und mit ihm, was offen war, als die Datei gespeichert wurde. Ohne die Phrase kann niemand sie lesen.',
  'incoming.backup.restore': 'Dieses Konto zurückholen',
  'incoming.backup.own':
    'Sie gehört zu dem Konto, das hier läuft: Jetzt ist damit nichts zu tun. Heben Sie sie auf: Mit Ihrer Wiederherstellungsphrase bringt sie dieses Konto zurück, wenn dieser Computer verloren geht.',
  'incoming.backup.other':
    'Sie gehört zu einem anderen Konto Ihres Verbunds. Um auch das zurückzuholen, starten Sie das Programm mit --user-data-dir= und dem Pfad eines leeren Ordners.',
  'incoming.refused.title': 'Das lässt sich nicht öffnen',
  'incoming.later': 'Jetzt nicht',
} as const satisfies Translated<typeof english>
