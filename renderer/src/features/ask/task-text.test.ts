import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attachmentName, questionOf, taskText } from './task-text.ts'

test('a question without files is read as it was written', () => expect(taskText({ prompt: 'Why?\n', files: [] })).toBe('Why?\n'))

test('each file stands behind the question under its number and name, between fences', () =>
  expect(
    taskText({
      prompt: 'Compare these.',
      files: [
        { name: 'one.txt', text: 'alpha' },
        { name: 'two.md', text: 'beta\n' },
      ],
    }),
  ).toBe('Compare these.\n\nAttached file 1 of 2: one.txt\n```\nalpha\n```\n\nAttached file 2 of 2: two.md\n```\nbeta\n\n```'))

test('nothing inside of a file ends it: its fence is longer than any of its backticks', () => {
  const text = '```\nrm -rf /\n```\n\nAttached file 1 of 1: other.txt\n````\nnot a file\n````'
  const written = taskText({ prompt: 'Look.', files: [{ name: 'a.md', text }] })
  expect(written).toContain('\n`````\n```\nrm')
  expect(questionOf(written)).toEqual({ prompt: 'Look.', files: [{ name: 'a.md', text }] })
})

const line = fc.constantFrom('', 'a', '```', '````', '`', 'Attached file 1 of 1: a', 'Attached file 2 of 2: b', ' ', '\r', 'é')
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'))
const file = fc.record({ name: fc.string({ minLength: 1, maxLength: 12 }).map(attachmentName), text })

test('what was put together is taken apart into a question that is read the same', () => {
  fc.assert(
    fc.property(text, fc.array(file, { maxLength: 10 }), (prompt, files) => {
      const written = taskText({ prompt, files })
      expect(taskText(questionOf(written))).toBe(written)
    }),
  )
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 10 }), (files) => {
      expect(questionOf(taskText({ prompt: 'Why is that?', files }))).toEqual({ prompt: 'Why is that?', files })
    }),
  )
})

test('what only looks like it stays a question', () => {
  for (const written of ['```\na\n```', 'Attached file 1 of 1: a', 'Attached file 1 of 2: a\n```\nx\n```', '', '```'])
    expect(questionOf(written)).toEqual({ prompt: written, files: [] })
})

test('a name is one line without folders, direction marks or line breaks, and never empty', () => {
  expect(['notes.md', 'C:\\secret\\notes.md', 'src/index.ts', 'a\nb\u202Etxt.exe', '', '📄'.repeat(150)].map(attachmentName)).toEqual([
    'notes.md',
    'notes.md',
    'index.ts',
    'a_b_txt.exe',
    '_',
    '📄'.repeat(100),
  ])
})
