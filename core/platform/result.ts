/** Expected failures are values: a function that can fail for a reason the caller must handle returns a Result and never throws. */
export type Result<T, E> = Ok<T> | Err<E>
export type Ok<T> = { readonly ok: true; readonly value: T }
export type Err<E> = { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E>(error: E): Err<E> => ({ ok: false, error })

/** A refusal with a stable code for programs and one sentence for people that says what was wrong and what to do. */
export type Failure<C extends string = string> = { readonly code: C; readonly message: string }
export const fail = <C extends string>(code: C, message: string): Err<Failure<C>> => err({ code, message })
