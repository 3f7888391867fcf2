/** The owner's own share of what a provider gives. */
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
  `,
} as const
