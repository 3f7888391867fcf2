/** Finds the sentences that the core says to people, in its sources: what a language other than English has to know. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'

/** A sentence, or a part of one, as its source has it: a name in braces stands for each value. */
export type CoreSentence = { readonly text: string; readonly place: string }

const root = join(import.meta.dirname, '../../..')
const FOLDERS = ['core', 'electron/main']

/** What never reaches a screen, by the beginning of its path, and why. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'core/simulation/': 'the simulation tells developers what it did',
  'core/storage/migrations/': 'statements of SQL',
  'core/executors/fixtures/': 'programs that tests start',
  'core/executors/executor-compliance.ts': 'a suite of tests',
  'core/executors/discover.ts: LM Studio': 'the name of a program',
  'core/executors/practice.ts: The task has': 'the answer of the practice backend, which is what was paid for',
  'core/executors/claude-cli.ts: Answer the message of the user.': 'said to the model',
  'core/identity/ed25519-hard-cases.ts': 'cases for tests and for the simulation',
  'core/network/memory': 'the network of tests and of the simulation',
  'core/compliance/consent-texts.ts': 'shown as it is signed: the hash of the English text is what somebody agrees to',
  'core/compliance/consent-export.ts': 'the record of a consent, in the language of the text',
  'core/compliance/personal-data.ts': 'patterns',
  'core/compliance/policy.ts: Usage Policy, effective': 'the title of a published document',
  'core/compliance/policy.ts: Consumer Terms of Service': 'the title of a published document',
  'core/compliance/policy.ts: Commercial Terms of Service': 'the title of a published document',
  'core/compliance/policy.ts: Claude Code: legal and compliance': 'the title of a published document',
  'core/federation/practice.ts: Practice arbiter': 'the name of an arbiter, which is signed',
  'core/home/practice-file.ts: The keys of a practice federation': 'a remark inside of a file',
  'core/proofs/problem.ts': 'said by the command `verify`, which nobody reads on a screen',
  'core/proofs/report.ts': 'said by the command `verify`, which nobody reads on a screen',
  'core/platform/static-files.ts': 'said on the command line, before there is a page',
  'core/platform/log.ts': 'the log',
  'core/platform/codec.ts: {length} bytes': 'what a field must be that another program has sent',
  'core/network/deadline.ts': 'thrown, and answered as what the peer did not do',
  'core/storage/storage-error.ts: The database refused a row':
    'answered as `internal`: only what people can do something about is explained',
  'core/storage/storage-error.ts: The database was used in a way':
    'answered as `internal`: only what people can do something about is explained',
  'electron/main/texts.ts': 'has both languages itself',
  'electron/main/app.ts': 'the name and the licence of the program',
  'electron/main/window.ts': 'the name of the program',
  'electron/main/window-memory.ts': 'the log',
  'electron/main/closing.ts': 'the name of the program',
  'electron/main/tray-model.ts: Claude Market': 'the name of the program',
  'electron/main/protocol.ts': 'the answer to a page that is not there',
}
/** Calls whose words only programs, logs and developers read; what is thrown is answered as `internal`. */
const NOT_SAID =
  /^(?:assert|describe|asNetworkError|utf8|one|all|new URL|new Malformed|new \w*Error|(?:.*\.)?(?:prepare|exec|write|set|report|includes))$/
const SQL = /^(?:SELECT|INSERT|UPDATE|DELETE|BEGIN|CREATE)\b/
/** Templates that are filled from another place of the program, and the sentences that come of it. */
const COMPOSED: Readonly<Record<string, readonly string[]>> = {
  '{opening} {found}. Remove it and try again.': [
    'A message was stopped because it held {found}. Remove it and try again.',
    'Nothing was sent because the text holds {found}. Remove it and try again.',
  ],
  'A message was stopped because it held': [],
  'Nothing was sent because the text holds': [],
  '{title} {path} is damaged.': ['The federation file {path} is damaged.', 'The invite {path} is damaged.'],
  '{title} {path} is damaged and was left as it is.': [
    'The settings file {path} is damaged and was left as it is.',
    'The file of the practice federation {path} is damaged and was left as it is.',
    'The memory of a witness {path} is damaged and was left as it is.',
  ],
  'This is too long for {article} {noun}. Copy it alone.': [
    'This is too long for an {noun}. Copy it alone.',
    'This is too long for a {noun}. Copy it alone.',
  ],
  'This is not {article} {noun}. One begins with {prefix}': [
    'This is not an {noun}. One begins with {prefix}',
    'This is not a {noun}. One begins with {prefix}',
  ],
  'Words {0} are not what was shown. Look at what you wrote down, or have the words shown again.': [
    'Words {first} and {second} are not what was shown. Look at what you wrote down, or have the words shown again.',
    'Words {first} and {second} and {third} are not what was shown. Look at what you wrote down, or have the words shown again.',
  ],
  // Both ways to fill it are parts of that file.
  'This is no valid federation file: {field} {0}.': [],
  'No provider bid. {0}': ['No provider bid.', 'No provider bid. {reasons}'],
}
/** Parts of sentences that look like none: by their file, what a text of it becomes a part of. */
const PARTS: Readonly<Record<string, (text: string) => string | null>> = {
  'core/contract/primitives.ts': (text) =>
    /^(?:must |is missing|has the )/.test(text) ? `"{field}" ${text}` : /^(?:an? |one |true |text$|\d+ |µRUV )/.test(text) ? text : null,
  'core/federation/genesis-file.ts': (text) => (text.startsWith('must be ') ? `This is no valid federation file: {field} ${text}.` : null),
  'core/federation/invite.ts': (text) => (text === 'invite link' ? text : null),
  'core/devices/codes.ts': (text) => (/^(?:device|account) code$/.test(text) ? text : null),
  'core/tasks/diagnosis.ts': (text) => (text.startsWith('number ') ? text : null),
  'core/platform/disk.ts': (text) => (text === 'unknown reason' ? text : null),
  'core/compliance/secret-guard.ts': (text) => {
    if (/^(?:an? |what )/.test(text)) return text
    // The kinds of secrets are said as they are called.
    return /^(?:[a-z]+-(?:secret|key|phrase|token)|credential)$/.test(text) ? text.replaceAll('-', ' ') : null
  },
}

type Syntax = { readonly type: string; readonly start: number; readonly end: number } & Readonly<Record<string, unknown>>
const isSyntax = (value: unknown): value is Syntax => typeof value === 'object' && value !== null && 'type' in value && 'start' in value
const partsOf = (value: unknown): readonly Syntax[] => (Array.isArray(value) ? value.filter(isSyntax) : isSyntax(value) ? [value] : [])

/** One file, as far as it says something. */
type Source = {
  readonly textOf: (node: Syntax) => string
  /** The constants of the file whose name is given once. */
  readonly constants: ReadonlyMap<string, Syntax | null>
}

/** The texts that an expression may be, with a name in braces for each value that is not written there; null for anything else. */
const textsOf = (node: Syntax, source: Source, use: (node: Syntax) => void): readonly string[] | null => {
  const among = (nodes: readonly Syntax[]): readonly string[] | null => {
    const texts = nodes.map((one) => textsOf(one, source, use))
    if (texts.every((text) => text === null)) return null
    return texts.flatMap((text, index) => text ?? (nodes[index] === undefined ? [] : [`{${nameOf(nodes[index], source)}}`]))
  }
  switch (node.type) {
    case 'Literal':
      if (typeof node['value'] === 'string') use(node)
      return typeof node['value'] === 'string' ? [node['value']] : null
    case 'ConditionalExpression':
      return among([...partsOf(node['consequent']), ...partsOf(node['alternate'])])
    case 'Identifier': {
      const constant = source.constants.get(source.textOf(node)) ?? null
      return constant === null ? null : textsOf(constant, source, use)
    }
    case 'MemberExpression': {
      const [object] = partsOf(node['object'])
      const constant = object?.type === 'Identifier' && node['computed'] === true ? source.constants.get(source.textOf(object)) : null
      return constant?.type === 'ObjectExpression'
        ? among(partsOf(constant['properties']).flatMap((property) => partsOf(property['value'])))
        : null
    }
    case 'TemplateLiteral': {
      use(node)
      const values = partsOf(node['expressions']).map((value) => textsOf(value, source, use) ?? [`{${nameOf(value, source)}}`])
      const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[]
      return quasis.reduce<readonly string[]>(
        (texts, { value }, index) => texts.flatMap((text) => (values[index] ?? ['']).map((next) => text + value.cooked + next)),
        [''],
      )
    }
    default:
      return null
  }
}
const nameOf = (value: Syntax, { textOf }: Source): string => (/^[A-Za-z]+$/.test(textOf(value)) ? textOf(value) : '0')

/** At least two words, the first of which begins a sentence or comes after a value; or anything that ends like a sentence. */
const isSaid = (text: string): boolean => {
  const bare = text.replaceAll(/\{[^{}]*\}/g, '{}')
  if (SQL.test(bare) || !/\s/.test(bare.trim()) || !/\p{L}{2}/u.test(bare)) return false
  return /^(?:\p{Lu}|["“{])/u.test(bare) || /[.!?]$/.test(bare)
}

const constantsOf = (program: Syntax, textOf: Source['textOf']): Source['constants'] => {
  const constants = new Map<string, Syntax | null>()
  const visit = (node: Syntax): void => {
    const [name] = node.type === 'VariableDeclarator' ? partsOf(node['id']) : []
    // A name that stands for two things is taken for neither.
    if (name?.type === 'Identifier') {
      const written = textOf(name).replace(/:.*$/s, '')
      constants.set(written, constants.has(written) ? null : (partsOf(node['init'])[0] ?? null))
    }
    Object.values(node).flatMap(partsOf).forEach(visit)
  }
  visit(program)
  return constants
}

const isSilent = ({ type }: Syntax): boolean =>
  (type.startsWith('TS') && !/^TS(?:As|Satisfies|NonNull)/.test(type)) ||
  type === 'TaggedTemplateExpression' ||
  /^(?:Import|ExportAll)/.test(type)
const isNotSaid = (node: Syntax, textOf: Source['textOf']): boolean => {
  const [callee] = node.type === 'CallExpression' || node.type === 'NewExpression' ? partsOf(node['callee']) : []
  return callee !== undefined && NOT_SAID.test(`${node.type === 'NewExpression' ? 'new ' : ''}${textOf(callee)}`)
}
const isFunction = ({ type }: Syntax): boolean => type === 'ArrowFunctionExpression' || type === 'FunctionExpression'

const sentencesOf = (path: string, place: string): readonly CoreSentence[] => {
  const text = readFileSync(path, 'utf8')
  const textOf = (node: Syntax): string => text.slice(node.start, node.end)
  const program = parseSync(path, text).program as unknown as Syntax
  const source: Source = { textOf, constants: constantsOf(program, textOf) }
  const found: { readonly node: Syntax; readonly text: string }[] = []
  // What is read with the sentence that it is put into is no sentence of its own.
  const used = new Set<Syntax>()
  const collect = (node: Syntax): void => {
    const inner: Syntax[] = []
    const texts = textsOf(node, source, (part) => part !== node && inner.push(part)) ?? []
    const here = texts.flatMap((one) => PARTS[place]?.(one) ?? (isSaid(one) ? [one] : []))
    found.push(...here.map((one) => ({ node, text: one })))
    if (here.length > 0) inner.forEach((part) => used.add(part))
  }
  /** In what is not said only the functions are looked at that are handed over there. */
  const visit = (node: Syntax, isInside: boolean): void => {
    if (isSilent(node)) return
    if (!isInside && (node.type === 'Literal' || node.type === 'TemplateLiteral')) collect(node)
    const isSkipped = isNotSaid(node, textOf) || (isInside && !isFunction(node))
    for (const part of Object.values(node).flatMap(partsOf)) visit(part, isSkipped)
  }
  visit(program, false)
  return found.filter(({ node }) => !used.has(node)).map((one) => ({ text: one.text, place }))
}

const reasonsNotTo = ({ place, text }: CoreSentence): readonly string[] =>
  Object.keys(NOT_SHOWN).filter((beginning) => `${place}: ${text}`.startsWith(beginning))

/** What the core says on screens, and which of the exceptions above are those of nothing any more. */
export const readCore = (): { readonly sentences: readonly CoreSentence[]; readonly idleExceptions: readonly string[] } => {
  const places = FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).filter(
    (place) => !/\.test\.ts$|\/testing\//.test(place),
  )
  const all = places.toSorted().flatMap((place) => sentencesOf(join(root, place), place))
  const excused = new Set(all.flatMap(reasonsNotTo))
  const texts = new Set(all.map(({ text }) => text))
  return {
    sentences: all
      .filter((sentence) => reasonsNotTo(sentence).length === 0)
      .flatMap(({ text, place }) => (COMPOSED[text] ?? [text]).map((said) => ({ text: said, place }))),
    idleExceptions: [
      ...Object.keys(NOT_SHOWN).filter((beginning) => !excused.has(beginning)),
      ...Object.keys(COMPOSED).filter((text) => !texts.has(text)),
    ],
  }
}
