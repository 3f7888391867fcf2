import { command, event, query } from './definition.ts'
import { changed, listUpTo, record, revision, text, wordOf } from './primitives.ts'
import { keyRef } from './provider.ts'

export const maxCredentials = 32

/** Credentials of backends. A secret goes in and never comes out. */
export const credentials = {
  list: query({
    input: {},
    output: record({
      revision,
      refs: listUpTo(keyRef, maxCredentials),
      /** What keeps them: the system's key store, the vault's passphrase, or memory until the program ends. */
      protection: wordOf(['os', 'passphrase', 'session']),
    }),
  }),
  put: command({ input: { ref: keyRef, secret: text(4_096, 1) }, output: record({}), errors: ['not-a-key', 'too-many', 'disk'] }),
  remove: command({ input: { ref: keyRef }, output: record({}), errors: ['not-found', 'disk'] }),
  changed: event(changed),
} as const
