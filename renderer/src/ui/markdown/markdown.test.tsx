import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { highlight, maxHighlightedLine } from './highlight.ts'
import { Markdown } from './markdown.tsx'
import { maxDepth, maxMarkdownLength, maxTableCells, plainAddress, readMarkdown } from './read-markdown.ts'

const draw = (text: string): string => renderToStaticMarkup(<Markdown text={text} />)
const kindOf = (text: string): string => readMarkdown(text).kind
const OURS = new Set(
  'div p span strong em del code pre br hr blockquote ul ol li table thead tbody tr th td h3 h4 h5 h6 button svg path rect'.split(' '),
)
const LOADS_OR_RUNS = /\s(src|srcset|srcdoc|href|style|action|formaction|background|poster|data|on\w+)=/i

/** Tags that are none of ours, or that load, lead away or run; what stands in quotes is text. */
const foreignTags = (html: string): readonly string[] =>
  (html.match(/<[a-z](?:[^>"]|"[^"]*")*>/gi) ?? []).filter((tag) => {
    const name = /^<([a-z0-9]+)/i.exec(tag)?.[1] ?? ''
    return !OURS.has(name) || LOADS_OR_RUNS.test(tag.replaceAll(/"[^"]*"/g, '""'))
  })

test('Markdown is drawn as what it says', () => {
  const html = draw(
    '# Title\n\nSome **bold** &amp; `code`\n\n- [x] done\n- open\n\n3. three\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n> quoted',
  )
  for (const part of [
    '<h3>Title</h3>',
    '<strong>bold</strong> &amp; <code>code</code>',
    '☑ ',
    '<ol start="3">',
    'class="align-end">2</td>',
    '<blockquote>',
  ])
    expect(html).toContain(part)
})

test('HTML stays the text that it was', () => {
  const html = draw(
    '<script>alert(1)</script>\n\nA <b onclick="alert(1)">word</b> <img src=x onerror=alert(1)>\n\n<iframe src="https://x.example"></iframe>',
  )
  expect(foreignTags(html)).toEqual([])
  expect(html).toContain('&lt;script&gt;')
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('nothing loads and nothing leads anywhere: a link and a picture are an address that can be copied', () => {
  const html = draw('![cat](https://x.example/cat.png) and [a bank](https://bank.example/login)')
  expect(html).not.toMatch(/<(a|img|picture|source|link|video|audio|object|embed)\b|\s(src|href|srcset|style)=/)
  for (const part of ['Picture: cat', 'https://x.example/cat.png', 'a bank', 'https://bank.example/login']) expect(html).toContain(part)
})

test('an address is shown as a computer reads it, and what is none of the web stays text', () => {
  expect(plainAddress('https://раураl.example/‮x')).toBe('https://xn--l-7sba6dbr.example/%E2%80%AEx')
  for (const href of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'app://market/',
    '/x',
    '#/wallet',
    'claude-market://invite/x',
  ])
    expect(plainAddress(href)).toBeNull()
  expect(draw('[press](javascript:alert(1))')).toBe('<div class="markdown foreign"><p>[press](javascript:alert(1))</p></div>')
})

test('whatever is written, only elements and attributes of ours are drawn, and reading it never throws', () => {
  const pieces = [
    '*',
    '**',
    '_',
    '[',
    '](',
    ')',
    '![',
    '`',
    '```',
    '\n',
    '\n\n',
    '> ',
    '- ',
    '1. ',
    '|',
    '|-|',
    '# ',
    '<b ',
    '<a href="javascript:x">',
    '</',
    '>',
    '&lt;',
    '&',
    '\\',
    '~~',
    'https://x.example',
    'javascript:x',
    '"',
    ' ',
    'word',
    '    ',
    '[x]: y',
    '<!--',
    ']]>',
    '\u202e',
  ]
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (written) => {
      expect(foreignTags(draw(written))).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['a megabyte of asterisks', '*'.repeat(1_000_000)],
  ['just too long', 'a '.repeat(maxMarkdownLength / 2 + 1)],
  ['asterisks below the length', '*a '.repeat(30_000)],
  ['brackets', '['.repeat(50_000)],
  ['backticks', '`a'.repeat(40_000)],
  ['less-than signs', '<a '.repeat(30_000)],
  ['quotes in quotes', `${'>'.repeat(maxDepth + 1)} deep`],
  ['lists in lists on one line', `${'- '.repeat(maxDepth + 1)}deep`],
  ['lists in lists', Array.from({ length: 40 }, (_, level) => `${'  '.repeat(level)}- x`).join('\n')],
  ['emphasis in emphasis', `${'*a **b '.repeat(20)}c${'** d*'.repeat(20)}`],
  ['a table of ten thousand cells', `|${'a|'.repeat(100)}\n|${'-|'.repeat(100)}\n${`|${'1|'.repeat(100)}\n`.repeat(100)}`],
  ['a table with more columns than cells', `|${'a|'.repeat(maxTableCells)}\n|${'-|'.repeat(maxTableCells)}\n${'|x|\n'.repeat(10)}`],
  ['ten thousand items', '- x\n'.repeat(10_000)],
])('%s is shown as it was written', (_what, bomb) => {
  expect(kindOf(bomb)).toBe('too-complex')
  const html = draw(bomb)
  expect(html.match(/<[a-z]/g)).toHaveLength(3)
  expect(html).toContain(bomb.slice(0, 40).replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
})

test('an answer of the longest kind that people ask for is laid out', () => {
  const chapter = `## A chapter\n\nSome *text* with [a link](https://x.example) and \`code\`.\n\n${'- an item with **weight**\n'.repeat(20)}\n\`\`\`c\n${'int *p = &a[i]; // <x>\n'.repeat(40)}\`\`\`\n\n`
  expect(kindOf(chapter.repeat(20))).toBe('blocks')
})

test('code is coloured in a language that is known, and left alone where that would cost too much', () => {
  expect(draw('```ts\nconst a = "<b>"\n```')).toContain('<span class="hljs-keyword">const</span>')
  expect(draw('```klingon\nqapla\n```')).toContain('<code>qapla</code>')
  expect(highlight('x'.repeat(maxHighlightedLine + 1), 'js')).toBeNull()
  expect(highlight('x\n'.repeat(10_001), 'js')).toBeNull()
})
