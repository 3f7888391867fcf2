import { expect } from 'vitest'

/** vitest's matchers have type `any`; inside an expected object that would switch the checks off. */
export const containing = (part: string): unknown => expect.stringContaining(part)
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
