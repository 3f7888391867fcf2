import type { z } from 'zod'
import { record, requestId } from './primitives.ts'

/** Codes every call may answer with, beside its own. */
export const commonErrorCodes = ['invalid-input', 'unavailable'] as const
/** A command met again under the same request id, but asking for something else. */
export const commandErrorCodes = ['request-id-reused'] as const

export type QueryDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, E extends string = string> = {
  readonly kind: 'query'
  readonly input: I
  readonly output: O
  readonly errors: readonly E[]
}
export type CommandDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType, E extends string = string> = {
  readonly kind: 'command'
  readonly input: I
  readonly output: O
  readonly errors: readonly E[]
}
export type EventDefinition<P extends z.ZodType = z.ZodType> = { readonly kind: 'event'; readonly payload: P }
export type CallDefinition = QueryDefinition | CommandDefinition
export type ContractDefinition = Readonly<Record<string, Readonly<Record<string, CallDefinition | EventDefinition>>>>

/** Reads; may be repeated at will. */
export const query = <const I extends z.ZodRawShape, O extends z.ZodType, const E extends string = never>(definition: {
  readonly input: I
  readonly output: O
  readonly errors?: readonly E[]
}) => ({ kind: 'query', input: record(definition.input), output: definition.output, errors: definition.errors ?? [] }) as const

/** Changes something; carries a request id, under which it happens at most once. */
export const command = <const I extends z.ZodRawShape, O extends z.ZodType, const E extends string>(definition: {
  readonly input: I
  readonly output: O
  readonly errors: readonly E[]
}) =>
  ({
    kind: 'command',
    input: record({ requestId, ...definition.input }),
    output: definition.output,
    errors: [...commandErrorCodes, ...definition.errors],
  }) as const

export const event = <P extends z.ZodType>(payload: P) => ({ kind: 'event', payload }) as const

type AreaOf<C extends ContractDefinition> = Extract<keyof C, string>
/** The names of an area that are calls, and those that are events. */
export type CallsIn<A> = { [K in Extract<keyof A, string>]: A[K] extends CallDefinition ? K : never }[Extract<keyof A, string>]
export type EventsIn<A> = { [K in Extract<keyof A, string>]: A[K] extends EventDefinition ? K : never }[Extract<keyof A, string>]
/** Such as `wallet.summary`. */
export type CallName<C extends ContractDefinition> = { [A in AreaOf<C>]: `${A}.${CallsIn<C[A]>}` }[AreaOf<C>]
export type EventName<C extends ContractDefinition> = { [A in AreaOf<C>]: `${A}.${EventsIn<C[A]>}` }[AreaOf<C>]

export type InputOf<D> = D extends { readonly input: infer I extends z.ZodType } ? z.output<I> : never
export type OutputOf<D> = D extends { readonly output: infer O extends z.ZodType } ? z.output<O> : never
export type PayloadOf<D> = D extends { readonly payload: infer P extends z.ZodType } ? z.output<P> : never
/** The call's own codes; for a query without any this is never. */
export type OwnCodeOf<D> = D extends { readonly errors: readonly (infer E extends string)[] } ? E : never

export type CallFailure<E extends string> = { readonly code: E | (typeof commonErrorCodes)[number]; readonly message: string }
/** An unforeseen error: the log of the market holds the rest under this id. */
export type InternalFailure = { readonly code: 'internal'; readonly message: string; readonly incidentId: string }
export type Answer<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: F }
/** What a handler returns. */
export type HandlerAnswer<D> = Answer<OutputOf<D>, CallFailure<OwnCodeOf<D>>>
/** What a caller gets; never an exception. */
export type CallAnswer<D> = Answer<OutputOf<D>, CallFailure<OwnCodeOf<D>> | InternalFailure>

export type EventPayload<C extends ContractDefinition, N extends EventName<C>> = N extends `${infer A}.${infer E}`
  ? PayloadOf<C[A][E]>
  : never
