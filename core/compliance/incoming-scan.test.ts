import { expect, test } from 'vitest'
import { scanIncoming } from './incoming-scan.ts'
import { createSecretGuard } from './secret-guard.ts'

const guard = createSecretGuard()
const hides = 'It holds invisible or direction-changing characters: what you see may not be all that is there.'

test.each([0xe0020, 0xe007f, 0x00ad, 0x034f, 0x061c, 0x180e, 0x200b, 0x202e, 0x2066, 0x2800, 0x3164, 0xfeff])(
  'whoever decides on a text is told that it hides U+%s',
  async (code) => expect(await scanIncoming(guard, `he${String.fromCodePoint(code)}llo`)).toContain(hides),
)

test.each(['👩‍👩‍👧 ❤️ naïve 漢字', 'می‌خواهم', 'A line.\r\n\tAnother.'])('an ordinary text hides nothing: %s', async (text) => {
  expect(await scanIncoming(guard, text)).toEqual([])
})
