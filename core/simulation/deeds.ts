import { assert } from '../platform/assert.ts'
import { sha256, toHex, utf8 } from '../platform/bytes.ts'
import { txHash } from '../settlement/encoding.ts'
import type { Bytes32, EscrowTerms, ObjectId, SignedUsageReceipt, Signature } from '../settlement/objects.ts'
import { signReceipt, signTerms } from '../settlement/signatures.ts'
import type { Adversary } from './adversary.ts'
import { createConcessions } from './concessions.ts'
import { disputeOf } from './court.ts'
import type { PartyProcess, Running } from './party-process.ts'
import type { PlannedEvent, Story } from './plan.ts'
import type { World } from './world.ts'

/** What honest parties do when the plan says so. Whoever is down then does nothing. */
export type Deeds = {
  /** Somebody who is not sure any more asks for every payment once more, under its old request id. */
  readonly payAgain: (party: number) => void
  readonly transfer: (event: Extract<PlannedEvent, { readonly kind: 'transfer' }>) => void
  readonly open: (event: Extract<PlannedEvent, { readonly kind: 'open' }>) => void
  /** An escrow has come further: perhaps far enough for a side that gives in. */
  readonly moved: (id: ObjectId) => void
}

const complaintMs = 1_000

export const createDeeds = (world: World, people: readonly PartyProcess[], twin: PartyProcess | null, adversary: Adversary): Deeds => {
  const { federation, scheduler, auditor } = world
  const { parties, rules } = federation
  let opened = 0

  let turns = 0
  /** Whoever has two computers works on them in turn. */
  const runningAt = (index: number): Running | null => {
    const isSecond = index === 0 && twin !== null && turns++ % 2 === 1
    const person = isSecond && !twin.isGone() ? twin : people[index]
    return person?.running() ?? null
  }
  const partyAt = (index: number) => {
    const party = parties[index]
    assert(party !== undefined, 'a party of the plan')
    return party
  }

  const termsOf = (
    event: Extract<PlannedEvent, { readonly kind: 'open' }>,
    clientKey: Bytes32,
  ): { readonly terms: EscrowTerms; readonly acceptSignature: Signature } => {
    const [client, provider] = [partyAt(event.client), partyAt(event.provider)]
    const nowMs = scheduler.nowMs()
    const number = sha256(utf8(`escrow ${opened++}`))
    const terms: EscrowTerms = {
      client: client.account,
      clientKey,
      provider: provider.account,
      providerKey: provider.signer.publicKey,
      amountMicro: BigInt(event.amountMicro),
      classKey: 'practice-small',
      pricing: { perTaskMicro: 0n, perThousandInputTokensMicro: 0n, perThousandOutputTokensMicro: 0n, minimumMicro: 0n },
      taskCommit: number,
      requestHash: number,
      firstTokenMs: 1_000,
      totalMs: 60_000,
      lateReductionPpm: 0,
      deliverByMs: nowMs + event.workMs,
      reviewMs: event.reviewMs,
      // A panel is seated within seconds; whether it rules in time is up to the arbiters.
      ruleMs: world.plan.court.ruleReviews * event.reviewMs,
      panel: world.plan.court.panel,
      defaultOutcome: 'split-half',
      acceptValidUntilMs: nowMs + event.workMs,
      nonce: number.slice(0, 16),
    }
    return { terms, acceptSignature: signTerms(rules.federationId, terms, provider.signer) }
  }

  /** Runs for whoever is up at that time. */
  const later = (afterMs: number | null, who: number, act: (running: Running) => void): void => {
    if (afterMs === null) return
    scheduler.at(scheduler.nowMs() + afterMs, () => {
      const running = runningAt(who)
      if (running !== null) act(running)
    })
  }

  const receiptOf = (id: ObjectId, terms: EscrowTerms, story: Story, provider: number): SignedUsageReceipt => {
    const nowMs = scheduler.nowMs()
    const priceMicro = BigInt(Math.floor(Number(terms.amountMicro) * story.priceShare))
    const times = { startedAtMs: nowMs, firstTokenAtMs: nowMs, finishedAtMs: nowMs }
    const receipt = { escrowId: id, priceMicro, inputTokens: 1, outputTokens: 1, transcriptHash: sha256(id), ...times }
    return signReceipt(rules.federationId, receipt, partyAt(provider).signer)
  }

  const moved = (what: string) => (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
    world.note(`${what}: ${result.ok ? 'done' : result.error?.code}`)

  /** As soon as there is something to complain of, for as long as there may be. */
  const complain = (id: ObjectId, client: number, { life, escrows, driver, signer }: Running): void => {
    const tracked = escrows.get(id)
    if (tracked === null || tracked.state.phase === 'open') return later(complaintMs, client, (running) => complain(id, client, running))
    if (tracked.state.phase !== 'delivered') return
    const order = disputeOf(tracked.state, life.clock.nowMs(), signer)
    void driver.decide(order, escrows.decrees(id)).then((outcome) => {
      moved('dispute')(outcome)
      if (outcome.ok) void escrows.receive(outcome.value)
    })
  }

  const tellStory = (id: ObjectId, terms: EscrowTerms, event: Extract<PlannedEvent, { readonly kind: 'open' }>): void => {
    const { client, provider } = event
    later(event.answerAfterMs, provider, ({ escrows, tell }) => {
      const receipt = receiptOf(id, terms, event, provider)
      if (escrows.noteReceipt(receipt).ok) tell(terms.client, { kind: 'receipt', receipt })
    })
    later(event.releaseAfterMs, client, ({ escrows }) => void escrows.release(id).then(moved('release')))
    later(event.refundAfterMs, provider, ({ escrows }) => void escrows.refund(id).then(moved('refund')))
    later(event.disputeAfterMs, client, (running) => complain(id, client, running))
    later(event.splitAfterMs, client, ({ escrows, tell }) => {
      const proposed = escrows.proposeSplit(id, terms.amountMicro / 3n)
      if (proposed.ok) tell(terms.provider, { kind: 'split', order: proposed.value })
    })
    later(event.splitAfterMs === null ? null : event.splitAfterMs + 1_000, provider, ({ escrows }) => {
      void escrows.acceptSplit(id, terms.amountMicro / 3n).then(moved('split'))
    })
  }

  /** Whoever has one computer, and went on from no older copy of its disk, is never told that another one was faster. */
  const ended =
    (what: string, party: number) =>
    (result: { readonly ok: boolean; readonly error?: { readonly code: string; readonly message: string } }) => {
      moved(what)(result)
      const isAlone = (party > 0 || twin === null) && !world.plan.events.some((event) => event.kind === 'put-back' && event.party === party)
      if (isAlone && result.error?.message.startsWith('Another device') === true)
        auditor.violate('wishes', `a ${what} of party ${party} was overtaken, though it has no other computer`)
    }

  const concessions = createConcessions(world, later)

  const asked: Extract<PlannedEvent, { readonly kind: 'transfer' }>[] = []
  const pay = ({ from, to, amountMicro, atMs }: (typeof asked)[number], { wallet }: Running): void =>
    void wallet.transfer(partyAt(to).account, BigInt(amountMicro), '', `transfer ${from} ${atMs}`).then(ended('transfer', from))

  return {
    moved: concessions.moved,
    payAgain: (party) => {
      const running = people[party]?.running() ?? null
      if (running !== null) for (const payment of asked) if (payment.from === party) pay(payment, running)
    },
    transfer: (payment) => {
      const { from, to, amountMicro } = payment
      const running = runningAt(from)
      if (running === null) return adversary.pay(from, partyAt(to).account, BigInt(amountMicro))
      asked.push(payment)
      pay(payment, running)
    },
    open: (event) => {
      const running = runningAt(event.client)
      const { terms, acceptSignature } = termsOf(event, (running ?? partyAt(event.client)).signer.publicKey)
      if (event.client >= people.length) return adversary.open(event.client, terms, acceptSignature)
      if (running === null) return
      void running.wallet.openEscrow(terms, acceptSignature, `open ${toHex(terms.nonce)}`).then((result) => {
        ended('open', event.client)(result)
        if (!result.ok) return
        running.tell(terms.provider, { kind: 'decree', decree: result.value })
        auditor.reach('an honest party opened an escrow')
        concessions.begin(txHash(result.value.tx), event)
        tellStory(txHash(result.value.tx), terms, event)
      })
    },
  }
}
