/** Disputes as a market would have them: what a party sees, an arbiter's cases, and proven contradictions. */
import type { CaseDetail, CaseRow, Dispute, EscrowRow, EvidenceRow } from '../store/types.ts'
import { START_MS } from './rows.ts'
import { createSeeded } from './seeded.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const JUDGES = [
  ['Ada', 'Riverside'],
  ['Emil', ''],
  ['Grace', 'Harbour Lab'],
  ['Ines', ''],
  ['Noor', 'Riverside'],
] as const

export const disputeOf = ({ id, phase, role, openedAtMs }: EscrowRow): Dispute => {
  const random = createSeeded(Number.parseInt(id.slice(0, 8), 16))
  const isSeated = phase === 'panel'
  return {
    revision: 1,
    openedAtMs: openedAtMs + 3 * MINUTE_MS,
    ruleByMs: START_MS + 2 * DAY_MS,
    quorum: 4,
    seats: JUDGES.length,
    panel: isSeated ? JUDGES.map(([name, operator]) => ({ name, operator, accountId: random.id() })) : [],
    statement: role === 'client' ? 'It answers something else. I asked about the index, and it explains how to install the database.' : '',
    showsTask: role === 'client',
    showsAnswer: true,
    readers: isSeated ? 4 : 0,
  }
}

export const cases = (count: number): readonly CaseRow[] => {
  const random = createSeeded(10)
  return Array.from({ length: count }, (_, index): CaseRow => {
    const amountMicro = BigInt(400_000 + random.below(4_000_000))
    const priceMicro = (amountMicro * BigInt(40 + random.below(50))) / 100n
    const isOver = index >= 2
    return {
      escrowId: random.id(),
      phase: isOver ? 'settled' : 'panel',
      classKey: 'llama3.1:8b',
      amountMicro,
      priceMicro,
      client: random.id(),
      provider: random.id(),
      disputedAtMs: START_MS - (index + 1) * 3 * HOUR_MS,
      ruleByMs: START_MS + DAY_MS - index * HOUR_MS,
      quorum: 4,
      seats: 5,
      ownRuling: index === 0 ? null : index === 1 ? 'half' : 'release',
      paidToProviderMicro: isOver ? priceMicro : null,
    }
  })
}

export const caseDetail = (row: CaseRow): CaseDetail => {
  const random = createSeeded(Number.parseInt(row.escrowId.slice(0, 8), 16))
  return {
    ...row,
    revision: 1,
    taskCommit: random.id(),
    resultHash: random.id(),
    exhibits: [
      {
        role: 'client',
        madeAtMs: row.disputedAtMs + 40_000,
        statement:
          'It answers something else. I asked why the query is slow with the index; the answer explains how to install the database.',
        reasonAsGiven: true,
        prompt: 'Why does this query take four seconds with an index and forty milliseconds without?\n\nselect name, total from orders …',
        promptAsAsked: true,
        answer: 'To install the database, download the package for your system and run the installer. Choose a password you can remember.',
        answerAsDelivered: null,
        receipt: null,
      },
      {
        role: 'provider',
        madeAtMs: row.disputedAtMs + 95_000,
        statement: 'The model answered what it was asked. Compare the registered answer.',
        reasonAsGiven: null,
        prompt: null,
        promptAsAsked: null,
        answer: null,
        answerAsDelivered: true,
        receipt: {
          provider: row.provider,
          priceMicro: row.priceMicro,
          inputTokens: 83,
          outputTokens: 312,
          transcriptHash: random.id(),
          startedAtMs: row.disputedAtMs - 60_000,
          firstTokenAtMs: row.disputedAtMs - 59_200,
          finishedAtMs: row.disputedAtMs - 51_000,
        },
      },
    ],
  }
}

const OFFENCES = ['two-notarizations', 'two-orders', 'two-rulings'] as const

export const contradictions = (count: number): readonly EvidenceRow[] => {
  const random = createSeeded(11)
  return Array.from({ length: count }, (_, index): EvidenceRow => {
    const offence = OFFENCES[index % OFFENCES.length] ?? 'two-orders'
    return {
      id: random.id(),
      offence,
      culprit: random.id(),
      account: offence === 'two-orders' ? random.id() : null,
      witness: offence === 'two-notarizations' ? 2 : null,
      objectId: random.id(),
      epoch: 0,
      step: 4 + index,
      view: 0,
      foundAtMs: START_MS - (index + 1) * 7 * HOUR_MS,
    }
  })
}
