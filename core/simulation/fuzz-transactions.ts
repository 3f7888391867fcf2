import type { AccountOperation, EscrowMove, EscrowTerms, FederationTx, SignedUsageReceipt, Tx } from '../settlement/objects.ts'
import { shareBytes } from '../settlement/seed-share.ts'
import { ofEveryKind } from './fuzz-subject.ts'

/** They only have to be of the right length. */
export const hash = new Uint8Array(32).fill(7)
export const signature = new Uint8Array(64).fill(8)
export const atMs = 1_760_000_000_000

export const receipt: SignedUsageReceipt = {
  receipt: {
    escrowId: hash,
    priceMicro: 5n,
    inputTokens: 10,
    outputTokens: 20,
    transcriptHash: hash,
    startedAtMs: atMs,
    firstTokenAtMs: atMs + 100,
    finishedAtMs: atMs + 200,
  },
  providerSignature: signature,
}

const moves = ofEveryKind<EscrowMove>({
  release: { receipt },
  refund: {},
  split: { toProviderMicro: 3n },
  deliver: { atMs, resultHash: hash, priceMicro: 4n, recused: [1, 2] },
  'expire-refund': {},
  'expire-release': {},
  dispute: { atMs, reasonHash: hash, recused: [] },
  'seat-panel': { shares: [{ witnessIndex: 3, share: new Uint8Array(shareBytes) }] },
  rule: { outcome: 'half' },
  'expire-default': {},
})

const operations = (terms: EscrowTerms): readonly AccountOperation[] => {
  const transfer = { to: hash, amountMicro: 5n, memo: 'For the cake.' }
  return [
    ...ofEveryKind<AccountOperation>({
      transfer,
      'open-escrow': { terms, acceptSignature: signature },
      'register-device': { deviceKey: hash },
      'revoke-device': { deviceKey: hash },
      'rotate-key': { newKey: hash },
      'claim-only': {},
    }),
    { kind: 'transfer', ...transfer, nonce: new Uint8Array(16) },
  ]
}

/** One of every kind at the same place: each operation of an account, each move of an escrow, and the next committee. */
export const transactions = (
  { governance, step }: Pick<Tx, 'governance' | 'step'>,
  terms: EscrowTerms,
): { readonly epoch: FederationTx; readonly txs: readonly Tx[] } => {
  const head = { version: 1, objectId: hash, step, previousHash: hash, governance, next: governance } as const
  const epoch: FederationTx = {
    ...head,
    type: 'federation',
    body: {
      witnesses: [{ publicKey: hash, peerId: 'some peer', addresses: ['/ip4/192.0.2.1/tcp/4001'], seedKey: new Uint8Array(48) }],
      faults: 0,
      arbiters: [{ name: 'Ada', publicKey: hash, weight: 2, operator: 'ada.example' }],
      startsAtMs: atMs,
    },
  }
  const txs: readonly Tx[] = [
    ...operations(terms).map((operation) => ({
      ...head,
      type: 'account' as const,
      body: { claims: [hash], operation, freeAfterMicro: 9n },
    })),
    ...moves.map((body) => ({ ...head, type: 'escrow' as const, body })),
    epoch,
  ]
  return { epoch, txs }
}
