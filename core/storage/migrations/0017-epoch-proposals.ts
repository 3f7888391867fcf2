/** Changes of the committee that are proposed and not decided yet. */
export const epochProposalsMigration = {
  version: 17,
  name: 'epoch-proposals',
  sql: `
    CREATE TABLE epoch_proposal (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      proposal BLOB NOT NULL,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
