/** What a member says about itself: that it belongs to the organisation, what it has read, what it was allowed in writing. */
export const statementsMigration = {
  version: 7,
  name: 'statements',
  sql: `
    CREATE TABLE member_statement (
      kind TEXT PRIMARY KEY CHECK (kind IN ('attestation', 'acknowledgement', 'vendor-approval')),
      body BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
} as const
