import type { MarketContract } from './contract/contract.ts'
import type { Handlers } from './contract/dispatcher.ts'
import type { Escrows } from './escrow/service.ts'
import type { Federation } from './federation/federation.ts'
import { proofsHandlers } from './proofs/handlers.ts'
import type { Epochs } from './settlement/epochs.ts'
import type { Wallet } from './wallet/service.ts'

/** What this node can prove to strangers: its account, its escrows, and the payments it knows. */
export const provingHandlers = (
  federation: Federation,
  epochs: Epochs,
  { wallet, escrows }: { readonly wallet: Wallet; readonly escrows: Escrows },
): Handlers<MarketContract>['proofs'] =>
  proofsHandlers({
    federation,
    epochs,
    accountId: wallet.accountId,
    lastStep: () => wallet.summary().step,
    ownDecree: wallet.ownDecree,
    proofOf: wallet.proofOf,
    escrowDecrees: escrows.decrees,
    decreeOf: wallet.decreeOf,
  })
