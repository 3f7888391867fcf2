import { command, event, query } from './definition.ts'
import { changed, flag, line, listUpTo, publicKey, record, revision, text, timeMs, wordOf } from './primitives.ts'
import { certified } from './wallet.ts'

export const maxDeviceName = 40
export const maxDeviceCodeLength = 600
/** It carries the whole genesis document, as an invite link does. */
export const maxAccountCodeLength = 50_000
/** Twelve hexadecimal digits, compared by a person on both screens. */
export const fingerprint = line(14, 14)

const device = record({
  key: publicKey,
  /** `phrase` stands for every computer that holds the recovery phrase: they share its key. */
  kind: wordOf(['phrase', 'linked']),
  /** Empty where another computer linked it. */
  name: line(maxDeviceName),
  fingerprint,
  /** Null when nobody knows any more. */
  linkedAtMs: timeMs.nullable(),
  isRevoked: flag,
  revokedAtMs: timeMs.nullable(),
  isThis: flag,
})

/** The computers that may act for this account. */
export const devices = {
  list: query({
    input: {},
    output: record({
      revision,
      /** Whether this computer can link others and remove them. */
      holdsPhrase: flag,
      rows: listUpTo(device, 100),
    }),
  }),
  /** What a device code says, to be compared with what the new computer shows. */
  readCode: query({
    input: { code: text(maxDeviceCodeLength, 1) },
    output: record({ name: line(maxDeviceName, 1), fingerprint }),
    errors: ['malformed-code'],
  }),
  /** Certifies the key in the code as one of this account's; the new computer goes on with the account code (`setup.link`). */
  link: command({
    input: { code: text(maxDeviceCodeLength, 1) },
    output: record({ name: line(maxDeviceName, 1), fingerprint, accountCode: line(maxAccountCodeLength, 1) }),
    errors: ['malformed-code', 'not-the-owner', 'too-many-devices', 'practice', 'no-quorum', 'refused'],
  }),
  /** From then on it can do nothing for this account, in the escrows that it opened neither. */
  revoke: command({
    input: { key: publicKey },
    output: certified,
    errors: ['not-found', 'not-the-owner', 'no-quorum', 'refused'],
  }),
  changed: event(changed),
} as const
