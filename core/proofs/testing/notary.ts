import { openEscrow } from '../../escrow/model.ts'
import { designatedOrder } from '../../escrow/panel.ts'
import { committeeOf, creditsOfFederation, foundFederation, settlementRulesOf, type Federation } from '../../federation/federation.ts'
import { defaultLimits } from '../../federation/limits.ts'
import { keyFromSeed } from '../../identity/ed25519.ts'
import { peerIdOfSeed } from '../../identity/peer-id.ts'
import { createSigner, type Signer } from '../../identity/signing.ts'
import { compareBytes, equalBytes, sha256, toHex, utf8 } from '../../platform/bytes.ts'
import { initialAccount } from '../../settlement/account.ts'
import { birthOf } from '../../settlement/account-id.ts'
import { txHash } from '../../settlement/encoding.ts'
import { createEpochBook } from '../../settlement/epoch-book.ts'
import { epochTx, foundedState } from '../../settlement/federation-chain.ts'
import {
  quorumOf,
  type AccountOperation,
  type AccountState,
  type AccountTx,
  type AuthorisationRole,
  type AuthorisedTx,
  type Credit,
  type Decree,
  type EscrowMove,
  type EscrowState,
  type EscrowTerms,
  type RulingOutcome,
  type Statement,
  type Witness,
} from '../../settlement/objects.ts'
import { seedKeyOf } from '../../settlement/seed-share.ts'
import { authorise, signReceipt, signStatement, signTerms } from '../../settlement/signatures.ts'
import { advanceAccount, advanceEscrow, provenCredits } from '../../settlement/verify.ts'
import { readProof, type ProofSources } from '../export.ts'
import type { Subject } from '../file.ts'

/** A federation whose witnesses sign whatever a test wants to show, so that a proof can be right but for one thing. */
export type Notary = ReturnType<typeof createNotary>

const seedOf = (name: string): Uint8Array => sha256(utf8(name))
export const signerOf = (name: string): Signer => createSigner(keyFromSeed(seedOf(name)))
const seedKeyFor = (name: string) => seedKeyOf(seedOf(name), signerOf(name).publicKey)
const witnessOf = (name: string): Witness => ({
  publicKey: signerOf(name).publicKey,
  peerId: peerIdOfSeed(seedOf(`node of ${name}`)),
  addresses: [],
  seedKey: seedKeyFor(name).publicKey,
})
const supplyMicro = 1_000_000_000n

const found = (title: string, witnesses: readonly string[]): Federation => {
  const federation = foundFederation(
    {
      name: title,
      kind: 'practice',
      organisation: null,
      witnesses: witnesses.map(witnessOf),
      faults: (witnesses.length - 1) / 3,
      arbiters: ['ada', 'bea'].map((name) => ({ name, publicKey: signerOf(name).publicKey, weight: 1, operator: '' })),
      supply: [{ firstKey: signerOf('alice').publicKey, amountMicro: supplyMicro }],
      feePpm: 0,
      createdAtMs: 1_750_000_000_000,
      limits: defaultLimits.practice,
    },
    signerOf('founder'),
  )
  if (!federation.ok) throw new Error(federation.error.message)
  return federation.value
}

type Certifying = {
  readonly epoch?: number
  readonly signers?: readonly (readonly [number, string])[]
  readonly statement?: Partial<Statement>
}

export const createNotary = (title = 'Proofs', first: readonly string[] = ['w0', 'w1', 'w2', 'w3']) => {
  const federation = found(title, first)
  const epochs = createEpochBook(foundedState(committeeOf(federation), federation.genesis.createdAtMs), federation.genesis.limits)
  const rules = settlementRulesOf(federation, epochs)
  const genesisCredits = creditsOfFederation(federation)
  const names: (readonly string[])[] = [first]
  const escrowChains = new Map<string, Decree[]>()
  const proofs = new Map<string, readonly Decree[]>(genesisCredits.map(({ id }) => [toHex(id), []]))

  const certify = ({ tx, authorisations }: AuthorisedTx, { epoch = tx.governance.epoch, signers, statement }: Certifying = {}): Decree => {
    const committee = epochs.get(epoch)?.committee
    if (committee === undefined) throw new Error(`there is no epoch ${epoch}`)
    const said: Statement = {
      governance: { federationId: federation.id, epoch },
      objectId: tx.objectId,
      step: tx.step,
      view: 0,
      kind: 'F',
      txHash: txHash(tx),
      ...statement,
    }
    const by = signers ?? (names[epoch] ?? []).map((name, index) => [index, name] as const).slice(0, quorumOf(committee))
    const signatures = by.map(([index, name]) => {
      const { witnessIndex, signature } = signStatement(said, index, signerOf(name))
      return { witnessIndex, signature }
    })
    return { tx, authorisations, certificate: { statement: said, signatures } }
  }

  /** Begins the next epoch with these witnesses. */
  const change = (members: readonly string[]): Decree => {
    const head = epochs.head()
    const startsAtMs = head.startsAtMs + 1_000
    const tx = epochTx(head, { witnesses: members.map(witnessOf), faults: (members.length - 1) / 3, arbiters: [], startsAtMs })
    const endorsers = (names[head.step] ?? []).slice(0, quorumOf(head.committee))
    const decree = certify({ tx, authorisations: endorsers.map((name) => authorise(tx, 'member', signerOf(name))) })
    const refusal = epochs.take(decree)
    if (refusal !== null) throw new Error(refusal)
    names.push(members)
    return decree
  }

  const learn = (decrees: readonly Decree[]): readonly Credit[] => {
    const proven = provenCredits(decrees, { rules, genesisCredits })
    if (!proven.ok) throw new Error(proven.error.message)
    for (const { credit, proof } of proven.value) proofs.set(toHex(credit.id), proof)
    return proven.value.map(({ credit }) => credit)
  }

  const member = (name: string) => {
    const signer = signerOf(name)
    let state: AccountState = initialAccount(birthOf(federation.id), signer.publicKey)
    const chain: Decree[] = []
    const order = (
      operation: AccountOperation,
      claims: readonly Credit[] = [],
      {
        by = signer,
        nextEpoch = state.governance.epoch,
        body = {},
      }: { by?: Signer; nextEpoch?: number; body?: Partial<AccountTx['body']> } = {},
    ): AuthorisedTx & { readonly tx: AccountTx } => {
      const spent =
        operation.kind === 'transfer' ? operation.amountMicro : operation.kind === 'open-escrow' ? operation.terms.amountMicro : 0n
      const sorted = claims.toSorted((a, b) => compareBytes(a.id, b.id))
      const freeAfterMicro = sorted.reduce((sum, { amountMicro }) => sum + amountMicro, state.freeMicro) - spent
      const tx: AccountTx = {
        version: 1,
        type: 'account',
        objectId: state.id,
        step: state.step + 1,
        previousHash: state.headHash,
        governance: state.governance,
        next: { ...state.governance, epoch: nextEpoch },
        body: { claims: sorted.map(({ id }) => id), operation, freeAfterMicro, ...body },
      }
      return { tx, authorisations: [authorise(tx, 'owner', by)] }
    }
    /** Appends a decree to the chain, whatever it is worth. */
    const append = (decree: Decree): Decree => {
      chain.push(decree)
      if (decree.tx.type !== 'account') return decree
      const { tx, authorisations } = decree
      const applied = advanceAccount(
        state.step < 0 ? null : state,
        { tx, authorisations, certificate: decree.certificate },
        {
          rules,
          creditOf: (id) => creditNamed(id),
          isClaimed: () => false,
        },
      )
      if (applied.ok) state = applied.value.state
      return decree
    }
    const sources: ProofSources = {
      federation,
      epochs,
      accountId: state.id,
      lastStep: () => chain.length - 1,
      ownDecree: (step) => chain[step] ?? null,
      proofOf: (id) => proofs.get(toHex(id)) ?? null,
      escrowDecrees: (id) => escrowChains.get(toHex(id)) ?? [],
      decreeOf: (hash) => chain.find(({ tx }) => equalBytes(txHash(tx), hash)) ?? null,
    }
    return {
      id: state.id,
      signer,
      state: () => state,
      chain,
      order,
      append,
      sources,
      do: (...args: Parameters<typeof order>) => append(certify(order(...args))),
      pay: (to: Uint8Array, amountMicro: bigint, claims: readonly Credit[] = [], memo = '') =>
        append(certify(order({ kind: 'transfer', to, amountMicro, memo, nonce: new Uint8Array(16) }, claims))),
    }
  }
  type Member = ReturnType<typeof member>

  const creditNamed = (id: Uint8Array): Credit | null => {
    const genesis = genesisCredits.find((credit) => equalBytes(credit.id, id))
    const proof = proofs.get(toHex(id)) ?? []
    return genesis ?? learn(proof).find((credit) => equalBytes(credit.id, id)) ?? null
  }

  /** An escrow of 5 RUV, certified; `move` appends its next step. */
  const openEscrowBetween = (client: Member, provider: Member, claims: readonly Credit[] = [], by: Signer = client.signer) => {
    const terms: EscrowTerms = {
      client: client.id,
      clientKey: by.publicKey,
      provider: provider.id,
      providerKey: provider.signer.publicKey,
      amountMicro: 5_000_000n,
      classKey: 'practice/small',
      pricing: { perTaskMicro: 0n, perThousandInputTokensMicro: 1_000n, perThousandOutputTokensMicro: 2_000n, minimumMicro: 0n },
      taskCommit: seedOf('task'),
      requestHash: seedOf('request'),
      firstTokenMs: 1_000,
      totalMs: 30_000,
      lateReductionPpm: 200_000,
      deliverByMs: 1_750_000_600_000,
      reviewMs: 120_000,
      ruleMs: 120_000,
      panel: { size: 1, quorum: 1 },
      defaultOutcome: 'split-half',
      acceptValidUntilMs: 1_750_000_060_000,
      nonce: new Uint8Array(16),
    }
    const opening = client.do({ kind: 'open-escrow', terms, acceptSignature: signTerms(federation.id, terms, provider.signer) }, claims, {
      by,
    })
    const chain = [opening]
    let state: EscrowState | null = opening.tx.type === 'account' ? openEscrow(opening.tx) : null
    if (state === null) throw new Error('no escrow')
    escrowChains.set(toHex(state.id), chain)
    const { id } = state
    const signerFor = (role: AuthorisationRole): Signer => {
      if (role === 'arbiter')
        return signerOf(epochs.get(state?.governance.epoch ?? 0)?.committee.arbiters[state?.panel?.[0] ?? 0]?.name ?? '')
      return role === 'client' ? client.signer : provider.signer
    }
    const orderOf = (body: EscrowMove, roles: readonly AuthorisationRole[]): AuthorisedTx => {
      if (state === null) throw new Error('no escrow')
      const header = { version: 1, objectId: id, step: state.step + 1, previousHash: state.headHash } as const
      const tx = { ...header, governance: state.governance, next: state.governance, type: 'escrow', body } as const
      return { tx, authorisations: roles.map((role) => authorise(tx, role, signerFor(role))) }
    }
    const append = (decree: Decree): Decree => {
      chain.push(decree)
      const applied = advanceEscrow(state, decree, rules)
      if (applied.ok) state = applied.value.state
      return decree
    }
    const move = (body: EscrowMove, roles: readonly AuthorisationRole[]) => append(certify(orderOf(body, roles)))
    /** From the delivery to the ruling of the one arbiter whom the lot seats. */
    const judge = (priceMicro: bigint, outcome: RulingOutcome): void => {
      const atMs = 1_750_000_100_000
      move({ kind: 'deliver', atMs, resultHash: seedOf('result'), priceMicro, recused: [] }, ['provider'])
      move({ kind: 'dispute', atMs, reasonHash: seedOf('reason'), recused: [] }, ['client'])
      const [committee, disputeHash] = [epochs.get(state?.governance.epoch ?? 0)?.committee, state?.dispute?.txHash]
      if (committee === undefined || disputeHash === undefined) throw new Error('no dispute')
      const shares = designatedOrder(committee, disputeHash)
        .slice(0, committee.faults + 1)
        .map((witnessIndex) => {
          const name = names[committee.epoch]?.[witnessIndex] ?? ''
          const share = seedKeyFor(name).share({ federationId: federation.id, escrowId: id, disputeHash })
          return { witnessIndex, share }
        })
      move({ kind: 'seat-panel', shares }, [])
      move({ kind: 'rule', outcome }, ['arbiter'])
    }
    const receiptOf = (priceMicro: bigint) =>
      signReceipt(
        federation.id,
        {
          escrowId: id,
          priceMicro,
          inputTokens: 1_000,
          outputTokens: 500,
          transcriptHash: seedOf('transcript'),
          startedAtMs: 1_750_000_010_000,
          firstTokenAtMs: 1_750_000_010_400,
          finishedAtMs: 1_750_000_019_000,
        },
        provider.signer,
      )
    return {
      id,
      chain,
      orderOf,
      append,
      receiptOf,
      move,
      judge,
      release: (priceMicro: bigint) => append(certify(orderOf({ kind: 'release', receipt: receiptOf(priceMicro) }, ['client']))),
    }
  }

  return { federation, epochs, rules, genesis: genesisCredits, names, certify, change, learn, member, openEscrowBetween }
}

/** All pages of a proof. */
export const proofText = (sources: ProofSources, subject: Subject): string => {
  let text = ''
  for (let cursor: string | null = null; ;) {
    const page = readProof(sources, subject, cursor)
    if (!page.ok) throw new Error(page.error.message)
    text += page.value.part
    cursor = page.value.nextCursor
    if (cursor === null) return text
  }
}

/**
 * Alice owns the supply, pays Bob, lets him work for her twice, and both go on under the next committee: every way in which credits
 * come to be is in it.
 */
export const createStory = () => {
  const notary = createNotary()
  const [alice, bob] = [notary.member('alice'), notary.member('bob')]
  const paid = alice.pay(bob.id, 10_000_000n, notary.genesis, 'for the groceries')
  const work = notary.openEscrowBetween(alice, bob)
  work.release(3_000_000n)
  const failed = notary.openEscrowBetween(alice, bob)
  failed.move({ kind: 'refund' }, ['provider'])
  const change = notary.change(['w0', 'w1', 'w2', 'w4'])
  const [transferred, fromWork, fromFailed] = [[paid], work.chain, failed.chain].map(notary.learn) as [Credit[], Credit[], Credit[]]
  const of = (credits: readonly Credit[], account: Uint8Array) => credits.filter((credit) => equalBytes(credit.account, account))
  bob.do({ kind: 'transfer', to: alice.id, amountMicro: 1_000_000n, memo: 'thanks' }, [...transferred, ...of(fromWork, bob.id)], {
    nextEpoch: 1,
  })
  alice.do({ kind: 'register-device', deviceKey: signerOf('laptop').publicKey }, of(fromWork, alice.id), { nextEpoch: 1 })
  alice.do({ kind: 'claim-only' }, of(fromFailed, alice.id), { by: signerOf('laptop') })
  bob.pay(alice.id, 2_000_000n)
  return { notary, alice, bob, work, failed, change, paid }
}
