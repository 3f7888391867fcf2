import type { AppContract } from '../contract.ts'
import type { CallsIn, EventsIn, InputOf, OutputOf, PayloadOf } from '../definition.ts'

type CallExample<D> = {
  readonly input: InputOf<D>
  readonly output: OutputOf<D>
  /** Changes of the encoded input, each with a part of the sentence that refuses it. */
  readonly bad: readonly (readonly [change: Readonly<Record<string, unknown>>, sentence: string])[]
}
/** An example of everything in the contract: the type leaves no call and no event out. */
export type ContractExamples = {
  readonly [A in keyof AppContract]: { readonly [K in CallsIn<AppContract[A]>]: CallExample<AppContract[A][K]> } & {
    readonly [K in EventsIn<AppContract[A]>]: PayloadOf<AppContract[A][K]>
  }
}

export const id = (digit: string): string => digit.repeat(64)
export const requestId = '0b5e7d0c-6a0e-4c2b-9d5e-0123456789ab'
export const peer = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
export const atMs = 1_750_000_000_000
export const decree = { txHash: id('d'), step: 4 }
export const pricing = { perTaskMicro: 1_000n, perThousandInputTokensMicro: 20n, perThousandOutputTokensMicro: 100n, minimumMicro: 0n }
export const promise = { firstTokenMs: 2_000, totalMs: 60_000 }
export const caps = {
  concurrent: 2,
  tasksPerDay: 100,
  outputTokensPerTask: 4_000,
  outputTokensPerDay: 100_000,
  moneyPerDayCents: 500,
  moneyPerMonthCents: 5_000,
  centsPerMillionInputTokens: 300,
  centsPerMillionOutputTokens: 1_500,
  weeklyHours: [0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0, 0x00ff00],
}
export const changed = { revision: 3 }
export const badId = (field: string) => [{ [field]: 'A'.repeat(64) }, `"${field}" must be 64 lower-case hexadecimal digits`] as const
export const badRequestId = [{ requestId: 'short' }, '"requestId" must be 16 to 64 letters'] as const
export const badPage = [
  [{ limit: 0 }, '"limit" must be a whole number from 1 to 200'],
  [{ limit: 201 }, '"limit" must be a whole number from 1 to 200'],
  [{ cursor: '' }, '"cursor" must be a page mark'],
] as const
