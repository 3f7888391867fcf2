import { defineConfig, type OxlintOverride } from 'oxlint'

/**
 * Who may import whom (ARCHITECTURE.md, dependency table). Each row is an allow-list: what it does not name is forbidden, and
 * a later pattern overrules an earlier one, as in .gitignore. scripts/import-rules.test.ts proves that every row bites; it is
 * needed because a pattern oxlint does not understand (a look-ahead, `!(a|b)`) matches nothing and says nothing.
 */
const domains = [
  'audit',
  'settlement',
  'wallet',
  'escrow',
  'evidence',
  'disputes',
  'opinions',
  'orders',
  'tasks',
  'prices',
  'sla',
  'facts',
  'reputation',
  'compliance',
  'federation',
  'proofs',
  'committee',
  'identity',
  'executors',
]
const anyDepth = (...folders: readonly string[]): readonly string[] => folders.flatMap((folder) => [`../${folder}`, `../../${folder}`])
const inside = (...folders: readonly string[]): readonly string[] => anyDepth(...folders.map((folder) => `${folder}/**`))

type ImportRow = {
  readonly files: readonly string[]
  readonly may: readonly string[]
  /** Exceptions to `may`. */
  readonly mayNot?: readonly string[]
  /** A regular expression: of what matches, only `import type`. */
  readonly typesOnly?: string
  readonly because: string
}

const node = ['node:*', 'node:*/**']
const ground = ['./**', ...inside('contract', 'platform')]
const impure = ['clock', 'random', 'log'].flatMap((port) => anyDepth(`platform/${port}.ts`))
/** Arithmetic over bytes and prices that several domains share. */
const pure = anyDepth('orders/metering.ts', 'tasks/padding.ts', 'tasks/sealing.ts', 'tasks/chunk-stream.ts')
const storesOfOthers = anyDepth('*/store.ts', '*/*-store.ts')
const ownStoreOrService = ['./store.ts', './*-store.ts', './service.ts', './*-service.ts']
const doors = ['./witness.ts', './driver.ts', ...anyDepth('settlement/witness.ts', 'settlement/driver.ts')]

const outsideOfScreens = [
  '**/core/**',
  '!**/core/contract/**',
  '**/electron/**',
  '**/headless/**',
  '**/e2e/**',
  '**/bench/**',
  '**/scripts/**',
  '**/testing/**',
]
const widgets = [
  'react-aria-components',
  'react-aria-components/**',
  'lucide-react',
  'lucide-react/**',
  '@tanstack/react-virtual',
  'marked',
  'lowlight',
  'highlight.js',
  'highlight.js/**',
  'lightweight-charts',
]

const importTable: readonly ImportRow[] = [
  {
    files: ['core/*/**/*.ts'],
    may: [
      ...ground,
      ...inside(...domains, 'storage'),
      ...anyDepth('network/port.ts'),
      ...node,
      '@noble/**',
      '@scure/**',
      '@hpke/**',
      '@secretlint/**',
      'zod',
      'better-sqlite3',
    ],
    mayNot: storesOfOthers,
    typesOnly: '^better-sqlite3$',
    because: 'A domain reaches the outside through ports, and another domain through its model or service.',
  },
  {
    files: ['core/*.ts'],
    may: ['./**', ...node],
    mayNot: ['./simulation/**'],
    because: 'market.ts wires core together, and nothing else.',
  },
  {
    files: ['core/node/**/*.ts'],
    may: ['./**', '../**', ...node, 'zod'],
    mayNot: ['../../**', '../simulation/**'],
    because: 'A node gives the market its real clock, disk and network.',
  },
  {
    files: ['core/home/**/*.ts'],
    may: ['./**', '../**', ...node, 'zod'],
    mayNot: ['../../**', '../simulation/**', '../*/store.ts', '../*/*-store.ts'],
    because: 'The home opens markets: it knows the nodes and what they are made of, never their tables.',
  },
  { files: ['core/contract/**/*.ts'], may: ['./**', 'zod'], because: 'The contract is shared with the renderer: it knows zod alone.' },
  { files: ['core/platform/**/*.ts'], may: [...ground, ...node, 'cborg'], because: 'The platform ports know no domain.' },
  {
    files: ['core/network/**/*.ts'],
    may: [
      ...ground,
      ...inside('identity', 'storage'),
      ...anyDepth('settlement/objects.ts'),
      ...node,
      'libp2p',
      '@libp2p/**',
      '@multiformats/**',
    ],
    typesOnly: 'settlement/objects\\.ts$',
    because: 'The network carries bytes: it knows no domain, and is alone in knowing libp2p.',
  },
  {
    files: ['core/storage/**/*.ts'],
    may: [...ground, ...node, 'better-sqlite3'],
    because: 'Storage knows no domain, and is alone in opening SQLite.',
  },
  {
    files: ['core/executors/**/*.ts'],
    may: [...ground, ...inside('compliance'), ...pure, ...node, 'zod', '@anthropic-ai/sdk', '@anthropic-ai/sdk/**'],
    because: 'An executor turns a task into text: it knows neither money nor peers.',
  },
  {
    files: [
      'core/*/model.ts',
      'core/settlement/{objects,encoding,certificate,account,register}.ts',
      'core/prices/clock.ts',
      'core/reputation/{trust,context,judge,ranking}.ts',
    ],
    may: [...ground, ...inside('settlement', 'identity', 'federation'), ...anyDepth('*/model.ts', 'network/port.ts'), ...pure],
    typesOnly: 'network/port\\.ts$',
    mayNot: [...impure, ...ownStoreOrService, ...storesOfOthers, ...anyDepth('*/service.ts'), ...doors],
    because: 'Rules are pure: no clock, randomness, store or network; values are passed in.',
  },
  {
    files: ['core/*/store.ts', 'core/*/*-store.ts'],
    may: [...ground, ...inside('storage', 'settlement', 'identity', 'federation'), ...anyDepth('*/model.ts'), 'better-sqlite3'],
    typesOnly: '^better-sqlite3$',
    mayNot: [...doors, ...storesOfOthers, './service.ts', './*-service.ts', ...anyDepth('*/service.ts')],
    because: 'A store knows its own model, the database and nothing that decides.',
  },
  {
    files: ['headless/**/*.ts'],
    may: ['./**', '../**', ...node, 'ws', 'zod'],
    mayNot: [
      '../../**',
      '!../../core/**',
      '../electron/**',
      '../renderer/**',
      '../e2e/**',
      '../bench/**',
      '../scripts/**',
      '**/simulation/**',
    ],
    because: 'Headless hosts the core, and neither knows Electron nor the screens.',
  },
  {
    files: ['electron/main/**/*.ts'],
    may: ['./**', '../**', ...node, 'electron', 'zod'],
    mayNot: [
      '../../**',
      '!../../core/**',
      '!../../../core/**',
      '!../../renderer/src/messages/sentences.ts',
      '../preload/**',
      '../../preload/**',
      '**/simulation/**',
    ],
    because: 'The main process hosts the core behind the contract, and of the screens knows only how they say its sentences.',
  },
  {
    files: ['electron/preload/**/*.ts'],
    may: ['./**', 'electron', '**/core/contract/**'],
    typesOnly: '/core/contract/',
    because: 'The preload is two functions: whatever it imports runs with more rights than the page.',
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    may: ['./**', '../**', '**/core/contract/**', 'react', 'react/**', 'react-dom', 'react-dom/**', 'zustand', 'zustand/**'],
    mayNot: outsideOfScreens,
    because: 'The screens know the contract alone.',
  },
  {
    files: ['renderer/src/ui/**/*.{ts,tsx}'],
    may: ['./**', '../**', 'react', 'zustand', ...widgets],
    mayNot: [...outsideOfScreens, '../features/**', '../app/**', '../api/**'],
    because: 'Widgets are made here and nowhere else, and know no area of the market.',
  },
  {
    files: ['renderer/src/messages/**/*.ts'],
    may: ['./**', '../en/**', '../translated.ts', '../format/**', 'react', 'intl-messageformat'],
    because: 'Texts know the locale alone.',
  },
  {
    files: ['renderer/src/format/**/*.ts'],
    may: ['./**'],
    because: 'Formats know the locale alone.',
  },
  {
    files: ['renderer/src/features/*/*.{ts,tsx}'],
    may: ['./**', '../../**', '**/core/contract/**', 'react', 'react/**', 'zustand', 'zustand/**'],
    mayNot: [...outsideOfScreens, '../../features/**', '../../app/**'],
    because: 'A feature does not reach into another.',
  },
]

/** Tests and the composition root may use all of the core, but know no more than it about the programs around it. */
const coreRow: ImportRow = {
  files: ['core/**/*.test.ts', 'core/**/*-compliance.ts', 'core/**/testing/**', 'core/market.ts', 'core/node/**', 'core/simulation/**'],
  may: ['**'],
  mayNot: [
    'electron',
    '@playwright/**',
    'react',
    '**/electron/**',
    '**/renderer/**',
    '**/headless/**',
    '**/e2e/**',
    '**/bench/**',
    '**/scripts/**',
  ],
  because: 'The core knows none of the programs around it.',
}

/** Tests of the programs around the core. */
const programTestRow: ImportRow = {
  files: ['{headless,electron,renderer}/**/*.test.{ts,tsx}', '{headless,electron,renderer}/**/testing/**'],
  may: ['**'],
  mayNot: ['@playwright/**', '**/e2e/**', '**/bench/**'],
  because: 'Nothing imports e2e or bench.',
}

const toOverride = ({ files, may, mayNot = [], typesOnly, because }: ImportRow): OxlintOverride => ({
  files: [...files],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          // First and as a regular expression: what a group lets pass, oxlint shows to no other pattern.
          ...(typesOnly === undefined ? [] : [{ regex: typesOnly, allowTypeImports: true, message: because }]),
          { group: ['**', ...may.map((pattern) => `!${pattern}`), ...mayNot], message: because },
        ],
      },
    ],
  },
})

/** What is pure takes time and chance as values. */
const purity: OxlintOverride = {
  files: [
    'core/*/model.ts',
    'core/settlement/{objects,encoding,certificate,account,register}.ts',
    'core/prices/clock.ts',
    'core/reputation/{trust,context,judge,ranking}.ts',
  ],
  rules: {
    'no-restricted-globals': [
      'error',
      'Date',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'fetch',
      'process',
      'crypto',
      'performance',
    ],
    'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
  },
}

/** What would let an `any` of somebody else's typing through. */
const unsafeRules = ['argument', 'assignment', 'call', 'member-access', 'return'].map((use) => `typescript/no-unsafe-${use}`)

const tests = ['**/*.test.ts', '**/*.test.tsx', '**/*.spec.ts', 'e2e/**', '**/testing/**']

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'react', 'jsx-a11y', 'vitest'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  categories: { correctness: 'error' },
  ignorePatterns: ['out/**', 'dist/**', '.cache/**', 'coverage/**', 'test-results/**'],
  rules: {
    eqeqeq: 'error',
    'no-var': 'error',
    // Peer text is searched for control characters on purpose.
    'no-control-regex': 'off',
    'prefer-const': 'error',
    'no-console': 'error',
    'no-param-reassign': 'error',
    'no-implicit-coercion': 'error',
    'no-restricted-imports': ['error', { patterns: [{ group: ['**/e2e/**', '**/bench/**'], message: 'Nothing imports e2e or bench.' }] }],
    'max-depth': ['error', 4],
    'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    // A factory is as long as all the functions in it; each of those fits a screen.
    'max-lines-per-function': ['error', { max: 130, skipBlankLines: true, skipComments: true }],
    'max-statements': ['error', 40],
    complexity: ['error', 20],
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/no-abusive-eslint-disable': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
    'typescript/only-throw-error': 'error',
    'typescript/no-misused-promises': 'error',
    ...Object.fromEntries(unsafeRules.map((rule) => [rule, 'error'])),
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/return-await': ['error', 'error-handling-correctness-only'],
    // <output> is no drop-in for a live region with a layout of its own.
    'jsx-a11y/prefer-tag-over-role': 'off',
    // It is about what the React Compiler leaves out; the screens are built without it.
    'react/incompatible-library': 'off',
    'vitest/no-conditional-expect': 'off',
    'vitest/no-focused-tests': 'error',
    'vitest/no-disabled-tests': 'error',
  },
  overrides: [
    ...importTable.map(toOverride),
    toOverride(coreRow),
    toOverride(programTestRow),
    purity,
    {
      files: tests,
      rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 500 }], 'typescript/no-non-null-assertion': 'off' },
    },
    // It runs before type information means anything, on Node versions this program does not know.
    { files: ['scripts/require-node.mjs'], rules: Object.fromEntries(unsafeRules.map((rule) => [rule, 'off'])) },
    { files: ['scripts/**', 'bench/**', 'headless/**', 'e2e/**', 'docs/**'], rules: { 'no-console': 'off' } },
    // What a stranger may run has no types.
    { files: ['docs/*.mjs'], rules: Object.fromEntries(unsafeRules.map((rule) => [rule, 'off'])) },
    // Playwright reads fixtures from empty patterns and its set-up from a default export; the tests try what the page's policy forbids.
    { files: ['e2e/**'], rules: { 'no-empty-pattern': 'off', 'typescript/no-implied-eval': 'off' } },
    { files: ['e2e/harness/global-*.ts'], rules: { 'import/no-default-export': 'off' } },
    // A dialog says where its focus begins, and what scrolls has to be reached by the keyboard.
    {
      files: ['renderer/src/ui/**', 'renderer/src/app/shell.tsx'],
      rules: { 'jsx-a11y/no-autofocus': 'off', 'jsx-a11y/no-noninteractive-tabindex': 'off' },
    },
    // What the screens cannot show goes to the developer tools.
    { files: ['renderer/**'], rules: { 'no-console': ['error', { allow: ['error'] }] } },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off', 'max-lines': 'off' } },
  ],
})
