/** Of what the home stands on: network, nodes and database. */
export const ground = [
  [
    '“{text}” is no address of a node. Write it like /ip4/192.0.2.1/tcp/4001.',
    '„{text}“ ist keine Adresse eines Knotens. Schreiben Sie sie wie /ip4/192.0.2.1/tcp/4001.',
  ],
  ['“{text}” is no peer id.', '„{text}“ ist keine Kennung im Netz.'],
  ['{node} has more than {most} addresses.', '{node} hat mehr als {most} Adressen.'],
  ['A node listens on at most {most} addresses.', 'Ein Knoten lauscht auf höchstens {most} Adressen.'],
  [
    'Another program already listens on {where}. Stop it, or choose another port (0 takes any free one).',
    'Ein anderes Programm lauscht schon auf {where}. Beenden Sie es, oder wählen Sie einen anderen Port (0 nimmt irgendeinen freien).',
  ],
  [
    'This user may not listen on {where}. Choose a port above 1023.',
    'Dieser Benutzer darf nicht auf {where} lauschen. Wählen Sie einen Port über 1023.',
  ],
  [
    '{where} is no address of this computer. Use one of its own, or 0.0.0.0.',
    '{where} ist keine Adresse dieses Computers. Nehmen Sie eine eigene oder 0.0.0.0.',
  ],
  [
    'The network could not be started on {where}. The log has the reason.',
    'Das Netz ließ sich auf {where} nicht starten. Im Protokoll steht, warum.',
  ],
  [
    'The federation names a seed key for this witness that is not its own, so whoever has it could foresee panels. Do not join it.',
    'Der Verbund nennt für diesen Zeugen einen Losschlüssel, der nicht sein eigener ist; wer ihn hat, könnte Schiedsgerichte voraussehen. Treten Sie nicht bei.',
  ],
  ['The configuration of the nodes is wrong at {field}: {problem}.', 'Die Konfiguration der Knoten ist falsch bei {field}: {problem}.'],
  ['The configuration of the nodes must be one line of JSON.', 'Die Konfiguration der Knoten muss eine Zeile JSON sein.'],
  ['Refused: {problem}.', 'Abgelehnt: {problem}.'],
  ['The disk is full. Free some space and start again.', 'Der Datenträger ist voll. Schaffen Sie Platz und starten Sie noch einmal.'],
  [
    'The market is already running on {path}. Use its window, or choose another data folder.',
    'Der Markt läuft schon auf {path}. Benutzen Sie sein Fenster, oder wählen Sie einen anderen Datenordner.',
  ],
  [
    'The file {path} is not what the market made. Delete it, then try again.',
    'Die Datei {path} ist nicht das, was der Markt angelegt hat. Löschen Sie sie und versuchen Sie es noch einmal.',
  ],
  [
    'The database {path} was written by a newer version of this program. Update the program; nothing was changed.',
    'Die Datenbank {path} stammt von einer neueren Version dieses Programms. Bringen Sie das Programm auf den neuesten Stand; es wurde nichts geändert.',
  ],
  [
    'The database {path} is damaged; nothing was changed. Put back a copy of it, or move it to another place and start again: what the witnesses know comes back by itself.',
    'Die Datenbank {path} ist beschädigt; es wurde nichts geändert. Legen Sie eine Kopie davon zurück, oder verschieben Sie sie an einen anderen Ort und starten Sie noch einmal: Was die Zeugen wissen, kommt von selbst zurück.',
  ],
  [
    'The database {path} is in use by another program. Close it and start again.',
    'Die Datenbank {path} wird von einem anderen Programm benutzt. Schließen Sie es und starten Sie noch einmal.',
  ],
  [
    'The database {path} is a database of another program. Choose another data folder; nothing was changed.',
    'Die Datenbank {path} ist die eines anderen Programms. Wählen Sie einen anderen Datenordner; es wurde nichts geändert.',
  ],
  [
    'The database {path} could not be prepared because the disk is full. Free some space and start again.',
    'Die Datenbank {path} konnte nicht vorbereitet werden, weil der Datenträger voll ist. Schaffen Sie Platz und starten Sie noch einmal.',
  ],
  [
    'The database {path} cannot be opened. Check that the folder exists and that you may write to it.',
    'Die Datenbank {path} lässt sich nicht öffnen. Prüfen Sie, ob es den Ordner gibt und ob Sie darin schreiben dürfen.',
  ],
  [
    'The disk is full, so nothing was saved. Free some space and try again.',
    'Der Datenträger ist voll, darum wurde nichts gespeichert. Schaffen Sie Platz und versuchen Sie es noch einmal.',
  ],
  [
    'The disk could not be read or written, so nothing was saved. Check the disk and try again.',
    'Der Datenträger ließ sich nicht lesen oder beschreiben, darum wurde nichts gespeichert. Prüfen Sie ihn und versuchen Sie es noch einmal.',
  ],
  [
    'The database is damaged, so nothing was saved. Quit the program and start it again; if it is damaged still, put back a copy of it or move it to another place.',
    'Die Datenbank ist beschädigt, darum wurde nichts gespeichert. Beenden Sie das Programm und starten Sie es wieder; ist sie dann noch beschädigt, legen Sie eine Kopie davon zurück oder verschieben Sie sie an einen anderen Ort.',
  ],
  [
    'Another program is using the database, so nothing was saved. Close it and try again.',
    'Ein anderes Programm benutzt die Datenbank, darum wurde nichts gespeichert. Schließen Sie es und versuchen Sie es noch einmal.',
  ],
  [
    'The database may only be read, so nothing was saved. Check the permissions of the data folder.',
    'Die Datenbank darf nur gelesen werden, darum wurde nichts gespeichert. Prüfen Sie die Rechte des Datenordners.',
  ],
  [
    'There is no window to print. Open it and try again.',
    'Es gibt kein Fenster zum Drucken. Öffnen Sie es und versuchen Sie es noch einmal.',
  ],
  ['The PDF', 'Das PDF'],
] as const
