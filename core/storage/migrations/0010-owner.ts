/** The owner's own share of what a provider gives, and every decision that the program made for it. */
export const ownerMigration = {
  version: 10,
  name: 'owner',
  sql: `
    CREATE TABLE owner_rules (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      rules TEXT NOT NULL CHECK (json_valid(rules))
    ) STRICT;

    CREATE TABLE own_use (
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
      cost_millicents INTEGER NOT NULL CHECK (cost_millicents >= 0)
    ) STRICT;
    CREATE INDEX own_use_by_time ON own_use (at_ms);

    -- Each entry's hash covers the one before it, so none can be changed or taken out of the middle unseen.
    CREATE TABLE audit_entry (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      kind TEXT NOT NULL,
      body TEXT NOT NULL CHECK (json_valid(body)),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX audit_by_time ON audit_entry (at_ms);

    -- How long entries are kept, and the last one that was deleted: what is left still hangs on it.
    CREATE TABLE audit_state (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      keep_days INTEGER NOT NULL CHECK (keep_days BETWEEN 1 AND 3650),
      anchor_number INTEGER NOT NULL CHECK (anchor_number >= 0),
      anchor_hash BLOB NOT NULL CHECK (length(anchor_hash) = 32)
    ) STRICT;
  `,
} as const
