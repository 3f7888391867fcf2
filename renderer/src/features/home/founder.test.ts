import { expect, test } from 'vitest'
import { isToInvite } from './founder.ts'

const supply = { kind: 'genesis', amountMicro: 1_000n } as const

test('whoever holds the supply invites somebody, until they have given some of it away', () => {
  expect([
    isToInvite([supply]),
    isToInvite([{ kind: 'escrow-locked', amountMicro: -5n }, supply]),
    isToInvite([{ kind: 'invite', amountMicro: -10n }, supply]),
    isToInvite([{ kind: 'transfer', amountMicro: -10n }, supply]),
    isToInvite([{ kind: 'invite', amountMicro: 10n }]),
    isToInvite([]),
  ]).toEqual([true, true, false, false, false, false])
})
