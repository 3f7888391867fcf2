import { expect, test } from 'vitest'
import { attach, readFiles, type GivenFile } from './attach.ts'
import type { Question } from './task-text.ts'

const nothing = { prompt: '', files: [] }
const attachTo = async (question: Question, given: readonly GivenFile[]) => attach(question, await readFiles(given))
const fileOf = (name: string, content: string | readonly number[]): GivenFile =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name)

test('text is attached as it is, without the mark that some editors put in front of it', async () =>
  expect(
    await attachTo(nothing, [fileOf('a.txt', [0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a]), fileOf('log.txt', '\u001b[31mred\u001b[0m')]),
  ).toEqual({
    files: [
      { name: 'a.txt', text: 'a\r\n' },
      { name: 'log.txt', text: '\u001b[31mred\u001b[0m' },
    ],
    problems: [],
  }))

test('what is not text, empty or cannot be read is left out, and the rest is taken', async () => {
  const folder: GivenFile = { name: 'folder', size: 4_096, arrayBuffer: () => Promise.reject(new Error('a folder')) }
  const given = [fileOf('photo.png', [0x89, 0x50, 0x4e, 0x47]), fileOf('a.bin', 'a\u0000b'), fileOf('empty.txt', ' \n'), folder]
  expect(await attachTo(nothing, [...given, fileOf('kept.md', 'kept')])).toEqual({
    files: [{ name: 'kept.md', text: 'kept' }],
    problems: [
      'photo.png is not text. Only text files in UTF-8 can be attached.',
      'a.bin is not text. Only text files in UTF-8 can be attached.',
      'empty.txt is empty.',
      'folder could not be read. Attach files, not folders.',
    ],
  })
})

test('a file that does not fit beside the question and the other files is left out; one beyond all room is not even read', async () => {
  const film: GivenFile = { name: 'film.mp4', size: 4e9, arrayBuffer: () => Promise.reject(new Error('was read')) }
  const half = 'é'.repeat(70_000)
  const { files, problems } = await attachTo(nothing, [
    film,
    fileOf('one.txt', half),
    fileOf('two.txt', `${half}x`),
    fileOf('small.txt', 'x'),
  ])
  expect([files.map(({ name }) => name), problems]).toEqual([
    ['one.txt', 'small.txt'],
    [
      'film.mp4 is too large (4GB). A task holds 262kB, its question and all its files together.',
      'two.txt is too large (140kB). A task holds 262kB, its question and all its files together.',
    ],
  ])
})

test('ten files go with a question, no more; the same one is attached once', async () => {
  const given = Array.from({ length: 13 }, (_, index) => fileOf(`${index}.txt`, `${index}`))
  const { files, problems } = await attachTo(nothing, given)
  expect([files.length, problems]).toEqual([10, ['3 files were left out: 10 files go with one question.']])
  const again = await attachTo({ prompt: '', files: files.slice(0, 9) }, given.slice(8, 11))
  expect([again.files, again.problems]).toEqual([files, ['1 file was left out: 10 files go with one question.']])
})
