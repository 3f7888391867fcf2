import { z } from 'zod'
import { record, text } from './primitives.ts'

export const maxMessageLength = 1_000
const message = text(maxMessageLength, 1)
const code = z.string().regex(/^[a-z][a-z-]{0,39}$/)

const failure = z.union([
  record({ code: z.literal('internal'), message, incidentId: text(64, 1) }),
  record({ code: code.refine((value) => value !== 'internal'), message }),
])
/** What crosses a transport as the answer to a call; `value` is the call's encoded output. */
export const wireAnswer = z.union([record({ ok: z.literal(true), value: z.unknown() }), record({ ok: z.literal(false), error: failure })])
export type WireAnswer = z.output<typeof wireAnswer>

export const refuse = (failureCode: 'invalid-input' | 'unavailable', reason: string): WireAnswer => ({
  ok: false,
  error: { code: failureCode, message: reason.slice(0, maxMessageLength) },
})
