import fc from 'fast-check'

/** A reader of hostile bytes, and some bytes that it likes: of every kind that it tells apart, because a mutation stays near its sample. */
export type Subject = {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  /** Whatever it gives back for these bytes. */
  readonly read: (bytes: Uint8Array) => unknown
  /** For what has one encoding only: the bytes of a value that was read. */
  readonly write?: (value: never) => Uint8Array
}

/** One value of each kind; one that is left out does not compile. */
export const ofEveryKind = <T extends { readonly kind: string }>(values: {
  readonly [K in T['kind']]: Omit<Extract<T, { readonly kind: K }>, 'kind'>
}): readonly T[] => Object.entries<object>(values).map(([kind, value]) => ({ kind, ...value }) as unknown as T)

export const samplesOf = <T>(arbitrary: fc.Arbitrary<T>, seed: number): readonly T[] => fc.sample(arbitrary, { numRuns: 24, seed })

/** Readers of text get what a file or a clipboard would make of the bytes. */
export const text =
  (read: (text: string) => unknown) =>
  (bytes: Uint8Array): unknown =>
    read(Buffer.from(bytes).toString('utf8'))
