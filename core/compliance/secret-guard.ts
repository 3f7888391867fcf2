import { wordlist } from '@scure/bip39/wordlists/english.js'
import { assert } from '../platform/assert.ts'
import { equalBytes, utf8 } from '../platform/bytes.ts'
import { err, ok, type Failure, type Result } from '../platform/result.ts'
import { mergePlaces } from './placeholders.ts'
import { secretForms } from './secret-forms.ts'

/**
 * Nothing secret leaves this machine. Two depths: `inspectBytes` looks at every outgoing frame for the secrets that are known
 * here and for the forms of keys (with six secrets 9 µs for a vote, 40 µs for a chunk, 2 ms for the largest task);
 * `inspectPrompt` reads a text in full before it is sealed, when it can still be read.
 */
export type SecretKind = 'known-secret' | 'anthropic-key' | 'private-key' | 'recovery-phrase' | 'access-token' | 'credential'
/** Where, in bytes (or characters of a prompt); never what. */
export type SecretFinding = { readonly kind: SecretKind; readonly start: number; readonly end: number }
export type SecretFound = Failure<'secret-found'> & { readonly findings: readonly SecretFinding[] }

export type SecretGuard = {
  /** From now on this secret is looked for, raw, as hex and as base64. At least 16 bytes: shorter ones turn up by chance. */
  readonly remember: (secret: Uint8Array) => void
  readonly forget: (secret: Uint8Array) => void
  /** For what this member wrote: known secrets and the forms of keys. */
  readonly inspectBytes: (bytes: Uint8Array) => Result<void, SecretFound>
  /**
   * For what may be others' words, such as a certified decree that is passed on: known secrets only. A stranger's text in the form
   * of a key must not stop a witness from answering.
   */
  readonly inspectKnown: (bytes: Uint8Array) => Result<void, SecretFound>
  readonly inspectPrompt: (text: string) => Promise<Result<void, SecretFound>>
}

export const minKnownSecretBytes = 16

export const createSecretGuard = (knownSecrets: readonly Uint8Array[] = []): SecretGuard => {
  let known: readonly { readonly secret: Uint8Array; readonly forms: readonly Buffer[] }[] = []
  const forget = (secret: Uint8Array) => {
    known = known.filter((entry) => !equalBytes(entry.secret, secret))
  }
  const remember = (secret: Uint8Array) => {
    assert(secret.length >= minKnownSecretBytes, 'a known secret must be long enough to be told from chance')
    forget(secret)
    known = [...known, { secret: secret.slice(), forms: formsOf(secret) }]
  }
  const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const findKnown = (bytes: Uint8Array): readonly SecretFinding[] =>
    known.flatMap(({ forms }) => forms.flatMap((form) => findForm(bufferOf(bytes), form)))
  const findInBytes = (bytes: Uint8Array): readonly SecretFinding[] => [...findKnown(bytes), ...findKeyForms(bufferOf(bytes))]
  knownSecrets.forEach(remember)
  return {
    remember,
    forget,
    inspectBytes: (bytes) => verdict(findInBytes(bytes), 'A message was stopped because it held'),
    inspectKnown: (bytes) => verdict(findKnown(bytes), 'A message was stopped because it held'),
    inspectPrompt: async (text) => {
      const bytes = utf8(text)
      const inText = (position: number) => Buffer.from(bytes.subarray(0, position)).toString('utf8').length
      const local = findInBytes(bytes).map(({ kind, start, end }) => ({ kind, start: inText(start), end: inText(end) }))
      const findings = [
        ...local,
        ...keyBlocks.flatMap((pattern) => matches(text, pattern, 'private-key')),
        ...findForms(text),
        ...(await findPhrases(text)),
        ...(await findCredentials(text)),
      ]
      return verdict(mergePlaces(findings), 'Nothing was sent because the text holds')
    },
  }
}

const names: Readonly<Record<SecretKind, string>> = {
  'known-secret': 'a secret of this computer',
  'anthropic-key': 'a Claude key',
  'private-key': 'a private key',
  'recovery-phrase': 'what looks like a recovery phrase',
  'access-token': 'an access token',
  credential: 'a credential',
}

const verdict = (findings: readonly SecretFinding[], opening: string): Result<void, SecretFound> => {
  if (findings.length === 0) return ok(undefined)
  const found = [...new Set(findings.map(({ kind }) => names[kind]))].join(' and ')
  return err({ code: 'secret-found', message: `${opening} ${found}. Remove it and try again.`, findings })
}

/** Raw, hex in both cases, and the part of its base64 that stays the same at each of the three offsets. */
const formsOf = (secret: Uint8Array): readonly Buffer[] => {
  const raw = Buffer.from(secret)
  const hex = raw.toString('hex')
  const base64 = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), raw])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + raw.length) * 8) / 6))
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [raw, ...new Set([hex, hex.toUpperCase(), ...base64])].map((form) => Buffer.from(form))
}

const findForm = (haystack: Buffer, form: Buffer): readonly SecretFinding[] => {
  const found: SecretFinding[] = []
  for (let start = haystack.indexOf(form); start !== -1; start = haystack.indexOf(form, start + form.length))
    found.push({ kind: 'known-secret', start, end: start + form.length })
  return found
}

const anthropicKey = /sk-ant-[a-z]{3,8}\d\d-[A-Za-z0-9_-]{16,}/g
const pemKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g

/** Native substring search first; the patterns run only on frames that hold their beginning. */
const findKeyForms = (haystack: Buffer): readonly SecretFinding[] => {
  const mayHold = haystack.includes('sk-ant-') || haystack.includes('PRIVATE KEY')
  if (!mayHold) return []
  const text = haystack.toString('latin1')
  return [...matches(text, anthropicKey, 'anthropic-key'), ...matches(text, pemKey, 'private-key')]
}

/** The whole key, so that nothing of it is left where it is replaced; to the end of a text that is cut off within one. */
const keyBlocks = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // PuTTY's, https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html
  /^Private-Lines: \d{1,4}\s[\s\S]*?(?:^Private-(?:MAC|Hash): [0-9a-f]{40,64}|(?![\s\S]))/gm,
]
const findForms = (text: string): readonly SecretFinding[] =>
  toEndOfRun(
    text,
    secretForms.flatMap(({ kind, pattern }) =>
      Array.from(text.matchAll(pattern), (match) => {
        const end = match.index + match[0].length
        return { kind, start: end - (match[1] ?? match[0]).length, end }
      }),
    ),
  )

const matches = (text: string, pattern: RegExp, kind: SecretKind): readonly SecretFinding[] =>
  [...text.matchAll(pattern)].map((match) => ({ kind, start: match.index, end: match.index + match[0].length }))

/** The shortest BIP-39 phrase; so many of a language's 2,048 words in a row do not happen in prose. */
const shortestPhrase = 12
/** People put these between the words. */
const joining = new Set(['and', 'then', 'und', 'dann', 'y', 'e', 'et'])

/** The lists of languages that put letters together to words; the others are loaded with the first prompt. */
const phraseLists = async (): Promise<readonly ReadonlySet<string>[]> => {
  const others = await Promise.all([
    import('@scure/bip39/wordlists/czech.js'),
    import('@scure/bip39/wordlists/french.js'),
    import('@scure/bip39/wordlists/italian.js'),
    import('@scure/bip39/wordlists/japanese.js'),
    import('@scure/bip39/wordlists/korean.js'),
    import('@scure/bip39/wordlists/portuguese.js'),
    import('@scure/bip39/wordlists/spanish.js'),
  ])
  return [wordlist, ...others.map((other) => other.wordlist)].map((words) => new Set(words.map((word) => word.normalize('NFKD'))))
}
let loadedLists: ReturnType<typeof phraseLists> | null = null

/** Numbers, commas, line breaks and an "and" between the words do not hide a phrase. */
const findPhrases = async (text: string): Promise<readonly SecretFinding[]> => {
  const words = Array.from(text.matchAll(/[\p{L}\p{M}]+/gu), (match) => ({
    word: match[0].toLowerCase().normalize('NFKD'),
    start: match.index,
    end: match.index + match[0].length,
  }))
  return (await (loadedLists ??= phraseLists())).flatMap((list) => phrasesOf(list, words))
}

type Word = { readonly word: string; readonly start: number; readonly end: number }
const phrasesOf = (list: ReadonlySet<string>, words: readonly Word[]): readonly SecretFinding[] => {
  const findings: SecretFinding[] = []
  let run: Word[] = []
  const close = () => {
    const first = run[0]
    const last = run.at(-1)
    if (run.length >= shortestPhrase && first !== undefined && last !== undefined)
      findings.push({ kind: 'recovery-phrase', start: first.start, end: last.end })
    run = []
  }
  for (const word of words) {
    if (list.has(word.word)) run.push(word)
    else if (!joining.has(word.word)) close()
  }
  close()
  return findings
}

/**
 * Cloud, repository and database credentials: the rules of secretlint. It costs 60 ms and 13 MB to load and 7 ms for the largest
 * task, so it is loaded with the first prompt and is not used on frames.
 */
const findCredentials = async (text: string): Promise<readonly SecretFinding[]> => {
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ])
  const result = await lintSource({
    source: { filePath: 'task.txt', content: text, contentType: 'text' },
    options: {
      config: {
        rules: [
          {
            id: creator.meta.id,
            rule: creator,
            options: {},
            rules: [{ id: '@secretlint/secretlint-rule-aws', options: { enableIDScanRule: true } }],
          },
        ],
      },
      noPhysicFilePath: true,
      maskSecrets: true,
    },
  })
  return toEndOfRun(
    text,
    result.messages.map(({ range: [start, end] }) => ({ kind: 'credential', start, end })),
  )
}

/** What ends a secret in a text or a program: white space, a quotation mark, a bracket, and the punctuation before them. */
const runEnd = /[.,;:!?]{0,8}(?:[\s"'`()[\]{}<>]|$)/g

/** Some rules name a place that is too short, and what follows without a break belongs to the secret. One pass over the text. */
const toEndOfRun = (text: string, findings: readonly SecretFinding[]): readonly SecretFinding[] => {
  const longer: SecretFinding[] = []
  for (const finding of mergePlaces(findings)) {
    if (finding.end <= (longer.at(-1)?.end ?? 0)) continue
    runEnd.lastIndex = finding.end
    longer.push({ ...finding, end: runEnd.exec(text)?.index ?? text.length })
  }
  return longer
}
