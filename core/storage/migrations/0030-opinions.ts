/**
 * What this member keeps in mind of others, one word for each of their roles; whom a provider had blocked until now is one of them. And
 * whether such a word preferred a bid when its auction was decided.
 */
export const opinionsMigration = {
  version: 30,
  name: 'opinions',
  sql: `
    CREATE TABLE opinion (
      account BLOB NOT NULL CHECK (length(account) = 32),
      -- Of the other one: as the provider of my tasks, or as the client of what I provide.
      role TEXT NOT NULL CHECK (role IN ('provider', 'client')),
      word TEXT NOT NULL CHECK (word IN ('again', 'never')),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      PRIMARY KEY (account, role),
      CHECK (role = 'provider' OR word = 'never')
    ) STRICT, WITHOUT ROWID;
    INSERT INTO opinion SELECT account, 'client', 'never', at_ms FROM blocked_member;
    DROP TABLE blocked_member;

    ALTER TABLE task_bid ADD COLUMN preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1));
  `,
} as const
