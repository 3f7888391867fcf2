import type { SceneHandlers } from './fake-market.ts'

const LONG = 'Supercalifragilisticexpialidocious'.repeat(3).slice(0, 100)
const MIXED = 'مزود <b onclick=alert(1)>bold</b> 🦊🦊🦊 [link](javascript:alert(1)) раураl'
const BOMB = `${'<div>'.repeat(60)}${'**'.repeat(60)}${'א'.repeat(40)} ${'W'.repeat(400)}\n\n${'> '.repeat(80)}end`

type Answer = { readonly ok: boolean; readonly value?: unknown }

const HARD: Readonly<Record<string, string>> = {
  model: MIXED,
  memo: MIXED,
  promptStart: MIXED,
  classKey: `a${'very-long-class/'.repeat(3)}x:70b`,
  prompt: BOMB,
  answer: BOMB,
  detail: MIXED,
  problem: MIXED,
  name: LONG.slice(0, 80),
}

/** Every text that a peer chose, as hard to show as the contract lets it be. */
const harden = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string' && key in HARD) return HARD[key]
  if (Array.isArray(value)) return value.map((item) => harden(item, key === 'findings' ? 'detail' : ''))
  if (typeof value === 'object' && value !== null) {
    const isStep = 'detail' in value && 'atMs' in value
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, isStep && name === 'name' ? part : harden(part, name)]))
  }
  return value
}

export const hostileText = (handlers: SceneHandlers): SceneHandlers =>
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
            return given.ok ? { ok: true, value: harden(given.value) } : given
          },
        ]),
      ),
    ]),
  )
