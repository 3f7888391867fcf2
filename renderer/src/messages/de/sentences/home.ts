/** Of the home: its data folder, first start, phrases and keys. */
export const home = [
  [
    'The link that was opened is too long for an invite link. Nothing was done.',
    'Der geöffnete Link ist zu lang für einen Einladungslink. Nichts ist geschehen.',
  ],
  [
    'The link that was opened is not an invite link, and no other link is opened from outside. Nothing was done.',
    'Der geöffnete Link ist kein Einladungslink, und kein anderer wird von außen geöffnet. Nichts ist geschehen.',
  ],
  [
    'The file that was opened is too long for what this app opens. Nothing was done.',
    'Die geöffnete Datei ist länger als alles, was dieses Programm öffnet. Nichts ist geschehen.',
  ],
  [
    'This backup file is of another account than these words. Type the words that belong to it, or use the file that belongs to them.',
    'Diese Sicherungsdatei gehört zu einem anderen Konto als diese Wörter. Geben Sie die Wörter ein, die zu ihr gehören, oder nehmen Sie die Datei, die zu ihnen gehört.',
  ],
  ['The file that was opened is not there any more. Nothing was done.', 'Die geöffnete Datei ist nicht mehr da. Nichts ist geschehen.'],
  ['The file that was opened', 'Die geöffnete Datei'],
  [
    'The market could not be opened. The log says why; try again, or start over.',
    'Der Markt konnte nicht geöffnet werden. Im Protokoll steht, warum; versuchen Sie es noch einmal oder beginnen Sie neu.',
  ],
  [
    'The market could not be opened. The log says why; try again after a restart.',
    'Der Markt konnte nicht geöffnet werden. Im Protokoll steht, warum; versuchen Sie es nach einem Neustart noch einmal.',
  ],
  ['This data folder has been set up already.', 'Dieser Datenordner ist schon eingerichtet.'],
  ['The market is not locked.', 'Der Markt ist nicht verschlossen.'],
  ['Nothing has failed.', 'Nichts ist gescheitert.'],
  ['There is nothing to put aside yet.', 'Noch gibt es nichts beiseitezulegen.'],
  [
    'Another program is using this data folder. Close it first.',
    'Ein anderes Programm benutzt diesen Datenordner. Schließen Sie es zuerst.',
  ],
  [
    'The disk is full, so nothing more is saved and what was under way has stopped. Free some space, then quit and start again: it goes on where it was.',
    'Der Datenträger ist voll, darum wird nichts mehr gespeichert, und was im Gange war, steht still. Schaffen Sie Platz, beenden Sie das Programm und starten Sie es wieder: Es geht dort weiter, wo es war.',
  ],
  ['The data folder {path}', 'Der Datenordner {path}'],
  ['The data folder', 'Der Datenordner'],
  [
    "The data folder {path} holds a market's records and no key file. Put back vault.json (or practice.json) and try again, or start over, which keeps the folder under another name; a recovery phrase brings the account back.",
    'Im Datenordner {path} sind die Aufzeichnungen eines Markts, aber keine Schlüsseldatei. Legen Sie vault.json (oder practice.json) zurück und versuchen Sie es noch einmal, oder beginnen Sie neu: Dann bleibt der Ordner unter anderem Namen, und eine Wiederherstellungsphrase bringt das Konto zurück.',
  ],
  [
    'The data folder {path} holds no witness key. Make one with "keys --witness" before the federation is founded.',
    'Im Datenordner {path} ist kein Schlüssel eines Zeugen. Erzeugen Sie einen mit „keys --witness“, bevor der Verbund gegründet wird.',
  ],
  [
    'The data folder {path} holds a key file and no federation.json. Put back a copy of it and try again; any other member has the same one.',
    'Im Datenordner {path} ist eine Schlüsseldatei, aber keine federation.json. Legen Sie eine Kopie davon zurück und versuchen Sie es noch einmal; jedes andere Mitglied hat dieselbe.',
  ],
  [
    'The data folder {path} cannot be used ({code}). It has to be a folder in which you may write. Make it one, then try again.',
    'Der Datenordner {path} ist nicht benutzbar ({code}). Es muss ein Ordner sein, in dem Sie schreiben dürfen. Sorgen Sie dafür, und versuchen Sie es noch einmal.',
  ],
  [
    'The data folder {path} cannot be written to ({code}). It has to be a folder in which you may write. Make it one, then try again.',
    'In den Datenordner {path} lässt sich nicht schreiben ({code}). Es muss ein Ordner sein, in dem Sie schreiben dürfen. Sorgen Sie dafür, und versuchen Sie es noch einmal.',
  ],
  ['The federation file', 'Die Datei des Verbunds'],
  [
    'The federation file {path} cannot be used. {reason} Put back a copy of it; any other member has the same one.',
    'Die Datei des Verbunds {path} ist nicht benutzbar. {reason} Legen Sie eine Kopie davon zurück; jedes andere Mitglied hat dieselbe.',
  ],
  ['It is missing.', 'Sie fehlt.'],
  ['The invite', 'Die Einladung'],
  ['The invite {path} is damaged.', 'Die Einladung {path} ist beschädigt.'],
  ['The federation file {path} is damaged.', 'Die Datei des Verbunds {path} ist beschädigt.'],
  ['The settings file', 'Die Datei der Einstellungen'],
  ['The file of the practice federation', 'Die Datei des Übungsverbunds'],
  ['The memory of a witness', 'Das Gedächtnis eines Zeugen'],
  [
    'The settings file {path} is damaged and was left as it is.',
    'Die Datei der Einstellungen {path} ist beschädigt und blieb, wie sie ist.',
  ],
  [
    'The file of the practice federation {path} is damaged and was left as it is.',
    'Die Datei des Übungsverbunds {path} ist beschädigt und blieb, wie sie ist.',
  ],
  [
    'The memory of a witness {path} is damaged and was left as it is.',
    'Das Gedächtnis eines Zeugen {path} ist beschädigt und blieb, wie es ist.',
  ],
  [
    '{what} could not be written: the disk is full. Free some space and try again.',
    '{what} konnte nicht geschrieben werden: Der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  ],
  [
    '{what} could not be opened: the permissions of the data folder do not allow it.',
    '{what} konnte nicht geöffnet werden: Die Rechte des Datenordners erlauben es nicht.',
  ],
  [
    '{what} could not be read or written ({code}). Check the disk and the data folder.',
    '{what} konnte nicht gelesen oder geschrieben werden ({code}). Prüfen Sie den Datenträger und den Datenordner.',
  ],
  ['unknown reason', 'Grund unbekannt'],
  [
    'This computer has no key store that protects the key. Choose a passphrase for it.',
    'Dieser Computer hat keinen Schlüsselspeicher, der den Schlüssel schützt. Wählen Sie eine Passphrase dafür.',
  ],
  ['The nodes of this computer could not start. {reason}', 'Die Knoten dieses Computers konnten nicht starten. {reason}'],
  ['The process of its nodes ended before it was ready.', 'Der Prozess seiner Knoten endete, bevor er bereit war.'],
  ['The process of its nodes gave no answer that can be read.', 'Der Prozess seiner Knoten gab keine Antwort, die sich lesen lässt.'],
  [
    'The process that runs the witnesses of this computer has ended. Nothing is lost. Try again.',
    'Der Prozess, in dem die Zeugen dieses Computers laufen, ist beendet. Nichts ist verloren. Versuchen Sie es noch einmal.',
  ],
  [
    "The key file is protected by the system's key store, which is not there now. Log in to your desktop as usual and try again, or start over with the recovery phrase.",
    'Die Schlüsseldatei ist durch den Schlüsselspeicher des Systems geschützt, und der ist gerade nicht da. Melden Sie sich wie gewohnt an Ihrem Desktop an und versuchen Sie es noch einmal, oder beginnen Sie mit der Wiederherstellungsphrase neu.',
  ],
  [
    'The records of this computer were missing or empty. Your account and the trades that are still open come back from the witnesses by themselves. What only this computer knew does not: earlier questions and answers, the log of decisions, and how you provided. If you have a copy of market.db, stop the program and put it back.',
    'Die Aufzeichnungen dieses Computers fehlten oder waren leer. Ihr Konto und offene Handel kommen von selbst von den Zeugen zurück. Was nur dieser Computer wusste, kommt nicht zurück: frühere Fragen und Antworten, das Protokoll der Entscheidungen und wie Sie angeboten haben. Wenn Sie eine Kopie von market.db haben, beenden Sie das Programm und legen Sie sie zurück.',
  ],
  ['Give this computer a name of visible characters.', 'Geben Sie diesem Computer einen Namen aus sichtbaren Zeichen.'],
  [
    'There is no device code yet, or the program was started again. Show a new one and have it linked.',
    'Noch gibt es keinen Gerätecode, oder das Programm wurde neu gestartet. Lassen Sie einen neuen zeigen und verbinden.',
  ],
  [
    'This account code answers another device code than the one shown here. Have the newest one linked.',
    'Dieser Kontocode antwortet auf einen anderen Gerätecode als den hier gezeigten. Lassen Sie den neuesten verbinden.',
  ],
  [
    'There are no words to prove yet, or the program was started again. Show new ones.',
    'Noch gibt es keine Wörter zu prüfen, oder das Programm wurde neu gestartet. Lassen Sie neue zeigen.',
  ],
  ['Write the words number {places}, and no others.', 'Schreiben Sie die Wörter Nummer {places} und keine anderen.'],
  [
    'Word {place} is not what was shown. Look at what you wrote down, or have the words shown again.',
    'Wort {place} ist nicht das, was gezeigt wurde. Sehen Sie nach, was Sie aufgeschrieben haben, oder lassen Sie die Wörter noch einmal zeigen.',
  ],
  [
    'Words {first} and {second} are not what was shown. Look at what you wrote down, or have the words shown again.',
    'Die Wörter {first} und {second} sind nicht das, was gezeigt wurde. Sehen Sie nach, was Sie aufgeschrieben haben, oder lassen Sie die Wörter noch einmal zeigen.',
  ],
  [
    'Words {first} and {second} and {third} are not what was shown. Look at what you wrote down, or have the words shown again.',
    'Die Wörter {first}, {second} und {third} sind nicht das, was gezeigt wurde. Sehen Sie nach, was Sie aufgeschrieben haben, oder lassen Sie die Wörter noch einmal zeigen.',
  ],
  [
    'The request {id} was used before for something else. Start again with a new one.',
    'Der Auftrag {id} wurde schon für etwas anderes benutzt. Beginnen Sie mit einem neuen.',
  ],
  [
    'This federation knows no account of this recovery phrase yet. If you expected a balance here, the phrase or the federation’s file is another one: start over with the right ones.',
    'Dieser Verbund kennt noch kein Konto zu dieser Wiederherstellungsphrase. Wenn Sie hier ein Guthaben erwartet haben, ist die Phrase oder die Datei des Verbunds eine andere: Beginnen Sie mit den richtigen neu.',
  ],
  ['There is no desktop here. The data folder is {path}.', 'Hier gibt es keinen Desktop. Der Datenordner ist {path}.'],
  ['There is no desktop here. The log is {path}.', 'Hier gibt es keinen Desktop. Das Protokoll ist {path}.'],
  ['There is no desktop here. Print the page with the browser.', 'Hier gibt es keinen Desktop. Drucken Sie die Seite mit dem Browser.'],
  ['The log', 'Das Protokoll'],
  [
    'This program keeps no log file. It writes its log to where its errors go.',
    'Dieses Programm führt keine Protokolldatei. Es schreibt sein Protokoll dorthin, wohin seine Fehler gehen.',
  ],
  ['This data folder has its account already.', 'Dieser Datenordner hat sein Konto schon.'],
  [
    'There is no market here yet: choose practice, an invite, or a federation of your own.',
    'Hier gibt es noch keinen Markt: Wählen Sie die Übung, eine Einladung oder einen eigenen Verbund.',
  ],
  [
    'The market is locked. Enter the passphrase of its key file.',
    'Der Markt ist verschlossen. Geben Sie die Passphrase seiner Schlüsseldatei ein.',
  ],
  ['The market is starting. Try again in a moment.', 'Der Markt startet. Versuchen Sie es gleich noch einmal.'],
  ['This is too long for a recovery phrase.', 'Das ist zu lang für eine Wiederherstellungsphrase.'],
  ['This has {count} word.', 'Das ist {count} Wort.'],
  ['This has {count} words.', 'Das sind {count} Wörter.'],
  [
    '{found} A recovery phrase has {count} words; check that none is missing or twice.',
    '{found} Eine Wiederherstellungsphrase hat {count} Wörter; prüfen Sie, ob keines fehlt oder doppelt ist.',
  ],
  [
    'All 24 words are in the list, but together they are no recovery phrase: one is a different word of the list or two changed places. Compare them with what you wrote down.',
    'Alle 24 Wörter stehen in der Liste, aber zusammen sind sie keine Wiederherstellungsphrase: Eines ist ein anderes Wort der Liste, oder zwei haben die Plätze getauscht. Vergleichen Sie sie mit dem, was Sie aufgeschrieben haben.',
  ],
  ['Check how you wrote it down.', 'Sehen Sie nach, wie Sie es aufgeschrieben haben.'],
  ['Did you mean "{word}"?', 'Meinten Sie „{word}“?'],
  [
    'Word {place} is not one of the 2,048 words of recovery phrases. {advice}',
    'Wort {place} gehört nicht zu den 2.048 Wörtern für Wiederherstellungsphrasen. {advice}',
  ],
  [
    'Word {place} ("{word}") is not one of the 2,048 words of recovery phrases. {advice}',
    'Wort {place} („{word}“) gehört nicht zu den 2.048 Wörtern für Wiederherstellungsphrasen. {advice}',
  ],
  [
    'Choose a passphrase of at least {least} characters; four or five random words are good.',
    'Wählen Sie eine Passphrase mit mindestens {least} Zeichen; vier oder fünf zufällige Wörter sind gut.',
  ],
  [
    "This computer's key store would not keep the key. Choose a passphrase instead.",
    'Der Schlüsselspeicher dieses Computers wollte den Schlüssel nicht aufbewahren. Wählen Sie stattdessen eine Passphrase.',
  ],
  ['That passphrase is longer than any can be.', 'Diese Passphrase ist länger, als eine sein kann.'],
  [
    "This computer's key store does not open the key file: another user or another computer made it. Use the recovery phrase.",
    'Der Schlüsselspeicher dieses Computers öffnet die Schlüsseldatei nicht: Ein anderer Benutzer oder ein anderer Computer hat sie angelegt. Nehmen Sie die Wiederherstellungsphrase.',
  ],
  ['The key file is protected with a passphrase; enter it.', 'Die Schlüsseldatei ist mit einer Passphrase geschützt; geben Sie sie ein.'],
  [
    "The key file is protected by this computer's key store, not with a passphrase.",
    'Die Schlüsseldatei ist durch den Schlüsselspeicher dieses Computers geschützt, nicht mit einer Passphrase.',
  ],
  [
    'The key file was written by a newer version of Claude Market. Update the app; nothing was changed.',
    'Die Schlüsseldatei stammt von einer neueren Version von Claude Market. Bringen Sie die App auf den neuesten Stand; es wurde nichts geändert.',
  ],
  [
    'The key file is damaged and was left as it is. Put back a copy of vault.json, or move it away and restore with the recovery phrase.',
    'Die Schlüsseldatei ist beschädigt und blieb, wie sie ist. Legen Sie eine Kopie von vault.json zurück, oder nehmen Sie sie weg und holen Sie das Konto mit der Wiederherstellungsphrase zurück.',
  ],
  [
    'That passphrase does not open the key file. Nothing was changed; try again.',
    'Diese Passphrase öffnet die Schlüsseldatei nicht. Es wurde nichts geändert; versuchen Sie es noch einmal.',
  ],
  [
    'There is no key file yet. Make a new identity, or restore one with its recovery phrase.',
    'Noch gibt es keine Schlüsseldatei. Legen Sie ein neues Konto an, oder holen Sie eines mit seiner Wiederherstellungsphrase zurück.',
  ],
  ['The key file', 'Die Schlüsseldatei'],
  ['The backup file', 'Die Sicherungsdatei'],
  [
    'There is a key file already, and it is never replaced. Open it, or move vault.json away first.',
    'Es gibt schon eine Schlüsseldatei, und sie wird nie ersetzt. Öffnen Sie sie, oder nehmen Sie vault.json zuerst weg.',
  ],
  [
    'A practice account has no recovery phrase, so no file could bring it back.',
    'Ein Übungskonto hat keine Wiederherstellungsphrase, also könnte es keine Datei zurückbringen.',
  ],
  [
    'A practice account has no recovery phrase: it is worth nothing outside.',
    'Ein Übungskonto hat keine Wiederherstellungsphrase: Außerhalb ist es nichts wert.',
  ],
] as const
