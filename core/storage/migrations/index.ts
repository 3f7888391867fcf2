import { commandsMigration } from './0001-commands.ts'
import { walletMigration } from './0002-wallet.ts'
import { escrowMigration } from './0003-escrow.ts'
import { ordersMigration } from './0004-orders.ts'
import { tasksMigration } from './0005-tasks.ts'
import { providerMigration } from './0006-provider.ts'
import { statementsMigration } from './0007-statements.ts'
import { factsMigration } from './0008-facts.ts'
import { evidenceMigration } from './0009-evidence.ts'
import { ownerMigration } from './0010-owner.ts'
import { disputesMigration } from './0011-disputes.ts'
import { epochsMigration } from './0012-epochs.ts'
import { auditMigration } from './0013-audit.ts'
import { devicesMigration } from './0014-devices.ts'
import { wishesMigration } from './0015-wishes.ts'
import { taskProviderMigration } from './0016-task-provider.ts'
import { epochProposalsMigration } from './0017-epoch-proposals.ts'
import { stepTimesMigration } from './0018-step-times.ts'
import { placeholdersMigration } from './0019-placeholders.ts'
import { taskStandingMigration } from './0020-task-standing.ts'
import { taskHoldMigration } from './0021-task-hold.ts'
import { copiesMigration } from './0022-copies.ts'
import { taskSearchMigration } from './0023-task-search.ts'
import { taskCopiesMigration } from './0024-task-copies.ts'
import { taskDraftMigration } from './0025-task-draft.ts'
import { bidReputationMigration } from './0026-bid-reputation.ts'
import { providerBackendsMigration } from './0027-provider-backends.ts'
import { statementTimeMigration } from './0028-statement-time.ts'
import { inviteClaimantsMigration } from './0029-invite-claimants.ts'
import { opinionsMigration } from './0030-opinions.ts'

/**
 * The schema of `market.db`, in the order in which it came about. To add a migration: write the next numbered file with STRICT
 * tables and a CHECK for every amount and state, append it here, run `npx vitest run core/storage --update` to renew schema.sql, and
 * read what changed in it. A released migration is never edited. Another database file, such as a witness's, has a list of its own.
 */
export const marketMigrations = [
  commandsMigration,
  walletMigration,
  escrowMigration,
  ordersMigration,
  tasksMigration,
  providerMigration,
  statementsMigration,
  factsMigration,
  evidenceMigration,
  ownerMigration,
  disputesMigration,
  epochsMigration,
  auditMigration,
  devicesMigration,
  wishesMigration,
  taskProviderMigration,
  epochProposalsMigration,
  stepTimesMigration,
  placeholdersMigration,
  taskStandingMigration,
  taskHoldMigration,
  copiesMigration,
  taskSearchMigration,
  taskCopiesMigration,
  taskDraftMigration,
  bidReputationMigration,
  providerBackendsMigration,
  statementTimeMigration,
  inviteClaimantsMigration,
  opinionsMigration,
] as const
