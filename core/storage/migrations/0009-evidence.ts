/** Contradictions between signed statements, each proven by its own bytes; one row for each offence of a key at a place. */
export const evidenceMigration = {
  version: 9,
  name: 'evidence',
  sql: `
    CREATE TABLE evidence (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      piece BLOB NOT NULL,
      found_at_ms INTEGER NOT NULL CHECK (found_at_ms >= 0)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
