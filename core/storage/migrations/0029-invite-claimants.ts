/** Who has emptied the account of an invite that was made here, and when this node learnt of it; unknown while nobody has. */
export const inviteClaimantsMigration = {
  version: 29,
  name: 'invite-claimants',
  sql: `
    ALTER TABLE wallet_invite ADD COLUMN claimed_by BLOB CHECK (length(claimed_by) = 32);
    ALTER TABLE wallet_invite ADD COLUMN claimed_at_ms INTEGER CHECK (claimed_at_ms >= 0);
  `,
} as const
