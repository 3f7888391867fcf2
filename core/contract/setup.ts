import { z } from 'zod'
import { federation, maxNameLength } from './app.ts'
import { command, event, query } from './definition.ts'
import { fingerprint, maxAccountCodeLength, maxDeviceCodeLength, maxDeviceName } from './devices.ts'
import { maxWitnesses } from './escrow.ts'
import { inviteLink } from './invites.ts'
import {
  accountId,
  amountMicro,
  changed,
  count,
  flag,
  line,
  listUpTo,
  must,
  positiveAmountMicro,
  record,
  release,
  revision,
  text,
  timeMs,
  whole,
  wordOf,
} from './primitives.ts'

export const phraseWords = 24
/** 24 words of at most 8 letters, with numbering, commas and line breaks to spare. */
export const maxPhraseLength = 1_000
export const maxPassphraseLength = 1_000
export const maxWitnessCardLength = 2_000
/** A key, a name and an operator. */
export const maxArbiterCardLength = 200
export const maxArbiters = 64
/** A genesis file with the most witnesses it may have, as text. */
export const maxFederationTextLength = 100_000
/** A sealed copy, and the largest genesis document, as text. */
export const maxBackupLength = 115_000
export const maxProblemLength = 600

/** Where an account comes from: the words just shown by `newPhrase`, proven by some of them, or the words of an older account. */
export const accountSource = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('new'), proof: listUpTo(line(20), phraseWords) }),
    record({ kind: z.literal('restored'), phrase: text(maxPhraseLength, 1) }),
  ],
  must('an account of kind new or restored'),
)

/** Null where the system's key store keeps the keys. */
export const passphrase = text(maxPassphraseLength, 1).nullable()

/** `here` runs four witnesses on this computer; `cards` names those of others, each as `PUBLICKEY,PEERID,SEED,MULTIADDR`, as the command `keys` prints it. */
export const witnessChoice = z.discriminatedUnion(
  'kind',
  [record({ kind: z.literal('here') }), record({ kind: z.literal('cards'), cards: listUpTo(line(maxWitnessCardLength, 1), maxWitnesses) })],
  must('witnesses of kind here or cards'),
)

const sourceErrors = ['wrong-proof', 'wrong-phrase'] as const
const accountErrors = ['not-now', ...sourceErrors, 'passphrase-needed', 'disk'] as const
const linkErrors = ['malformed-link', 'expired', 'wrong-clock'] as const
const backupErrors = ['not-a-backup', 'other-version', 'damaged', 'too-big', 'other-federation'] as const
/** What an account is brought back with, beside its words. */
const restoreSource = text(maxBackupLength, 1)
const restoreErrors = [...linkErrors, 'malformed-federation', ...backupErrors, 'wrong-phrase', 'other-phrase'] as const

/** What a backup file says of itself; what is open is sealed in it, and only the recovery phrase opens that. */
export const backupSummary = record({ federation, accountId, madeAtMs: timeMs })

/** What a data folder holds and what it needs from its owner before a market can run. Answered without a market, unlike the other areas. */
export const setup = {
  status: query({
    input: {},
    output: record({
      revision,
      /** `locked` asks for the passphrase; `failed` says why in `problem`. */
      phase: wordOf(['first-start', 'locked', 'starting', 'running', 'failed']),
      /** Null before the first start is done. */
      kind: wordOf(['practice', 'organisation', 'community']).nullable(),
      /** What would keep a new account's key here; `passphrase` asks for one. */
      keyStore: wordOf(['os', 'passphrase']),
      /** What the invite that one joined with brings, until it has been claimed. */
      awaitedMicro: amountMicro,
      problem: record({ code: line(60), message: text(maxProblemLength) }).nullable(),
    }),
  }),
  /** A whole federation on this computer. */
  practice: command({ input: {}, output: record({}), errors: ['not-now', 'disk'] }),
  /** New words, kept in memory until `join` or `found` uses them; every call makes others. `ask` are the places (from 1) to prove. */
  newPhrase: command({
    input: {},
    output: record({ words: listUpTo(line(20), phraseWords), ask: listUpTo(whole(1, phraseWords), phraseWords) }),
    errors: ['not-now'],
  }),
  /** Whether `join`, `restore` and `found` would take these words; nothing is done with them. */
  checkAccount: query({ input: { account: accountSource }, output: record({}), errors: sourceErrors }),
  /** What a link leads to, before anything is done with it. */
  readInvite: query({
    input: { link: inviteLink },
    output: record({ federation, amountMicro, sponsor: accountId, expiresAtMs: timeMs }),
    errors: linkErrors,
  }),
  /** Joins the link's federation and claims its credit; with a restored account the credit may be gone already. */
  join: command({
    input: { link: inviteLink, account: accountSource, passphrase },
    output: record({}),
    errors: [...accountErrors, ...linkErrors],
  }),
  /** What a backup file is of. */
  readBackup: query({ input: { content: text(maxBackupLength, 1) }, output: backupSummary, errors: [...backupErrors, 'wrong-clock'] }),
  /** Brings back an account of a federation, from its words and a backup file, the federation's file or any invite link of it. */
  restore: command({
    input: { federation: restoreSource, phrase: text(maxPhraseLength, 1), passphrase },
    output: record({}),
    errors: ['not-now', ...restoreErrors, 'passphrase-needed', 'disk'],
  }),
  /** Whether `restore` would take this federation and these words; nothing is done with them. */
  checkRestore: query({
    input: { federation: restoreSource, phrase: text(maxPhraseLength, 1) },
    output: record({}),
    errors: restoreErrors,
  }),
  /**
   * Makes a key for this computer, in memory until `link` uses it, and the code that a computer with the phrase takes (`devices.link`).
   * Another key at every call.
   */
  deviceCode: command({
    input: { name: line(maxDeviceName, 1) },
    output: record({ code: line(maxDeviceCodeLength, 1), fingerprint }),
    errors: ['not-now', 'refused'],
  }),
  /** Whether `link` would take this code; nothing is done with it. */
  checkLink: query({
    input: { accountCode: text(maxAccountCodeLength, 1) },
    output: record({}),
    errors: ['no-device-code', 'other-device', 'malformed-code', 'wrong-clock'],
  }),
  /** Goes on as a device of the account that answered with this code. */
  link: command({
    input: { accountCode: text(maxAccountCodeLength, 1), passphrase },
    output: record({}),
    errors: ['not-now', 'no-device-code', 'other-device', 'malformed-code', 'wrong-clock', 'passphrase-needed', 'disk'],
  }),
  /** Founds a federation whose whole supply is the founder's to give away. */
  found: command({
    input: {
      name: line(maxNameLength, 1),
      kind: wordOf(['organisation', 'community']),
      /** The Anthropic customer whose authorised users the members are; organisations only. */
      customer: line(maxNameLength, 1).nullable(),
      supplyMicro: positiveAmountMicro,
      witnesses: witnessChoice,
      /** Who may be drawn to judge disputes, each as `ACCOUNTKEY,NAME[,OPERATOR]`. Without any, a dispute ends by its default. */
      arbiters: listUpTo(line(maxArbiterCardLength, 1), maxArbiters),
      account: accountSource,
      passphrase,
    },
    output: record({}),
    errors: [...accountErrors, 'bad-witnesses', 'bad-arbiters', 'refused'],
  }),
  unlock: command({
    input: { passphrase: text(maxPassphraseLength, 1) },
    output: record({}),
    errors: ['not-now', 'wrong-passphrase', 'disk'],
  }),
  /** Tries to open a market that failed once more. */
  retry: command({ input: {}, output: record({}), errors: ['not-now'] }),
  /** Puts the data folder aside under another name, deletes nothing, and begins with the first start. */
  startOver: command({ input: {}, output: record({ keptAs: text(1_000) }), errors: ['not-now', 'disk'] }),
  /** Somebody started the program once more; that one has ended, and its wish was to see this one. */
  startedAgain: event(record({})),
  changed: event(changed),
} as const

/** Each graver than the one before. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const maxLogRows = 500
export const maxLogWord = 100
export const maxLogDetail = 4_000

const notify = wordOf(['always', 'outside-quiet-hours', 'never'])

export const settingsFields = {
  theme: wordOf(['system', 'light', 'dark']),
  /** Of the texts, and with it how amounts and times are written. */
  language: wordOf(['system', 'en', 'de']),
  /** Whether an answer that is in order is paid by itself, or waits for its owner until its review ends; each question may choose otherwise. */
  payAnswers: wordOf(['by-itself', 'by-hand']),
  /** What closing the window does; `ask` asks the first time. */
  onClose: wordOf(['ask', 'keep-running', 'quit']),
  startAtLogin: wordOf(['on', 'off']),
  /** Starts in the tray, without a window. */
  startHidden: wordOf(['on', 'off']),
  /** What the desktop is told while the window is away. */
  notifyApprovals: notify,
  notifyProblems: notify,
  notifyPayments: notify,
  /** Local hours between which only what is always told is; the same hour twice: no quiet hours. */
  quietFromHour: whole(0, 23),
  quietUntilHour: whole(0, 23),
  /** Whether the tour was taken, or declined. */
  tour: wordOf(['unseen', 'seen']),
  /** When its owner last showed to have the recovery phrase. */
  phraseTriedAtMs: timeMs.nullable(),
  /** The newer release whose notice was put away last. */
  releaseSeen: release.nullable(),
}

/** Preferences of this computer. Answered without a market. */
export const settings = {
  get: query({
    input: {},
    output: record({
      revision,
      ...settingsFields,
      /** Their file was damaged when the program started and was put aside as `settings.json.damaged`; false once they are set. */
      wereReset: flag,
      /** What this program can do here: a browser tab has no tray. */
      surface: wordOf(['desktop', 'browser']),
      dataFolder: text(1_000),
      logFile: text(1_000).nullable(),
      startedAtMs: timeMs,
      /** Resident memory of the process that holds the market. */
      memoryBytes: count,
    }),
  }),
  set: command({ input: settingsFields, output: record({}), errors: ['disk'] }),
  /** Shows the data folder in the system's file manager. */
  openDataFolder: command({ input: {}, output: record({}), errors: ['no-desktop'] }),
  /** The newest lines of the log in `logFile` that are at least as grave and hold these words, the newest first. */
  log: query({
    input: { least: wordOf(logLevels), words: text(maxLogWord) },
    output: record({
      rows: listUpTo(
        record({
          atMs: timeMs,
          level: wordOf(logLevels),
          domain: text(maxLogWord),
          event: text(maxLogWord),
          /** The other fields of the line, each on its own. */
          detail: text(maxLogDetail),
        }),
        maxLogRows,
      ),
      hasMore: flag,
    }),
    errors: ['no-log', 'disk'],
  }),
  /** Keeps the page that is shown as a PDF, where its owner says; the name is proposed. */
  savePdf: command({
    input: { name: text(80, 1).regex(/^[\w.-]+$/, 'must be letters, digits and . _ -') },
    output: record({ isSaved: flag }),
    errors: ['no-desktop', 'disk'],
  }),
  openLogFolder: command({ input: {}, output: record({}), errors: ['no-desktop', 'no-log'] }),
  changed: event(changed),
} as const
