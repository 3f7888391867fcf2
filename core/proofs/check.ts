import { decodeFederation, committeeOf, creditsOfFederation, settlementRulesOf, type Federation } from '../federation/federation.ts'
import { equalBytes } from '../platform/bytes.ts'
import { err, ok, type Result } from '../platform/result.ts'
import { decodeDecree } from '../settlement/encoding.ts'
import { createEpochBook, type EpochBook } from '../settlement/epoch-book.ts'
import { foundedState } from '../settlement/federation-chain.ts'
import type { Bytes32, Decree } from '../settlement/objects.ts'
import type { VerifyContext } from '../settlement/verify.ts'
import { createAccountCheck } from './check-account.ts'
import { createDecreeCheck, createEscrowCheck } from './check-steps.ts'
import { createLineReader, parseRecord, readFirstLine, type ProofRecord, type Subject } from './file.ts'
import { proofProblem, refusedBy, type ProofProblem, type Refused, type Shown, type SubjectCheck } from './problem.ts'

/**
 * Checks a proof from its text alone: without a network, a clock or a disk, and trusting nobody but the founder whose document is in
 * it. Whether that is the federation that is meant, only the reader can say: its id has to be compared, or given as `expected`.
 */
export type Proven = {
  readonly federation: Federation
  readonly epochs: EpochBook
  readonly about: Shown
}

export type ProofCheck = {
  /** The next part of the file, of any length; the problem as soon as there is one. */
  readonly take: (chunk: string) => ProofProblem | null
  /** After the last part. */
  readonly end: () => Result<Proven, ProofProblem>
}

/** One a day for three years; each holds up to 40 witnesses in memory. */
const maxEpochLines = 1_000

type Reading = {
  readonly federation: Federation
  readonly epochs: EpochBook
  readonly check: SubjectCheck
  epochLines: number
  hasSteps: boolean
}

export const createProofCheck = (expected: Bytes32 | null = null): ProofCheck => {
  const reader = createLineReader()
  let line = 0
  let subject: Subject | null = null
  let reading: Reading | null = null
  let hasEnded = false
  let problem: ProofProblem | null = null

  const takeGenesis = (bytes: Uint8Array, about: Subject): Refused | null => {
    const federation = decodeFederation(bytes)
    if (!federation.ok) return { code: 'bad-genesis', message: federation.error.message }
    if (expected !== null && !equalBytes(federation.value.id, expected)) return proofProblem('other-federation')
    const founded = foundedState(committeeOf(federation.value), federation.value.genesis.createdAtMs)
    const epochs = createEpochBook(founded, federation.value.genesis.limits)
    const context = { rules: settlementRulesOf(federation.value, epochs), genesisCredits: creditsOfFederation(federation.value) }
    reading = { federation: federation.value, epochs, check: checkOf(about, context), epochLines: 0, hasSteps: false }
    return null
  }

  const takeDecree = (now: Reading, word: 'epoch' | 'credit' | 'step', bytes: Uint8Array): Refused | null => {
    const decree = decodeDecree(bytes)
    if (!decree.ok) return decree.error
    if (word === 'epoch') return takeEpoch(now, decree.value)
    now.hasSteps = true
    return word === 'credit' ? now.check.takeCredit(decree.value) : now.check.takeStep(decree.value)
  }

  const takeRecord = (record: ProofRecord): Refused | null => {
    if (record.word === 'subject') {
      if (subject !== null) return proofProblem('out-of-order')
      subject = record.subject
      return null
    }
    if (subject === null) return proofProblem('out-of-order')
    if (record.word === 'genesis') return reading === null ? takeGenesis(record.bytes, subject) : proofProblem('out-of-order')
    if (reading === null) return proofProblem('out-of-order')
    if (record.word !== 'end') return takeDecree(reading, record.word, record.bytes)
    hasEnded = true
    return record.lines === line - 1 ? null : proofProblem('truncated')
  }

  const takeLine = (text: string): Refused | null => {
    line += 1
    if (hasEnded) return proofProblem('extra-data')
    if (line === 1) {
      const first = readFirstLine(text)
      return first === 'ok' ? null : proofProblem(first === 'newer' ? 'newer-version' : 'not-a-proof')
    }
    const record = parseRecord(text)
    return record === null ? proofProblem('out-of-order') : takeRecord(record)
  }

  const stopAt = (refused: Refused, step: number | null): ProofProblem => {
    problem = { ...refused, line, step }
    return problem
  }

  return {
    take: (chunk) => {
      if (problem !== null) return problem
      const lines = reader.take(chunk)
      if (lines === null) return stopAt(proofProblem('too-long'), null)
      for (const text of lines) {
        const step = reading?.check.step ?? null
        const refused = takeLine(text)
        if (refused !== null) return stopAt(refused, /^(?:step|credit) /.test(text) ? step : null)
      }
      return null
    },
    end: () => {
      if (problem !== null) return err(problem)
      if (reader.rest() !== '') {
        line += 1
        return err(stopAt(proofProblem(hasEnded ? 'extra-data' : line === 1 ? 'not-a-proof' : 'truncated'), null))
      }
      if (reading === null || !hasEnded) return err(stopAt(proofProblem(line === 0 ? 'not-a-proof' : 'truncated'), null))
      const about = reading.check.end()
      return about.ok
        ? ok({ federation: reading.federation, epochs: reading.epochs, about: about.value })
        : err(stopAt(about.error, reading.check.step))
    },
  }
}

/** For a proof that is in memory as a whole. */
export const checkProof = (text: string, expected: Bytes32 | null = null): Result<Proven, ProofProblem> => {
  const check = createProofCheck(expected)
  check.take(text)
  return check.end()
}

const takeEpoch = (now: Reading, decree: Decree): Refused | null => {
  if (now.hasSteps) return proofProblem('out-of-order')
  if (++now.epochLines > maxEpochLines) return proofProblem('too-long')
  if (decree.tx.type !== 'federation') return refusedBy('wrong-object')
  if (decree.tx.step !== now.epochs.head().step + 1)
    return refusedBy(decree.tx.step > now.epochs.head().step ? 'missing-history' : 'wrong-step')
  const problem = now.epochs.take(decree)
  return problem === null ? null : refusedBy(problem)
}

const checkOf = (subject: Subject, context: VerifyContext): SubjectCheck => {
  if (subject.kind === 'account') return createAccountCheck(subject.id, context)
  return subject.kind === 'escrow' ? createEscrowCheck(subject.id, context) : createDecreeCheck(subject.id, context)
}
