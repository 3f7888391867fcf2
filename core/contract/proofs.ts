import { z } from 'zod'
import { query } from './definition.ts'
import { cursor, escrowId, hash, must, record, text } from './primitives.ts'

/** A page of a file that is put together from all of its pages. */
export const maxPartLength = 1_000_000
export const filePart = record({ part: text(maxPartLength), nextCursor: cursor })

/** Of this member: its account's whole chain so far, one of its escrows, or one decree: of an escrow, or of the account or who paid it. */
const subject = z.discriminatedUnion(
  'kind',
  [
    record({ kind: z.literal('account') }),
    record({ kind: z.literal('escrow'), escrowId }),
    record({ kind: z.literal('decree'), txHash: hash, escrowId: escrowId.nullable() }),
  ],
  must('something of kind account, escrow or decree'),
)

/** What strangers can check without this program: docs/verify.md. */
export const proofs = {
  /** The pages one after the other are the file. */
  read: query({ input: { subject, cursor }, output: filePart, errors: ['not-found', 'missing-proof'] }),
} as const
