import type { Outgoing } from '../compliance/outgoing.ts'
import { fillIn } from '../compliance/placeholders.ts'
import { maxPreviewFindings, maxPromptLength, maxSnippetLength, maxSnippetParts } from '../contract/tasks.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { OutputOf } from '../contract/definition.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { contractBackend } from '../orders/handlers.ts'
import { bids } from '../orders/model.ts'
import type { Orders } from '../orders/service.ts'
import { bytesOf, decodeBytes } from '../platform/codec.ts'
import { fromHex, toHex, utf8 } from '../platform/bytes.ts'
import { fail, ok, type Err, type Failure, type Result } from '../platform/result.ts'
import { maxDecreeBytes, signedReceiptCodec } from '../settlement/encoding.ts'
import type { Bytes32, EscrowState } from '../settlement/objects.ts'
import { scoreOf } from '../orders/auction.ts'
import { expectedCostMicro, worstCaseMicro } from '../orders/quote.ts'
import { holdOf, isOver, pricePaid, waitsForOwner, type Task } from './model.ts'
import { draftHandlers } from './draft-handlers.ts'
import { taskBucketBytes } from './padding.ts'
import type { Ask, Requester } from './requester.ts'
import type { ShownAnswers } from './shown-answers.ts'
import { createTaskSearchStore, type SnippetPart } from './search-store.ts'
import type { StoredBid } from './bid-store.ts'
import type { Attempt, HiddenRow, TaskStore } from './store.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'

export type TasksHandlersDeps = {
  /** Whether this member has read who will read its tasks. */
  readonly mayAsk: () => boolean
  /** Resolves once newer copies of this data have said which commands are done. */
  readonly recalled: () => Promise<void>
  readonly store: TaskStore
  readonly requester: Requester
  readonly outgoing: Outgoing
  readonly answers: Pick<ShownAnswers, 'shown'>
  readonly db: Database
  readonly federationId: Bytes32
  /** A standing offer that a task of this size could take. */
  readonly takeable: Orders['takeable']
  /** A provider's, as it is seen now. */
  readonly standingOf: (account: string) => BidderStanding
  readonly escrowOf: (escrowId: Bytes32) => EscrowState | null
  readonly nowMs: () => number
}

const promptStartLength = 160
/** Sorts before every id. */
const noId = new Uint8Array(32)

export const tasksHandlers = (deps: TasksHandlersDeps): Handlers<MarketContract>['tasks'] => {
  const { store, outgoing, answers } = deps
  const search = createTaskSearchStore(deps.db)
  const { summary, copyRow } = rowsOf(deps)
  type Command = { readonly requestId: string; readonly name: string; readonly input: unknown }
  const once = <E>(command: Command, work: () => Result<Bytes32, E>) =>
    runCommand(deps.db, { ...command, atMs: deps.nowMs(), result: bytesOf(32) }, work)
  const ask = async (command: Command, wish: Ask) => {
    await deps.recalled()
    if (!deps.mayAsk()) return fail('not-acknowledged', 'First read who will read your tasks, and say that you have.')
    const asked = await deps.requester.ask(wish, (work) => once(command, work))
    if (asked.ok) return ok({ taskId: toHex(asked.value) })
    const { code, message } = asked.error
    return code === 'task-too-large' ? fail('invalid-input', message) : fail(code, message)
  }
  /** Asked again after the offer has gone, a task that took it is still that task. */
  const takenBefore = <E extends Failure>(command: Command, refused: Err<E>) => {
    const before = once(command, () => refused)
    return before.ok ? ok({ taskId: toHex(before.value) }) : before
  }
  return {
    ask: async ({ requestId, ...input }) => {
      const { prompt: written, placeholders = false, standsForMs = null, copies = 1, byHand = false, ...wish } = input
      const passed = await outgoing.pass(written, placeholders)
      if (!passed.ok) return fail('secret-found', passed.error.message)
      const { text: prompt, hidden } = passed.value
      return ask(
        { requestId, name: 'tasks.ask', input },
        { ...wish, prompt, hidden, standsForMs, copies, hold: holdFor(byHand), onlyProviderKey: null },
      )
    },
    take: async ({ requestId, ...input }) => {
      const { offerId, prompt: written, placeholders = false, standsForMs = null, byHand = false, ...rest } = input
      const command = { requestId, name: 'tasks.take', input }
      const passed = await outgoing.pass(written, placeholders)
      if (!passed.ok) return fail('secret-found', passed.error.message)
      const { text: prompt, hidden } = passed.value
      const wish = { ...rest, prompt, hidden }
      const needs = { ...wish, inputBucketBytes: taskBucketBytes(utf8(wish.prompt).length), firstTokenMs: null }
      const offer = deps.takeable(fromHex(offerId), needs)
      if (!offer.ok) return takenBefore(command, offer)
      const { classKey, providerKey, pricing } = offer.value
      const capMicro = worstCaseMicro(pricing, needs)
      // The provider may have dearer offers of the class: the one that was taken is the limit.
      return ask(command, {
        ...wish,
        classKey,
        mode: 'first',
        maxPriceMicro: capMicro,
        standsForMs,
        hold: holdFor(byHand),
        copies: 1,
        onlyProviderKey: providerKey,
      })
    },
    preview: async ({ prompt, placeholders }) => {
      const { text, findings, stopped } = await outgoing.look(prompt, placeholders)
      return ok({
        reads: text.slice(0, maxPromptLength),
        findings: findings.slice(0, maxPreviewFindings),
        problem:
          text.length > maxPromptLength
            ? 'With its placeholders the text is too long. Shorten it.'
            : stopped === null
              ? null
              : oneLine(stopped.message),
      })
    },
    ...draftHandlers(deps),
    cancel: ({ taskId }) => {
      const cancelled = deps.requester.cancel(fromHex(taskId))
      return cancelled.ok ? ok({}) : cancelled
    },
    get: ({ taskId }) => {
      const task = store.get(fromHex(taskId))
      if (task === null) return fail('not-found', 'There is no such task on this computer.')
      const attempts = store.attempts(task.id)
      const shown = attempts.find((attempt) => attempt.receipt !== null) ?? attempts.at(-1)
      const shownBids = bidRows(task, store.bids(task.id), deps)
      const prompt = fillIn(task.prompt, store.hidden(task.id)).slice(0, maxPromptLength)
      const isWhole = isOver(task.state) || shown?.finished === true
      return ok({
        ...summary(task, attempts),
        revision: task.revision,
        prompt,
        reads: prompt === task.prompt ? null : task.prompt,
        deadlineMs: task.deadlineMs,
        mode: task.mode,
        maxOutputTokens: task.maxOutputTokens,
        steps: store.steps(task.id).map((step) => ({ ...step, detail: oneLine(step.detail) })),
        bids: shownBids,
        answer: answers.shown(task.id, shown?.answer ?? '', isWhole),
        simulated: shownBids.some(({ outcome, backend }) => outcome === 'won' && backend === 'practice'),
        receipt: receiptOf(shown, deps),
        problem: task.problem === null ? null : oneLine(task.problem),
        hold: isOver(task.state) ? null : holdOf(store.holdOf(task.id)),
        copies: (task.copy === null ? [] : store.copiesOf(task.copy.first)).map(copyRow),
      })
    },
    search: ({ words, cursor, limit }) => {
      const found = search.page(words, cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor), limit)
      const last = found.at(-1)
      return ok({
        rows: found.flatMap(({ task: id, snippet }) => {
          const task = store.get(id)
          return task === null ? [] : [{ task: summary(task, store.attempts(id)), snippet: shownSnippet(snippet, store.hidden(id)) }]
        }),
        nextCursor: last === undefined || found.length < limit ? null : `${last.number}`,
        total: search.count(words),
      })
    },
    list: ({ cursor, limit }) => {
      const [atMs, id] = cursor === null ? [Number.MAX_SAFE_INTEGER, noId] : placeOf(cursor)
      const rows = store.page(atMs, id, limit)
      const last = rows.at(-1)
      return ok({
        rows: rows.map((task) => summary(task, store.attempts(task.id))),
        nextCursor: last === undefined || rows.length < limit ? null : `${last.askedAtMs}.${toHex(last.id)}`,
        total: store.count(),
      })
    },
  }
}

const holdFor = (byHand: boolean): string | null => (byHand ? waitsForOwner : null)

/** A task as lists show it, and as one of several copies. */
const rowsOf = ({ store, escrowOf }: Pick<TasksHandlersDeps, 'store' | 'escrowOf'>) => {
  const summary = (task: Task, attempts: readonly Attempt[]) => {
    const last = attempts.at(-1)
    const escrow = last?.escrow ?? null
    const state = escrow === null ? null : escrowOf(escrow)
    return {
      taskId: toHex(task.id),
      state: task.state,
      classKey: task.classKey,
      promptStart: Array.from(fillIn(task.prompt, store.hidden(task.id)).slice(0, promptStartLength))
        .slice(0, promptStartLength / 2)
        .join(''),
      askedAtMs: task.askedAtMs,
      maxPriceMicro: task.maxPriceMicro,
      priceMicro: state === null ? null : pricePaid(state),
      escrowId: escrow === null ? null : toHex(escrow),
      provider: state === null ? null : toHex(state.terms.provider),
    }
  }
  const copyRow = (copy: Task) => {
    const { taskId, state, provider, priceMicro, escrowId } = summary(copy, store.attempts(copy.id))
    return { taskId, state, provider, priceMicro, escrowId, agreementPpm: copy.copy?.agreementPpm ?? null }
  }
  return { summary, copyRow }
}

const placeOf = (cursor: string): readonly [number, Uint8Array] => {
  const match = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(cursor)
  return match === null ? [0, noId] : [Number(match[1]), fromHex(match[2] ?? '')]
}

/** One line, as its owner wrote it, cut after what the contract lets it have. */
const shownSnippet = (parts: readonly SnippetPart[], hidden: readonly HiddenRow[]) => {
  let left = maxSnippetLength
  return parts.slice(0, maxSnippetParts).flatMap(({ text, isHit }) => {
    const shown = oneLine(fillIn(text, hidden)).slice(0, left)
    left -= shown.length
    return shown === '' ? [] : [{ text: shown, isHit }]
  })
}

const oneLine = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, ' ').slice(0, 300)

type BidderStanding = OutputOf<MarketContract['tasks']['get']>['bids'][number]['standing']

/** The bids as they came, each with what it was ranked by. */
const bidRows = (
  task: Task,
  stored: readonly StoredBid[],
  { federationId, standingOf }: Pick<TasksHandlersDeps, 'federationId' | 'standingOf'>,
) => {
  const size = { inputBucketBytes: taskBucketBytes(utf8(task.prompt).length), maxOutputTokens: task.maxOutputTokens, firstTokenMs: null }
  const known = stored.flatMap(({ bid: encoded, atMs, outcome, reputationPpm, isPreferred: preferred }) => {
    const bid = bids.decode(encoded, federationId)
    if (!bid.ok) return []
    const { terms, backend, modelLabel } = bid.value.value
    const ranked = reputationPpm === null ? null : { standingPpm: reputationPpm, score: scoreOf(size, { terms, reputationPpm }) }
    return [{ terms, backend, modelLabel, atMs, outcome, ranked, preferred }]
  })
  const best = Math.max(Number.MIN_VALUE, ...known.map(({ ranked }) => ranked?.score ?? 0))
  const requests = [...new Set(known.map(({ terms }) => toHex(terms.requestHash)))]
  return known.map(({ terms, backend, modelLabel, atMs, outcome, ranked, preferred }) => ({
    provider: toHex(terms.provider),
    backend: contractBackend[backend],
    model: modelLabel,
    capMicro: terms.amountMicro,
    expectedMicro: expectedCostMicro(terms.pricing, size, terms.amountMicro),
    standing: standingOf(toHex(terms.provider)),
    ranked: ranked === null ? null : { standingPpm: ranked.standingPpm, scorePpm: Math.round((ranked.score / best) * 1e6) },
    promise: { firstTokenMs: terms.firstTokenMs, totalMs: Math.max(terms.firstTokenMs, terms.deliverByMs - atMs) },
    atMs,
    round: requests.indexOf(toHex(terms.requestHash)),
    preferred,
    outcome,
  }))
}

const receiptOf = (attempt: Attempt | undefined, deps: TasksHandlersDeps) => {
  if (attempt?.receipt === undefined || attempt.receipt === null || attempt.escrow === null) return null
  const signed = decodeBytes(signedReceiptCodec, attempt.receipt, maxDecreeBytes, 'stored receipt')
  const escrow = deps.escrowOf(attempt.escrow)
  if (!signed.ok || escrow === null) return null
  const { escrowId: _escrowId, transcriptHash, ...facts } = signed.value.receipt
  return { provider: toHex(escrow.terms.provider), transcriptHash: toHex(transcriptHash), ...facts }
}
