/** A question and the text files that go with it, as the one text that is searched for secrets, sealed and read by the provider. */

export type Attachment = { readonly name: string; readonly text: string }
export type Question = { readonly prompt: string; readonly files: readonly Attachment[] }

/** More belong into an archive of their own, or into several questions. */
export const maxAttachments = 10
const maxNameLength = 100
/** What could end a line early, or make one name read as another. */
const MISLEADING = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A file's name as it stands in the task: one line, without its folders. */
export const attachmentName = (name: string): string => {
  const bare = (name.split(/[/\\]/).at(-1) ?? '').replaceAll(MISLEADING, '_').trim()
  return Array.from(bare).slice(0, maxNameLength).join('') || '_'
}

/**
 * The question comes first; then each file under a line with its number and name, between two fences of backticks. A fence is longer than
 * any run of backticks in its file, as in Markdown, so nothing inside of a file can end it.
 */
export const taskText = ({ prompt, files }: Question): string => {
  const blocks = files.map(({ name, text }, index) => {
    const fence = fenceFor(text)
    return `${headOf(index, files.length)}${name}\n${fence}\n${text}\n${fence}`
  })
  return [...(prompt === '' ? [] : [prompt]), ...blocks].join('\n\n')
}

const headOf = (index: number, count: number): string => `Attached file ${index + 1} of ${count}: `
const fenceFor = (text: string): string =>
  '`'.repeat(1 + (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 2))

/** The same taken apart again; what does not come from `taskText` is a question without files. */
export const questionOf = (text: string): Question => {
  const lines = text.split('\n')
  const files: Attachment[] = []
  let end = lines.length
  let count: number | null = null
  // From the end, where the last line is a fence and the nearest like it begins the file.
  while (count === null || files.length < count) {
    const fence = lines[end - 1] ?? ''
    const start = /^`{3,}$/.test(fence) ? lines.lastIndexOf(fence, end - 2) : -1
    const head = /^Attached file (\d{1,2}) of (\d{1,2}): (.*)$/.exec(lines[start - 1] ?? '')
    if (head === null) break
    count ??= Number(head[2])
    files.unshift({ name: head[3] ?? '', text: lines.slice(start + 1, end - 1).join('\n') })
    // The line before the head is empty, unless the head is the first.
    end = Math.max(0, start - 2)
  }
  const question = { prompt: lines.slice(0, end).join('\n'), files }
  return taskText(question) === text ? question : { prompt: text, files: [] }
}
