/** Of back ends: addresses, keys and what becomes of a task there. */
export const backends = [
  [
    'Write the address of the API or gateway like https://api.anthropic.com; plain http only on this computer.',
    'Schreiben Sie die Adresse der API oder des Gateways wie https://api.anthropic.com; einfaches http nur auf diesem Computer.',
  ],
  ['The API took too long to answer.', 'Die API hat zu lange für ihre Antwort gebraucht.'],
  [
    'The API cannot be reached. Check the connection and the address.',
    'Die API ist nicht erreichbar. Prüfen Sie die Verbindung und die Adresse.',
  ],
  ['The API broke off in the middle of its answer.', 'Die API ist mitten in ihrer Antwort abgebrochen.'],
  [
    "The account's spending limit is reached. Offers stay withdrawn until it is raised.",
    'Die Ausgabengrenze des Kontos ist erreicht. Die Angebote bleiben zurückgezogen, bis sie erhöht ist.',
  ],
  [
    'The API does not accept this key. Check it in the Claude Console.',
    'Die API nimmt diesen Schlüssel nicht an. Prüfen Sie ihn in der Claude Console.',
  ],
  [
    'The Claude API does not accept this key. Check it in the Claude Console.',
    'Die Claude API nimmt diesen Schlüssel nicht an. Prüfen Sie ihn in der Claude Console.',
  ],
  [
    'The API does not have this model for this key. Choose another from its list.',
    'Die API hat dieses Modell für diesen Schlüssel nicht. Wählen Sie ein anderes aus ihrer Liste.',
  ],
  [
    'The API does not have this model for this key. Choose another.',
    'Die API hat dieses Modell für diesen Schlüssel nicht. Wählen Sie ein anderes.',
  ],
  ['The account sends too much at once. It must wait.', 'Das Konto sendet zu viel auf einmal. Es muss warten.'],
  ['The account sends too much at once, or its limit is reached.', 'Das Konto sendet zu viel auf einmal, oder seine Grenze ist erreicht.'],
  ['The API is overloaded at the moment.', 'Die API ist gerade überlastet.'],
  ['The API refused the form of this task.', 'Die API hat die Form dieser Aufgabe abgelehnt.'],
  ['The API failed on its own side.', 'Die API hatte selbst einen Fehler.'],
  [
    'The Claude Code program began its answer again, so it was stopped.',
    'Das Claude-Code-Programm hat seine Antwort neu begonnen, darum wurde es angehalten.',
  ],
  ['The Claude Code program broke off in the middle of its answer.', 'Das Claude-Code-Programm ist mitten in seiner Antwort abgebrochen.'],
  [
    'The Claude Code program cannot be started. Check that it is still installed.',
    'Das Claude-Code-Programm lässt sich nicht starten. Prüfen Sie, ob es noch installiert ist.',
  ],
  [
    'The Claude Code program is not installed on this computer, or not where it is looked for.',
    'Das Claude-Code-Programm ist auf diesem Computer nicht installiert oder nicht dort, wo es gesucht wird.',
  ],
  [
    'The key store holds no key named “{name}”. Add it first.',
    'Im Schlüsselspeicher ist kein Schlüssel namens „{name}“. Fügen Sie ihn zuerst hinzu.',
  ],
  [
    'Write the address of the model server like http://127.0.0.1:11434, without user name or query.',
    'Schreiben Sie die Adresse des Modellservers wie http://127.0.0.1:11434, ohne Benutzernamen und ohne Abfrage.',
  ],
  [
    'Only a model server on this computer or in its own network may be used.',
    'Nur ein Modellserver auf diesem Computer oder in seinem eigenen Netz darf benutzt werden.',
  ],
  [
    'The model server reported an error in the middle of its answer.',
    'Der Modellserver hat mitten in seiner Antwort einen Fehler gemeldet.',
  ],
  [
    'The name of the model server leads outside of the local network, so it was not called.',
    'Der Name des Modellservers führt aus dem lokalen Netz hinaus, darum wurde er nicht aufgerufen.',
  ],
  [
    'The model server does not answer. Start it, or check its address.',
    'Der Modellserver antwortet nicht. Starten Sie ihn oder prüfen Sie seine Adresse.',
  ],
  [
    'The model server redirects elsewhere, which is not followed. Use its real address.',
    'Der Modellserver leitet anderswohin weiter; dem wird nicht gefolgt. Nehmen Sie seine wirkliche Adresse.',
  ],
  ['The model server asks for a login.', 'Der Modellserver verlangt eine Anmeldung.'],
  ['The model server does not have this model.', 'Der Modellserver hat dieses Modell nicht.'],
  ['The model server is busy.', 'Der Modellserver ist beschäftigt.'],
  ['The model server failed on its own side.', 'Der Modellserver hatte selbst einen Fehler.'],
  ['The model server refused the task with status {status}.', 'Der Modellserver hat die Aufgabe mit dem Status {status} abgelehnt.'],
  ['The model server sent too much.', 'Der Modellserver hat zu viel gesendet.'],
  ['The task is empty. Write what should be done.', 'Die Aufgabe ist leer. Schreiben Sie, was zu tun ist.'],
  ['The task is longer than {most} bytes. Shorten it.', 'Die Aufgabe ist länger als {most} Byte. Kürzen Sie sie.'],
  ['The output cap must be from 1 to {most} tokens.', 'Die Obergrenze der Antwort muss von 1 bis {most} Token reichen.'],
  ['The backend stopped in the middle of its answer.', 'Das Backend hat mitten in seiner Antwort aufgehört.'],
  ['The model declined this task. Nothing is charged.', 'Das Modell hat diese Aufgabe abgelehnt. Nichts wird berechnet.'],
  ['The backend gave an empty answer. Nothing is charged.', 'Das Backend hat eine leere Antwort gegeben. Nichts wird berechnet.'],
  ['The backend answered in a way that makes no sense.', 'Das Backend hat so geantwortet, dass es keinen Sinn ergibt.'],
  ['The task was stopped.', 'Die Aufgabe wurde angehalten.'],
  ['The backend took too long to answer.', 'Das Backend hat zu lange für seine Antwort gebraucht.'],
  [
    'The answer held a key and is not shown. Find out who runs the address of this backend.',
    'Die Antwort enthielt einen Schlüssel und wird nicht gezeigt. Finden Sie heraus, wer die Adresse dieses Backends betreibt.',
  ],
] as const
