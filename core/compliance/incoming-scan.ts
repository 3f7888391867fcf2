import { hiddenCharacter } from './hidden-characters.ts'
import type { SecretGuard } from './secret-guard.ts'

/** What a provider is told about a stranger's text before it decides. Sentences for people; the text itself is never repeated. */
type Rule = { readonly pattern: RegExp; readonly sentence: string }

const rules: readonly Rule[] = [
  {
    pattern: hiddenCharacter,
    sentence: 'It holds invisible or direction-changing characters: what you see may not be all that is there.',
  },
  {
    pattern: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/,
    sentence: 'It holds control characters, as they are used to mislead terminals.',
  },
  { pattern: /https?:\/\//i, sentence: 'It names web addresses. Nothing opens them.' },
  { pattern: /(?:^|\s)@[~./]/m, sentence: 'It names files in a way that some programs replace by their contents. This one does not.' },
  { pattern: /^\s*\/[a-z]{2,20}\b/im, sentence: 'It has a line that looks like a command. It is only text.' },
  {
    pattern: /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions|rules|prompts?)\b/i,
    sentence: 'It tells the model to ignore its instructions.',
  },
  { pattern: /[A-Za-z0-9+/]{400,}/, sentence: 'It holds a long encoded part that cannot be read.' },
]

export const scanIncoming = async (guard: SecretGuard, text: string): Promise<readonly string[]> => {
  const noticed = rules.filter(({ pattern }) => pattern.test(text)).map(({ sentence }) => sentence)
  const secrets = await guard.inspectPrompt(text)
  if (secrets.ok) return noticed
  const kinds = [...new Set(secrets.error.findings.map(({ kind }) => kind.replaceAll('-', ' ')))]
  return [`It seems to hold secrets of its writer: ${kinds.join(', ')}. Refuse it if you do not want to have read them.`, ...noticed]
}
