import { z } from 'zod'
import { federation } from './app.ts'
import { command, event, query } from './definition.ts'
import { inviteLink } from './invites.ts'
import { changed, must, record, revision, text } from './primitives.ts'
import { backupSummary, maxBackupLength, maxFederationTextLength, maxProblemLength } from './setup.ts'

/**
 * What somebody opened outside of the app and the system handed to it: an invite link from a page or a mail, a federation's file, or a
 * backup file.
 * The newest waits for its owner's decision; nothing is done with it before. Answered without a market.
 */
export const incoming = {
  current: query({
    input: {},
    output: record({
      revision,
      item: z
        .discriminatedUnion(
          'kind',
          [
            record({ kind: z.literal('invite'), link: inviteLink }),
            record({ kind: z.literal('federation-file'), federation, content: text(maxFederationTextLength, 1) }),
            record({ kind: z.literal('backup-file'), backup: backupSummary, content: text(maxBackupLength, 1) }),
            /** It is none of these, or not whole; the message says which and what to do. */
            record({ kind: z.literal('refused'), message: text(maxProblemLength, 1) }),
          ],
          must('an item of kind invite, federation-file, backup-file or refused'),
        )
        .nullable(),
    }),
  }),
  /** Forgets the one that was shown at this revision; a newer one stays. */
  dismiss: command({ input: { revision }, output: record({}), errors: [] }),
  changed: event(changed),
} as const
