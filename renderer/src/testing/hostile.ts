import type { SceneHandlers } from './fake-market.ts'

const LONG = 'Supercalifragilisticexpialidocious'.repeat(3).slice(0, 100)
const MIXED = 'مزود <b onclick=alert(1)>bold</b> 🦊🦊🦊 [link](javascript:alert(1)) раураl'
const BOMB = `${'<div>'.repeat(60)}${'**'.repeat(60)}${'א'.repeat(40)} ${'W'.repeat(400)}\n\n${'> '.repeat(80)}end`
const BAIT = `# ${MIXED}\n\n<img src=x onerror=alert(1)>\n\n![pixel](https://tracker.example/p.png) [your bank](https://раураl.example/login) ${'`'}${'W'.repeat(300)}${'`'}\n\n${'- '.repeat(3)}x\n\n\`\`\`html\n<script>alert(1)</script>\n${'x'.repeat(500)}\n\`\`\`\n\n| ${'wide | '.repeat(40)}\n|${' --- |'.repeat(40)}\n| ${'cell | '.repeat(40)}`

type Answer = { readonly ok: boolean; readonly value?: unknown }

type Texts = Readonly<Record<string, string>>

const HARD: Texts = {
  model: MIXED,
  memo: MIXED,
  promptStart: MIXED,
  classKey: `a${'very-long-class/'.repeat(3)}x:70b`,
  prompt: BOMB,
  answer: BAIT,
  statement: BOMB,
  operator: LONG.slice(0, 32),
  detail: MIXED,
  problem: MIXED,
  // As long as the shortest of the names may be, a computer's.
  name: LONG.slice(0, 40),
}

const SIGNS = '二〇二六 ‧ 三'
/** What the core says: in pseudo English only where the screen has it said in its language. */
const SENTENCE = 'Something is so.'
const WORDLESS: Texts = {
  model: SIGNS,
  memo: SIGNS,
  promptStart: SIGNS,
  classKey: '7:8',
  prompt: SIGNS,
  answer: SIGNS,
  statement: SIGNS,
  operator: SIGNS,
  detail: SENTENCE,
  problem: SENTENCE,
  reason: SENTENCE,
  restsBecause: SENTENCE,
  finding: SENTENCE,
  remedy: SENTENCE,
  sentence: SENTENCE,
  title: SIGNS,
  rule: '7/8',
  name: SIGNS,
}

/** Every text that a peer chose, as hard to show as the contract lets it be. */
const harden = (texts: Texts, value: unknown, key = ''): unknown => {
  if (typeof value === 'string' && key in texts) return texts[key]
  if (Array.isArray(value)) return value.map((item) => harden(texts, item, key === 'findings' ? 'detail' : ''))
  if (typeof value === 'object' && value !== null) {
    const isStep = 'detail' in value && 'atMs' in value
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, isStep && name === 'name' ? part : harden(texts, part, name)]),
    )
  }
  return value
}

export const hostileText = (handlers: SceneHandlers): SceneHandlers => retell(HARD, handlers)
export const wordlessText = (handlers: SceneHandlers): SceneHandlers => retell(WORDLESS, handlers)

const retell = (texts: Texts, handlers: SceneHandlers): SceneHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([area, calls]) => [
      area,
      Object.fromEntries(
        Object.entries(calls ?? {}).map(([name, call]) => [
          name,
          async (input: unknown) => {
            const given = await (call as (input: unknown) => Answer | Promise<Answer>)(
              area === 'orders' ? { ...(input as object), classKey: null } : input,
            )
            return given.ok ? { ok: true, value: harden(texts, given.value) } : given
          },
        ]),
      ),
    ]),
  )
