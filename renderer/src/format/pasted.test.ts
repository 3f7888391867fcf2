import { expect, test } from 'vitest'
import { onOneLine } from './pasted.ts'

test('of what comes along with a pasted link only spaces are left', () =>
  expect(onOneLine('\uFEFF Here: claude-market://\r\n\tinvite/\u0000A\u00ADB\u200B\u202EC\u0007\u00A0\nthanks ')).toBe(
    'Here: claude-market:// invite/ABC thanks',
  ))
