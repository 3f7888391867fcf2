/** What this program decided for its owner, each entry hashed with the one before it; `audit_mark` holds the signed ends of the chain. */
export const auditMigration = {
  version: 13,
  name: 'audit',
  sql: `
    CREATE TABLE audit_entry (
      seq INTEGER PRIMARY KEY CHECK (seq >= 1),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      kind TEXT NOT NULL,
      outcome TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 64),
      rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 64),
      member BLOB CHECK (length(member) = 32),
      reference BLOB CHECK (length(reference) = 32),
      times INTEGER NOT NULL CHECK (times >= 1),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX audit_entry_by_time ON audit_entry (at_ms);

    CREATE TABLE audit_mark (
      place TEXT PRIMARY KEY CHECK (place IN ('start', 'end')),
      seq INTEGER NOT NULL CHECK (seq >= 0),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT;

    CREATE TABLE audit_setting (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      keep_days INTEGER CHECK (keep_days >= 1)
    ) STRICT;
  `,
} as const
