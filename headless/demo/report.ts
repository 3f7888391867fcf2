import { formatRuv, microPerRuv } from '../../core/platform/amount.ts'

/** What the demo has to say: lines with their time for people, or one JSON document at the end. */
export type Party = { readonly name: string; readonly beforeMicro: bigint; readonly afterMicro: bigint; readonly note: string }
export type SettledEscrow = {
  readonly id: string
  readonly phase: string
  readonly provider: string
  /** Null while it is not settled. */
  readonly paidMicro: bigint | null
  /** The witnesses that signed its last certificate, by name. */
  readonly certifiedBy: readonly string[]
}
export type Outcome = {
  readonly parties: readonly Party[]
  readonly supplyMicro: bigint
  /** Whether the balances add up to the supply, before and after. */
  readonly conserved: boolean
  readonly answer: string
  readonly escrows: readonly SettledEscrow[]
}
/** `problem` is null when everything holds; `outcome` is null when it did not come to a trade. */
export type Ending = { readonly problem: string | null; readonly outcome: Outcome | null }

export type Report = {
  readonly step: (name: string, detail: string) => void
  readonly finish: (ending: Ending) => void
}

export const createReport = (json: boolean): Report => {
  const startMs = performance.now()
  const steps: { readonly atMs: number; readonly name: string; readonly detail: string }[] = []
  return {
    step: (name, detail) => {
      const atMs = Math.round(performance.now() - startMs)
      steps.push({ atMs, name, detail })
      if (!json) console.log(`${(atMs / 1_000).toFixed(2).padStart(7)} s  ${name.padEnd(10)} ${detail}`)
    },
    finish: ({ problem, outcome }) => {
      if (json) return console.log(JSON.stringify({ ok: problem === null, problem, steps, ...outcome }, amountsAsText))
      if (outcome !== null) printOutcome(outcome)
      if (problem !== null) console.error(`\nThe demo failed: ${problem}`)
    },
  }
}

const amountsAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

const shownCharacters = 240

const printOutcome = ({ parties, supplyMicro, conserved, answer, escrows }: Outcome): void => {
  const start = answer.slice(0, shownCharacters).replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
  if (answer !== '') console.log(`\nAnswer, ${answer.length} characters:\n  ${start}${answer.length > shownCharacters ? ' …' : ''}`)
  console.log('')
  for (const escrow of escrows) console.log(describeEscrow(escrow))
  console.log(`\n${rowOf('RUV', 'before', 'after', 'change', '')}`)
  for (const { name, beforeMicro, afterMicro, note } of parties) console.log(amountsRow(name, beforeMicro, afterMicro, note))
  const sumOf = (of: (party: Party) => bigint): bigint => parties.reduce((total, party) => total + of(party), 0n)
  const [before, after] = [sumOf(({ beforeMicro }) => beforeMicro), sumOf(({ afterMicro }) => afterMicro)]
  console.log(amountsRow('sum', before, after, `supply ${formatRuv(supplyMicro)}`))
  console.log(
    `\nConservation: ${conserved ? 'holds' : 'BROKEN'}. What everybody owns adds up to the supply before and after${conserved ? '' : ' no longer'}.`,
  )
}

const describeEscrow = ({ id, phase, provider, paidMicro, certifiedBy }: SettledEscrow): string => {
  const what =
    paidMicro === null ? `is still ${phase}` : paidMicro === 0n ? 'everything came back' : `${formatRuv(paidMicro)} RUV to ${provider}`
  return `Escrow ${id.slice(0, 12)}…  ${what}; certified by ${certifiedBy.join(', ')}`
}

const rowOf = (name: string, before: string, after: string, change: string, note: string): string =>
  `${name.padEnd(12)}${before.padStart(16)}${after.padStart(16)}${change.padStart(14)}  ${note}`.trimEnd()

const amountsRow = (name: string, before: bigint, after: bigint, note: string): string =>
  rowOf(
    name,
    sixDecimals(before),
    sixDecimals(after),
    after === before ? '' : `${after > before ? '+' : '-'}${sixDecimals(magnitude(after - before))}`,
    note,
  )

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount)
/** All six decimals, so that the points of a column stand below each other. */
const sixDecimals = (amount: bigint): string => `${amount / microPerRuv}.${(amount % microPerRuv).toString().padStart(6, '0')}`
