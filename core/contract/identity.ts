import { query } from './definition.ts'
import { accountId, flag, hex16, line, listUpTo, publicKey, record, text, timeMs, wordOf } from './primitives.ts'
import { maxBackupLength, maxPhraseLength } from './setup.ts'

export const faceWords = 8

export const identity = {
  /** What people compare of a key instead of its digits: English words, whatever language they speak, and what a picture is drawn from. */
  face: query({
    input: { key: publicKey },
    output: record({ words: listUpTo(line(8, 3), faceWords), picture: hex16 }),
  }),
  /** `current` is null before an identity was made or restored. */
  current: query({
    input: {},
    output: record({
      current: record({
        accountId,
        /** What this computer signs with. */
        publicKey,
        /** What names the account, wherever that is needed: another one than `publicKey` on a computer that is linked to it. */
        accountKey: publicKey,
        /**
         * What keeps the key at rest: the system's key store, a passphrase, nothing (it is gone when the program ends), or a plain file,
         * where only the keys of a practice federation are.
         */
        keyProtection: wordOf(['os', 'passphrase', 'session', 'file']),
      }).nullable(),
    }),
  }),
  /** Whether these words would bring this account back. A rehearsal: nothing is kept of them and nothing changes. */
  tryPhrase: query({
    input: { phrase: text(maxPhraseLength, 1) },
    output: record({ bringsBack: flag }),
    errors: ['wrong-phrase', 'practice'],
  }),
  /** A file with which, and the recovery phrase, this account and what is open now come back (`setup.restore`). Sealed to that phrase. */
  backup: query({
    input: {},
    output: record({ content: text(maxBackupLength, 1), madeAtMs: timeMs }),
    errors: ['practice'],
  }),
} as const
