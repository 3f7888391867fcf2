/** Sealed copies: which one this data folder left last, and, on a witness, what members left here. */
export const copiesMigration = {
  version: 22,
  name: 'copies',
  sql: `
    CREATE TABLE own_copy (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      slot BLOB NOT NULL CHECK (length(slot) = 16),
      version INTEGER NOT NULL CHECK (version >= 0),
      content_hash BLOB NOT NULL CHECK (length(content_hash) = 32)
    ) STRICT;

    CREATE TABLE kept_copy (
      account BLOB NOT NULL CHECK (length(account) = 32),
      slot BLOB NOT NULL CHECK (length(slot) = 16),
      version INTEGER NOT NULL CHECK (version >= 0),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      body BLOB NOT NULL CHECK (length(body) <= 40000),
      PRIMARY KEY (account, slot)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX kept_copy_by_time ON kept_copy (at_ms);
  `,
} as const
