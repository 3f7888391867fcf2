/** What this side says in its disputes, what it ruled as an arbiter, and what a witness keeps for the parties and arbiters of others. */
export const disputesMigration = {
  version: 11,
  name: 'disputes',
  sql: `
    CREATE TABLE dispute_statement (
      escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
      role TEXT NOT NULL CHECK (role IN ('client', 'provider')),
      statement TEXT NOT NULL,
      salt BLOB NOT NULL CHECK (length(salt) = 32),
      shows_task INTEGER NOT NULL CHECK (shows_task IN (0, 1)),
      shows_answer INTEGER NOT NULL CHECK (shows_answer IN (0, 1)),
      -- Arbiters who can read what was last sent.
      readers INTEGER NOT NULL CHECK (readers BETWEEN 0 AND 9)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE arbiter_ruling (
      escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
      outcome TEXT NOT NULL CHECK (outcome IN ('release', 'refund', 'half')),
      signed_order BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE court_item (
      kind TEXT NOT NULL CHECK (kind IN ('case', 'seat', 'box', 'exhibit', 'ruling')),
      subject BLOB NOT NULL CHECK (length(subject) = 32),
      part BLOB NOT NULL CHECK (length(part) <= 32),
      body BLOB NOT NULL,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      PRIMARY KEY (kind, subject, part)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
