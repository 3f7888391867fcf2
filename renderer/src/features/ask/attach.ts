import { maxPromptLength } from '../../../../core/contract/tasks.ts'
import { formatBytes } from '../../format/number.ts'
import { t } from '../../messages/translate.ts'
import { attachmentName, maxAttachments, taskText, type Attachment, type Question } from './task-text.ts'

/** A file of the person's, not yet read. */
export type GivenFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>
export type Attached = {
  readonly files: readonly Attachment[]
  /** Why some were left out, one sentence each. */
  readonly problems: readonly string[]
}

const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true })
/** Control characters that no text has, beside tabs, line ends, form feeds and the colours of a terminal's log. */
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/
export const sizeOf = (text: string): number => encoder.encode(text).length

type Read = { readonly name: string; readonly bytes: number } & ({ readonly text: string } | { readonly problem: string })
export type ReadFiles = { readonly read: readonly Read[]; readonly leftOut: number }

/** No more than could be attached. */
export const readFiles = async (given: readonly GivenFile[]): Promise<ReadFiles> => ({
  read: await Promise.all(given.slice(0, maxAttachments).map(readFile)),
  leftOut: Math.max(0, given.length - maxAttachments),
})

/** Takes what is text and fits, and says of the rest why not. What is attached already is not attached twice. */
export const attach = (question: Question, { read, leftOut }: ReadFiles): Attached => {
  let { files } = question
  let tooMany = leftOut
  const problems: string[] = []
  for (const file of read) {
    if ('problem' in file) {
      problems.push(file.problem)
      continue
    }
    const { name, text, bytes } = file
    if (files.some((other) => other.name === name && other.text === text)) continue
    const next = [...files, { name, text }]
    if (next.length > maxAttachments) tooMany += 1
    else if (sizeOf(taskText({ ...question, files: next })) > maxPromptLength) problems.push(tooLarge(name, bytes))
    else files = next
  }
  if (tooMany > 0) problems.push(t('ask.attach.tooMany', { count: tooMany, most: maxAttachments }))
  return { files, problems }
}

const tooLarge = (name: string, bytes: number): string =>
  t('ask.attach.tooLarge', { name, size: formatBytes(bytes), most: formatBytes(maxPromptLength) })

const readFile = async (file: GivenFile): Promise<Read> => {
  const name = attachmentName(file.name)
  const refused = (problem: string): Read => ({ name, bytes: file.size, problem })
  // Said before it is read: it may be a film.
  if (file.size > maxPromptLength) return refused(tooLarge(name, file.size))
  const bytes = await file.arrayBuffer().catch(() => null)
  if (bytes === null) return refused(t('ask.attach.unreadable', { name }))
  const text = decode(bytes)
  if (text === null || BINARY.test(text)) return refused(t('ask.attach.notText', { name }))
  return text.trim() === '' ? refused(t('ask.attach.empty', { name })) : { name, bytes: file.size, text }
}

const decode = (bytes: ArrayBuffer): string | null => {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}
