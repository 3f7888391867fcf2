import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStory, proofText } from '../core/proofs/testing/notary.ts'
import { toHex } from '../core/platform/bytes.ts'
import { createBench, type Bench } from './testing/program.ts'

const { alice, notary } = createStory()
const federationId = toHex(notary.federation.id)
let bench: Bench
let good: string
let bad: string
beforeAll(() => {
  bench = createBench()
  ;[good, bad] = [join(bench.folder, 'good.proof'), join(bench.folder, 'bad.proof')]
  const text = proofText(alice.sources, { kind: 'account', id: alice.id })
  const lines = text.split('\n')
  writeFileSync(good, text)
  writeFileSync(bad, lines.toSpliced(5, 1, lines[4] ?? '').join('\n'))
})
afterAll(() => bench.end())

describe('headless verify', () => {
  it('says what a proof proves and by which federation, and ends with 0', async () => {
    const { code, stdout } = await bench.cli(['verify', good, '--federation', federationId]).ended
    expect(code).toBe(0)
    expect(stdout).toContain(`account ${toHex(alice.id)} has 987 RUV after 5 steps.`)
    expect(stdout).toContain(`Its id is the one that was asked for: ${federationId}.`)
  })

  it('names the first thing that is wrong with line, step and code, beside others that hold, and ends with 1', async () => {
    const { code, stdout } = await bench.cli(['verify', bad, good, '--json']).ended
    const answers = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(code).toBe(1)
    expect(answers).toMatchObject([
      { file: bad, ok: false, error: { code: 'wrong-step', line: 6, step: 1 } },
      { file: good, ok: true, proves: { kind: 'account', id: toHex(alice.id), steps: 5, balanceMicro: '987000000' } },
    ])
  })

  it('ends with 2 where it was asked wrongly, in one sentence', async () => {
    const asked = [['verify'], ['verify', join(bench.folder, 'none')], ['verify', good, '--federation', 'abc']]
    const ended = await Promise.all(asked.map((args) => bench.cli(args).ended))
    expect(ended.map(({ code, stdout, stderr }) => [code, stdout, stderr.trim().split('\n').length])).toEqual(Array(3).fill([2, '', 1]))
  })
})
