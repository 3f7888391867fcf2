/** Of providing: policy, consents, caps, rules of the owner and the diagnosis. */
export const provide = [
  ['The task asks for more output than you allow for one.', 'Die Aufgabe verlangt eine längere Antwort, als Sie für eine erlauben.'],
  ['As many tasks are running as you allow at once.', 'Es laufen so viele Aufgaben, wie Sie zugleich erlauben.'],
  ['The tasks that you allow for a day are done.', 'Die Aufgaben, die Sie für einen Tag erlauben, sind erledigt.'],
  [
    'The task could go over the tokens that you allow for a day.',
    'Die Aufgabe könnte die Token überschreiten, die Sie für einen Tag erlauben.',
  ],
  [
    'The task could go over the money that you allow for a day.',
    'Die Aufgabe könnte das Geld überschreiten, das Sie für einen Tag erlauben.',
  ],
  [
    'The task could go over the money that you allow for a month.',
    'Die Aufgabe könnte das Geld überschreiten, das Sie für einen Monat erlauben.',
  ],
  ['This backend needs no consent.', 'Dieses Backend braucht keine Einwilligung.'],
  [
    'The text has changed since it was shown. Read it again before you agree.',
    'Der Text hat sich geändert, seit er gezeigt wurde. Lesen Sie ihn noch einmal, bevor Sie einwilligen.',
  ],
  ['There is no such consent in force.', 'Eine solche Einwilligung gilt nicht.'],
  ['There is no such consent.', 'Eine solche Einwilligung gibt es nicht.'],
  [
    'This is a token of a personal login, which may not serve anyone. Use an API key of the Claude Console.',
    'Das ist ein Token einer persönlichen Anmeldung; damit darf für niemanden gearbeitet werden. Nehmen Sie einen API-Schlüssel der Claude Console.',
  ],
  [
    'This is an admin key, which can change the whole organisation. Use an ordinary API key.',
    'Das ist ein Admin-Schlüssel, der die ganze Organisation ändern kann. Nehmen Sie einen gewöhnlichen API-Schlüssel.',
  ],
  [
    'This is no Claude API key. Such a key begins with sk-ant-api and two digits.',
    'Das ist kein Schlüssel der Claude API. Ein solcher beginnt mit sk-ant-api und zwei Ziffern.',
  ],
  [
    'It holds invisible or direction-changing characters: what you see may not be all that is there.',
    'Der Text enthält unsichtbare Zeichen oder solche, die die Schreibrichtung ändern: Was Sie sehen, ist vielleicht nicht alles.',
  ],
  [
    'It holds control characters, as they are used to mislead terminals.',
    'Der Text enthält Steuerzeichen, wie man sie benutzt, um Terminals zu täuschen.',
  ],
  ['It names web addresses. Nothing opens them.', 'Der Text nennt Webadressen. Nichts öffnet sie.'],
  [
    'It names files in a way that some programs replace by their contents. This one does not.',
    'Der Text nennt Dateien auf eine Weise, die manche Programme durch deren Inhalt ersetzen. Dieses tut das nicht.',
  ],
  ['It has a line that looks like a command. It is only text.', 'Eine Zeile darin sieht wie ein Befehl aus. Sie ist nur Text.'],
  ['It tells the model to ignore its instructions.', 'Der Text sagt dem Modell, es solle seine Anweisungen missachten.'],
  ['It holds a long encoded part that cannot be read.', 'Der Text enthält einen langen verschlüsselten Teil, der sich nicht lesen lässt.'],
  [
    'It seems to hold secrets of its writer: {kinds}. Refuse it if you do not want to have read them.',
    'Der Text scheint Geheimnisse dessen zu enthalten, der ihn schrieb: {kinds}. Lehnen Sie ab, wenn Sie sie nicht gelesen haben wollen.',
  ],
  ['known secret', 'ein Geheimnis dieses Computers'],
  ['anthropic key', 'ein Claude-Schlüssel'],
  ['private key', 'ein privater Schlüssel'],
  ['recovery phrase', 'eine Wiederherstellungsphrase'],
  ['access token', 'ein Zugangs-Token'],
  ['credential', 'Zugangsdaten'],
  [
    'A message was stopped because it held {found}. Remove it and try again.',
    'Eine Nachricht wurde aufgehalten, denn sie enthielt {found}. Entfernen Sie das und versuchen Sie es noch einmal.',
  ],
  [
    'Nothing was sent because the text holds {found}. Remove it and try again.',
    'Nichts wurde gesendet, denn der Text enthält {found}. Entfernen Sie das und versuchen Sie es noch einmal.',
  ],
  ['a secret of this computer', 'ein Geheimnis dieses Computers'],
  ['a Claude key', 'einen Claude-Schlüssel'],
  ['a private key', 'einen privaten Schlüssel'],
  ['what looks like a recovery phrase', 'etwas, das wie eine Wiederherstellungsphrase aussieht'],
  ['an access token', 'ein Zugangs-Token'],
  ['a credential', 'Zugangsdaten'],
  [
    'More than {most} places would have to be replaced. Shorten the text or split it.',
    'Mehr als {most} Stellen müssten ersetzt werden. Kürzen Sie den Text oder teilen Sie ihn.',
  ],
  [
    'A Free, Pro or Max login may not run the work of other people (Usage Policy, Consumer Terms). Nothing can switch this on.',
    'Eine Free-, Pro- oder Max-Anmeldung darf die Arbeit anderer nicht ausführen (Usage Policy, Consumer Terms). Nichts kann das einschalten.',
  ],
  [
    "The published terms do not say that a Team or Enterprise seat may run other people's work, so it does not.",
    'Die veröffentlichten Bedingungen sagen nicht, dass ein Team- oder Enterprise-Platz die Arbeit anderer ausführen darf, also tut er es nicht.',
  ],
  [
    'Web sessions, login tokens and admin keys are never used. Use an API key or a local model.',
    'Web-Sitzungen, Anmelde-Token und Admin-Schlüssel werden nie benutzt. Nehmen Sie einen API-Schlüssel oder ein lokales Modell.',
  ],
  [
    'Claude is not served through a local model server, because nobody can tell whose login it uses. Use an API key or a local model.',
    'Claude läuft nicht über einen lokalen Modellserver, weil niemand erkennen kann, wessen Anmeldung er benutzt. Nehmen Sie einen API-Schlüssel oder ein lokales Modell.',
  ],
  [
    'The Claude Code program may not serve strangers. Use a local model for them.',
    'Das Claude-Code-Programm darf nicht für Fremde arbeiten. Nehmen Sie für sie ein lokales Modell.',
  ],
  [
    'Nothing is served before you have read and accepted the consent for this backend.',
    'Nichts läuft für andere, bevor Sie die Einwilligung für dieses Backend gelesen und gegeben haben.',
  ],
  [
    'Allowed: your own task, started by you, in your own program.',
    'Erlaubt: Ihre eigene Aufgabe, von Ihnen gestartet, in Ihrem eigenen Programm.',
  ],
  [
    'With this login only tasks that you start yourself may run.',
    'Mit dieser Anmeldung dürfen nur Aufgaben laufen, die Sie selbst starten.',
  ],
  [
    'Allowed inside the organisation, for its own authorised users.',
    'Erlaubt innerhalb der Organisation, für deren eigene berechtigte Nutzer.',
  ],
  [
    "First attest that you are an authorised user of the organisation's Anthropic account.",
    'Bestätigen Sie zuerst, dass Sie berechtigter Nutzer des Anthropic-Kontos der Organisation sind.',
  ],
  ['Allowed: you turned the approval of each task off.', 'Erlaubt: Sie haben die Freigabe jeder Aufgabe ausgeschaltet.'],
  [
    'Each task of a stranger needs your approval until you turn that off.',
    'Jede Aufgabe eines Fremden braucht Ihre Freigabe, bis Sie das ausschalten.',
  ],
  [
    'Anthropic approved this in writing; each task still needs your approval.',
    'Anthropic hat das schriftlich genehmigt; jede Aufgabe braucht trotzdem Ihre Freigabe.',
  ],
  [
    'API keys may not serve strangers without a written approval by Anthropic. Use a local model.',
    'Mit API-Schlüsseln darf ohne schriftliche Genehmigung von Anthropic nicht für Fremde gearbeitet werden. Nehmen Sie ein lokales Modell.',
  ],
  ['Only tasks that you start yourself, in your own program.', 'Nur Aufgaben, die Sie selbst starten, in Ihrem eigenen Programm.'],
  [
    "Allowed between members who attested to be authorised users of the organisation's Anthropic account.",
    'Erlaubt zwischen Mitgliedern, die bestätigt haben, berechtigte Nutzer des Anthropic-Kontos der Organisation zu sein.',
  ],
  ['Each task needs your approval until you turn that off.', 'Jede Aufgabe braucht Ihre Freigabe, bis Sie das ausschalten.'],
  [
    'Refused until a written approval by Anthropic is recorded; then each task needs your approval.',
    'Abgelehnt, bis eine schriftliche Genehmigung von Anthropic eingetragen ist; dann braucht jede Aufgabe Ihre Freigabe.',
  ],
  ['There is nothing to take back.', 'Es gibt nichts zurückzunehmen.'],
  [
    'This federation is not an organisation, so there is nothing to attest.',
    'Dieser Verbund ist keine Organisation, also gibt es nichts zu bestätigen.',
  ],
  [
    'Write the day of the approval as it is on the letter, such as 2026-11-20; it cannot lie ahead.',
    'Schreiben Sie den Tag der Genehmigung, wie er auf dem Schreiben steht, etwa 2026-11-20; er kann nicht in der Zukunft liegen.',
  ],
  ['Switch provider mode on, or resume it.', 'Schalten Sie das Anbieten ein oder setzen Sie es fort.'],
  [
    'Choose another backend: the policy page says which may serve whom here.',
    'Wählen Sie ein anderes Backend: Die Richtlinie sagt, welches hier für wen arbeiten darf.',
  ],
  [
    'Read the consent for this backend again and agree to it, if you still do.',
    'Lesen Sie die Einwilligung für dieses Backend noch einmal und geben Sie sie, wenn Sie noch wollen.',
  ],
  ['Put the backend right, then resume provider mode.', 'Bringen Sie das Backend in Ordnung und setzen Sie das Anbieten dann fort.'],
  [
    'Wait for the next hour that you allow, or allow more hours.',
    'Warten Sie auf die nächste Stunde, die Sie erlauben, oder erlauben Sie mehr Stunden.',
  ],
  ['Change your own rules, if you want to serve now.', 'Ändern Sie Ihre eigenen Regeln, wenn Sie jetzt anbieten wollen.'],
  [
    'Wait until the oldest task is a day old, or raise the cap.',
    'Warten Sie, bis die älteste Aufgabe einen Tag alt ist, oder erhöhen Sie die Grenze.',
  ],
  [
    'Check the connection: the network page says who can be reached.',
    'Prüfen Sie die Verbindung: Unter Netzwerk steht, wer erreichbar ist.',
  ],
  [
    'Lower the price, or wait until the cheaper ones are busy.',
    'Senken Sie den Preis oder warten Sie, bis die günstigeren beschäftigt sind.',
  ],
  ['Complete tasks; a newcomer gets small ones first.', 'Erledigen Sie Aufgaben; wer neu ist, bekommt zuerst kleine.'],
  [
    'Nobody asks for this class at the moment. Offer another class, or wait.',
    'Gerade fragt niemand nach dieser Klasse. Bieten Sie eine andere an oder warten Sie.',
  ],
  [
    'All {count} requests of the last hour were over a cap of yours.',
    'Alle {count} Anfragen der letzten Stunde lagen über einer Ihrer Grenzen.',
  ],
  [
    '{count} requests of the last hour had a lower price limit than your price.',
    '{count} Anfragen der letzten Stunde hatten eine niedrigere Preisgrenze als Ihren Preis.',
  ],
  [
    'You bid in the last hour and won nothing; {cheaper} of {all} offers for {class} are cheaper.',
    'Sie haben in der letzten Stunde geboten und nichts gewonnen; {cheaper} von {all} Angeboten für {class} sind günstiger.',
  ],
  [
    'You bid and won nothing, and others who offer the same have shown more.',
    'Sie haben geboten und nichts gewonnen, und andere mit demselben Angebot haben mehr vorzuweisen.',
  ],
  ['Nobody asked for anything in the last hour.', 'In der letzten Stunde hat niemand etwas gefragt.'],
  [
    'All requests of the last hour were for classes that you do not offer.',
    'Alle Anfragen der letzten Stunde galten Klassen, die Sie nicht anbieten.',
  ],
  ['Provider mode is paused.', 'Das Anbieten macht Pause.'],
  ['Provider mode is off.', 'Das Anbieten ist aus.'],
  ['No other member can be reached.', 'Kein anderes Mitglied ist erreichbar.'],
  ['Provider mode is on, with {count} offer.', 'Das Anbieten ist an, mit {count} Angebot.'],
  ['Provider mode is on, with {count} offers.', 'Das Anbieten ist an, mit {count} Angeboten.'],
  ['{count} member is connected.', '{count} Mitglied ist verbunden.'],
  ['{count} members are connected.', '{count} Mitglieder sind verbunden.'],
  ['There is nothing to compare with.', 'Es gibt nichts, womit man vergleichen könnte.'],
  ['Your price is {places}.', 'Ihr Preis ist {places}.'],
  ['number {rank} of {all} for {class}', 'Nummer {rank} von {all} für {class}'],
  [
    '{count} requests of the last hour went to a cheaper backend of yours.',
    '{count} Anfragen der letzten Stunde gingen an ein günstigeres Ihrer Backends.',
  ],
  ['{count} requests were heard in the last hour.', 'In der letzten Stunde waren {count} Anfragen zu hören.'],
  ['Nothing stands in the way here.', 'Hier steht nichts im Weg.'],
  [
    'This backend offers nothing at the moment. Resume it before you publish an offer.',
    'Dieses Backend bietet gerade nichts an. Setzen Sie es fort, bevor Sie ein Angebot veröffentlichen.',
  ],
  [
    'You serve only while the computer is idle, and this one cannot tell. Turn that rule off to serve.',
    'Sie bieten nur an, solange der Computer unbenutzt ist, und dieser kann es nicht sagen. Schalten Sie die Regel aus, um anzubieten.',
  ],
  [
    'Your rules for serving cannot be read any more. Set them again to serve.',
    'Ihre Regeln für das Anbieten lassen sich nicht mehr lesen. Legen Sie sie neu fest, um anzubieten.',
  ],
  [
    'The computer is in use, and you serve only while it is idle.',
    'Der Computer wird benutzt, und Sie bieten nur an, solange er unbenutzt ist.',
  ],
  [
    'You do not serve on battery, and this computer cannot tell. Turn that rule off to serve.',
    'Sie bieten im Akkubetrieb nicht an, und dieser Computer kann es nicht sagen. Schalten Sie die Regel aus, um anzubieten.',
  ],
  ['The computer runs on battery, and you do not serve then.', 'Der Computer läuft im Akkubetrieb, und dann bieten Sie nicht an.'],
  [
    'You do not serve on a metered connection, and this computer cannot tell. Turn that rule off to serve.',
    'Sie bieten über eine getaktete Verbindung nicht an, und dieser Computer kann es nicht sagen. Schalten Sie die Regel aus, um anzubieten.',
  ],
  ['The connection is metered, and you do not serve then.', 'Die Verbindung ist getaktet, und dann bieten Sie nicht an.'],
  [
    'No more than {most} backends are kept. Remove one first.',
    'Mehr als {most} Backends werden nicht aufbewahrt. Entfernen Sie zuerst eines.',
  ],
  [
    'Choose a backend, caps and offers first; then provider mode can be switched on.',
    'Wählen Sie zuerst ein Backend, Grenzen und Angebote; dann lässt sich das Anbieten einschalten.',
  ],
  ['There is no such backend.', 'Ein solches Backend gibt es nicht.'],
  ['This backend is off by now.', 'Dieses Backend ist inzwischen aus.'],
  ['You have paused. Resume before you let a task run.', 'Sie haben pausiert. Setzen Sie fort, bevor Sie eine Aufgabe ausführen lassen.'],
  ['This provider rests at the moment.', 'Dieser Anbieter pausiert gerade.'],
  ['It is outside of the hours that you set.', 'Es ist außerhalb der Stunden, die Sie eingestellt haben.'],
  ['This provider runs nothing for you.', 'Dieser Anbieter führt nichts für Sie aus.'],
  [
    '{broken} of your last {all} tasks failed or came later than promised. Your offers rest for {minutes} minutes so that your reputation does not suffer; look at the backend meanwhile.',
    '{broken} Ihrer letzten {all} Aufgaben sind gescheitert oder kamen später als versprochen. Ihre Angebote ruhen {minutes} Minuten, damit Ihr Ruf nicht leidet; sehen Sie inzwischen nach dem Backend.',
  ],
  ['This backend is on already; stop it first.', 'Dieses Backend ist schon an; schalten Sie es zuerst aus.'],
  ['The backend was switched off before it had answered.', 'Das Backend wurde ausgeschaltet, bevor es geantwortet hatte.'],
  [
    'Your backend {backend} offers {class} already. Offer another model as another class.',
    'Ihr Backend {backend} bietet {class} schon an. Bieten Sie ein anderes Modell als andere Klasse an.',
  ],
  ['Switch provider mode on before you publish an offer.', 'Schalten Sie das Anbieten ein, bevor Sie ein Angebot veröffentlichen.'],
  ['Say which of your backends serves this offer.', 'Sagen Sie, welches Ihrer Backends dieses Angebot bedient.'],
  ['This backend is off. Switch it on first.', 'Dieses Backend ist aus. Schalten Sie es zuerst ein.'],
  ['Provider mode is off, so there is nothing to pause.', 'Das Anbieten ist aus, also gibt es nichts anzuhalten.'],
  ['The scanners failed on this text. Read it with care.', 'Die Prüfung dieses Textes ist gescheitert. Lesen Sie ihn mit Vorsicht.'],
  [
    'This task no longer waits: its time ran out or its client withdrew it.',
    'Diese Aufgabe wartet nicht mehr: Ihre Zeit ist abgelaufen, oder ihr Auftraggeber hat sie zurückgezogen.',
  ],
  [
    'This task has only just arrived. Look at it before you let it run.',
    'Diese Aufgabe ist gerade erst eingetroffen. Sehen Sie sie an, bevor Sie sie laufen lassen.',
  ],
  ['This is your own account.', 'Das ist Ihr eigenes Konto.'],
  [
    'Of a client there is only “never”: whose tasks come first is for their prices to say.',
    'Von einem Auftraggeber gibt es nur „nie“: Wessen Aufgaben zuerst kommen, sagen ihre Preise.',
  ],
  [
    'There are {most} keys already. Remove one that is not used any more.',
    'Es gibt schon {most} Schlüssel. Entfernen Sie einen, der nicht mehr benutzt wird.',
  ],
  [
    'There is no key of this name; it may have been removed already.',
    'Einen Schlüssel dieses Namens gibt es nicht; vielleicht wurde er schon entfernt.',
  ],
] as const
