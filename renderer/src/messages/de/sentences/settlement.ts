/** Of the settlement, the committee, evidence and facts. */
export const settlement = [
  ['The message is not a well-formed settlement message.', 'Die Nachricht ist keine wohlgeformte Nachricht der Abrechnung.'],
  ['The message belongs to another federation.', 'Die Nachricht gehört zu einem anderen Verbund.'],
  ['The order is not for this account or escrow.', 'Der Auftrag gilt nicht diesem Konto oder dieser Hinterlegung.'],
  [
    'The order is not the next step of its account or escrow. Fetch the newest state and sign again.',
    'Der Auftrag ist nicht der nächste Schritt seines Kontos oder seiner Hinterlegung. Holen Sie den neuesten Stand und unterschreiben Sie noch einmal.',
  ],
  [
    'The order does not continue the last certified step. Fetch the newest state and sign again.',
    'Der Auftrag schließt nicht an den letzten beglaubigten Schritt an. Holen Sie den neuesten Stand und unterschreiben Sie noch einmal.',
  ],
  [
    'The order names a committee that does not decide this step.',
    'Der Auftrag nennt ein Komitee, das über diesen Schritt nicht entscheidet.',
  ],
  [
    'The message names a committee of the federation that is not known here yet.',
    'Die Nachricht nennt ein Komitee des Verbunds, das hier noch nicht bekannt ist.',
  ],
  [
    'This witness is not in the committee that decides this step.',
    'Dieser Zeuge gehört nicht zu dem Komitee, das über diesen Schritt entscheidet.',
  ],
  [
    'This committee no longer decides accounts. The next one does.',
    'Dieses Komitee entscheidet nicht mehr über Konten. Das tut das nächste.',
  ],
  ['The former witnesses have not handed their accounts over yet.', 'Die früheren Zeugen haben ihre Konten noch nicht übergeben.'],
  [
    'The former witnesses may have settled another order in this step, so that one goes first.',
    'Die früheren Zeugen haben in diesem Schritt vielleicht einen anderen Auftrag abgerechnet, darum geht jener vor.',
  ],
  [
    'This witness is new and still learns what was decided before it came.',
    'Dieser Zeuge ist neu und lernt noch, was vor ihm entschieden wurde.',
  ],
  ['The new committee does not keep the rules of one.', 'Das neue Komitee hält die Regeln für Komitees nicht ein.'],
  [
    'One of the new witnesses or arbiters is proven to have cheated.',
    'Einem der neuen Zeugen oder einer der neuen Schiedspersonen ist Betrug nachgewiesen.',
  ],
  [
    'The order is not signed by exactly those who have to sign it.',
    'Der Auftrag ist nicht von genau denen unterschrieben, die ihn unterschreiben müssen.',
  ],
  ['A certificate in the message does not hold.', 'Ein Zertifikat in der Nachricht hält nicht stand.'],
  [
    'A vote or proposal in the message is not signed by its witness.',
    'Eine Stimme oder ein Vorschlag in der Nachricht ist nicht von ihrem Zeugen unterschrieben.',
  ],
  ['Earlier steps are missing. Send them along.', 'Frühere Schritte fehlen. Schicken Sie sie mit.'],
  [
    'The claimed credits are not in ascending order, or one is there twice.',
    'Die übernommenen Gutschriften stehen nicht in aufsteigender Reihenfolge, oder eine steht zweimal da.',
  ],
  ['One of the credits was claimed before.', 'Eine der Gutschriften wurde schon übernommen.'],
  [
    'One of the credits is not proven by any decree. Send its decree along.',
    'Eine der Gutschriften ist durch keinen Beschluss bewiesen. Schicken Sie ihren Beschluss mit.',
  ],
  ['One of the credits belongs to another account.', 'Eine der Gutschriften gehört einem anderen Konto.'],
  ['A new account starts by claiming a credit.', 'Ein neues Konto beginnt damit, dass es eine Gutschrift übernimmt.'],
  ['The order changes nothing.', 'Der Auftrag ändert nichts.'],
  ['The amount must be more than zero.', 'Der Betrag muss größer als null sein.'],
  ['Paying oneself moves nothing.', 'Wer sich selbst bezahlt, bewegt nichts.'],
  [
    'This federation limits gifts, and the amount is above the limit.',
    'Dieser Verbund begrenzt Geschenke, und der Betrag liegt über der Grenze.',
  ],
  ['The account does not hold that much.', 'So viel ist auf dem Konto nicht.'],
  ['The balance written in the order is not the recomputed one.', 'Das Guthaben, das im Auftrag steht, ist nicht das nachgerechnete.'],
  [
    'The terms of the escrow are outside what the federation allows.',
    'Die Bedingungen der Hinterlegung liegen außerhalb dessen, was der Verbund erlaubt.',
  ],
  ['The provider has not signed these terms.', 'Der Anbieter hat diese Bedingungen nicht unterschrieben.'],
  ['The new key cannot be used.', 'Der neue Schlüssel ist nicht brauchbar.'],
  ['The key is already one of the account’s.', 'Der Schlüssel gehört schon zu diesem Konto.'],
  ['The account has no such device.', 'Das Konto hat kein solches Gerät.'],
  [
    'The account has as many devices as it may have. Remove one first.',
    'Das Konto hat so viele Geräte, wie es haben darf. Entfernen Sie zuerst eines.',
  ],
  ['It is too early for this step.', 'Für diesen Schritt ist es zu früh.'],
  ['It is too late for this step.', 'Für diesen Schritt ist es zu spät.'],
  ['The escrow is not in a state in which this is possible.', 'Die Hinterlegung ist nicht in einem Stand, in dem das möglich ist.'],
  ['The price is higher than the locked amount.', 'Der Preis ist höher als der hinterlegte Betrag.'],
  ['The usage receipt is not the provider’s receipt for this escrow.', 'Der Beleg ist nicht der des Anbieters für diese Hinterlegung.'],
  [
    'No arbiter of this federation may judge this dispute. It ends by agreement, or by its default.',
    'Keine Schiedsperson dieses Verbunds darf über diese Anfechtung urteilen. Sie endet, wenn sich beide einigen, oder sonst von selbst mit dem halben Preis.',
  ],
  [
    'A recused arbiter is not in the roster, or not shown to be close to a party: neither of them invited the other, and they trade seldom or little.',
    'Eine abgelehnte Schiedsperson steht nicht auf der Liste, oder es ist nicht gezeigt, dass sie einer Partei nahesteht: Keine der beiden hat die andere eingeladen, und sie handeln selten oder wenig.',
  ],
  [
    'Too few arbiters would be left for the panel. Name fewer of them.',
    'Für das Schiedsgericht blieben zu wenige Schiedspersonen. Lehnen Sie weniger ab.',
  ],
  ['This witness lost its memory and no longer votes.', 'Dieser Zeuge hat seine Aufzeichnungen verloren und stimmt nicht mehr ab.'],
  [
    'The shares of the panel’s seed are not those of the right witnesses.',
    'Die Teile des Loses für das Schiedsgericht sind nicht die der richtigen Zeugen.',
  ],
  [
    'Two contradicting steps were both certified in this federation. Nothing in it is accepted any more.',
    'In diesem Verbund wurden zwei Schritte beglaubigt, die einander widersprechen. Nichts darin wird mehr angenommen.',
  ],
  ['This witness could not handle the message.', 'Dieser Zeuge konnte die Nachricht nicht verarbeiten.'],
  [
    'The clock of this witness is off, so it does not vote until it is set right.',
    'Die Uhr dieses Zeugen geht falsch, darum stimmt er nicht ab, bis sie richtig gestellt ist.',
  ],
  ['The key that signed this was revoked by its account.', 'Der Schlüssel, der das unterschrieben hat, wurde von seinem Konto entfernt.'],
  [
    'Too few witnesses can be reached to settle this now. It is kept and tried again.',
    'Zu wenige Zeugen sind erreichbar, um das jetzt abzurechnen. Es wird aufbewahrt und noch einmal versucht.',
  ],
  [
    'Two orders compete for this step and the witnesses have not settled which one counts. Try again in a moment.',
    'Zwei Aufträge streiten um diesen Schritt, und die Zeugen haben noch nicht entschieden, welcher gilt. Versuchen Sie es gleich noch einmal.',
  ],
  [
    'The witnesses did not finish in time. It is kept and tried again.',
    'Die Zeugen wurden nicht rechtzeitig fertig. Es wird aufbewahrt und noch einmal versucht.',
  ],
  [
    'Something else was settled in this step first. Look at the newest state and decide again.',
    'In diesem Schritt wurde zuerst etwas anderes abgerechnet. Sehen Sie den neuesten Stand an und entscheiden Sie noch einmal.',
  ],
  ['Stopped before the witnesses had answered.', 'Angehalten, bevor die Zeugen geantwortet hatten.'],
  [
    'The witnesses of this federation are changing over. It is kept and tried again.',
    'Die Zeugen dieses Verbunds wechseln gerade. Es wird aufbewahrt und noch einmal versucht.',
  ],
  [
    'Stopped before the witnesses had decided. The order may still become final.',
    'Angehalten, bevor die Zeugen entschieden hatten. Der Auftrag kann noch endgültig werden.',
  ],
  [
    'Refused: the halves of this evidence are in the wrong order. The one with the lower bytes comes first.',
    'Abgelehnt: Die Hälften dieses Beweises stehen in der falschen Reihenfolge. Die mit den niedrigeren Bytes kommt zuerst.',
  ],
  ['These two do not contradict each other.', 'Diese beiden widersprechen einander nicht.'],
  ['One of the two is not signed by whom it accuses.', 'Eines der beiden ist nicht von dem unterschrieben, den es beschuldigt.'],
  ['It is about a committee that this node does not know.', 'Es geht um ein Komitee, das dieser Knoten nicht kennt.'],
  [
    'The key that signed is none of the committee’s or of the account’s.',
    'Der Schlüssel, der unterschrieben hat, gehört weder zum Komitee noch zum Konto.',
  ],
  [
    'Too few witnesses can be reached to learn the newest state. Check the connection and try again.',
    'Zu wenige Zeugen sind erreichbar, um den neuesten Stand zu erfahren. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
  ],
  ['There is no witness with the key {key} in the committee.', 'Im Komitee ist kein Zeuge mit dem Schlüssel {key}.'],
  ['No arbiter has the key {key}.', 'Keine Schiedsperson hat den Schlüssel {key}.'],
  ["The key {key} is an arbiter's already.", 'Der Schlüssel {key} gehört schon einer Schiedsperson.'],
  [
    'A federation names {most} arbiters at most; these are {count}.',
    'Ein Verbund benennt höchstens {most} Schiedspersonen; das sind {count}.',
  ],
  ['Too few witnesses have endorsed this change yet.', 'Noch haben zu wenige Zeugen diese Änderung unterschrieben.'],
  [
    'Only the founder and the witnesses of this federation propose a change.',
    'Nur der Gründer und die Zeugen dieses Verbunds schlagen eine Änderung vor.',
  ],
  ['Only the witnesses of this federation endorse a change.', 'Nur die Zeugen dieses Verbunds unterschreiben eine Änderung.'],
  [
    'There is no such change under way. It may have been decided, or its time has passed.',
    'Eine solche Änderung ist nicht im Gange. Vielleicht ist sie schon beschlossen, oder ihre Zeit ist vorbei.',
  ],
  [
    'A change is announced before it begins: choose a later start, at least as far ahead as the federation’s notice.',
    'Eine Änderung wird angekündigt, bevor sie beginnt: Wählen Sie einen späteren Beginn, mindestens so weit voraus, wie die Ankündigungsfrist des Verbunds es verlangt.',
  ],
  [
    'A change is decided at most 90 days before its notice begins. Choose an earlier start.',
    'Eine Änderung wird höchstens 90 Tage vor dem Beginn ihrer Ankündigungsfrist beschlossen. Wählen Sie einen früheren Beginn.',
  ],
  [
    'That is no committee: it needs 3f+1 witnesses with different keys and addresses, and may not lose its only protection against one that lies.',
    'Das ist kein Komitee: Es braucht 3f+1 Zeugen mit verschiedenen Schlüsseln und Adressen und darf seinen einzigen Schutz gegen einen, der lügt, nicht verlieren.',
  ],
  [
    'The peer answered another question than it was asked.',
    'Der andere Knoten hat auf eine andere Frage geantwortet, als ihm gestellt wurde.',
  ],
  ['The note is not signed by the key it names.', 'Der Vermerk ist nicht mit dem Schlüssel unterschrieben, den er nennt.'],
  ['This escrow is not settled yet.', 'Diese Hinterlegung ist noch nicht abgerechnet.'],
  [
    'A committee that this node does not know yet has certified this.',
    'Das hat ein Komitee beglaubigt, das dieser Knoten noch nicht kennt.',
  ],
  ['The witnesses have not certified this ({code}).', 'Die Zeugen haben das nicht beglaubigt ({code}).'],
  ['These are not the three steps of an invite.', 'Das sind nicht die drei Schritte einer Einladung.'],
  ['This fact is known already.', 'Diese Tatsache ist schon bekannt.'],
  ['This is too long ago to count.', 'Das ist zu lange her, um zu zählen.'],
  [
    'witnesses must be 3 × faults + 1, which is {needed} for faults = {faults}, but there are {count}.',
    'witnesses müssen 3 × faults + 1 sein, also {needed} bei faults = {faults}, aber es sind {count}.',
  ],
  ['{field} must be the libp2p id of an Ed25519 key.', '{field} muss die libp2p-Kennung eines Ed25519-Schlüssels sein.'],
  ['{field} is not a usable BLS12-381 key.', '{field} ist kein brauchbarer BLS12-381-Schlüssel.'],
  ['{field} is not a usable Ed25519 public key.', '{field} ist kein brauchbarer öffentlicher Ed25519-Schlüssel.'],
  ['{field} must be a multiaddr such as /dns4/example.org/tcp/4001.', '{field} muss eine Netzadresse wie /dns4/example.org/tcp/4001 sein.'],
  ['{field} must be one line of text and not empty.', '{field} muss eine Zeile Text sein und darf nicht leer sein.'],
  ['{field} must be one line of text, or empty.', '{field} muss eine Zeile Text oder leer sein.'],
  ['{field} is the same as {other}; each must differ.', '{field} ist dasselbe wie {other}; alle müssen verschieden sein.'],
  ['organisation must be null in a federation of kind {kind}.', 'organisation muss in einem Verbund der Art {kind} null sein.'],
  [
    'organisation.customer must name the Anthropic customer in a federation of kind organisation.',
    'organisation.customer muss in einem Verbund der Art organisation den Kunden von Anthropic nennen.',
  ],
  [
    'faults must be at least 1: only a practice federation may trust a single witness.',
    'faults muss mindestens 1 sein: Nur ein Übungsverbund darf einem einzigen Zeugen trauen.',
  ],
  ['{field} must hold at least one address.', '{field} muss mindestens eine Adresse enthalten.'],
  ['supply must name at least one holder.', 'supply muss mindestens einen Inhaber nennen.'],
  ['{field} must be more than 0.', '{field} muss größer als 0 sein.'],
  ['supply must add up to at most {micro} µRUV ({amount} RUV).', 'supply darf zusammen höchstens {micro} µRUV ({amount} RUV) ergeben.'],
  ['{field} must not be above {other}.', '{field} darf nicht über {other} liegen.'],
  [
    'limits.seatAnyAfterMs must be below limits.minRuleMs, or no panel has time to rule.',
    'limits.seatAnyAfterMs muss unter limits.minRuleMs liegen, sonst hat kein Schiedsgericht Zeit zu entscheiden.',
  ],
  [
    'limits.giftPerDayMicro must be set in a federation of kind community.',
    'limits.giftPerDayMicro muss in einem Verbund der Art community gesetzt sein.',
  ],
] as const
