import { expect, test } from 'vitest'
import { withoutSpace } from './draft.ts'

test('what comes along with a pasted link, seen or not, is dropped', () =>
  expect(withoutSpace('\uFEFF claude-market://\r\n\tinvite/\u0000A\u00ADB\u200B\u202EC\u0007\u00A0\n')).toBe('claude-market://invite/ABC'))
