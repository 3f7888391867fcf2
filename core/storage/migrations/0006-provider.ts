/** What a provider agreed to and chose, whom it refuses, and what its jobs cost. */
export const providerMigration = {
  version: 6,
  name: 'provider',
  sql: `
    CREATE TABLE consent (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      body BLOB NOT NULL,
      -- Gone once it is withdrawn, so that it cannot be put back in force.
      signature BLOB CHECK (length(signature) = 64),
      text TEXT NOT NULL,
      key_ref TEXT,
      -- The latest time at which it was looked at: a clock set back does not bring it back.
      seen_ms INTEGER NOT NULL CHECK (seen_ms >= 0),
      revoked_at_ms INTEGER CHECK (revoked_at_ms >= 0),
      CHECK ((signature IS NULL) = (revoked_at_ms IS NOT NULL))
    ) STRICT;

    CREATE TABLE blocked_member (
      account BLOB PRIMARY KEY CHECK (length(account) = 32),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT, WITHOUT ROWID;

    -- What provider mode was last switched on with, and whether it still is; the credential itself is never here.
    CREATE TABLE provider_choice (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      choice TEXT NOT NULL CHECK (json_valid(choice)),
      is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
      -- 0 while not paused; -1 until somebody resumes it.
      paused_until_ms INTEGER NOT NULL CHECK (paused_until_ms >= -1)
    ) STRICT;

    ALTER TABLE job ADD COLUMN backend TEXT NOT NULL DEFAULT 'practice';
    ALTER TABLE job ADD COLUMN input_tokens INTEGER NOT NULL DEFAULT 0 CHECK (input_tokens >= 0);
    -- What the vendor bills for it, in thousandths of a cent; at its worst until the run says what it used.
    ALTER TABLE job ADD COLUMN cost_millicents INTEGER NOT NULL DEFAULT 0 CHECK (cost_millicents >= 0);
  `,
} as const
