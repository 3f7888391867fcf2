/** The order book's copy on disk: signed envelopes as they came, verified again when they are read. */
export const ordersMigration = {
  version: 4,
  name: 'orders',
  sql: `
    CREATE TABLE book_order (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      side TEXT NOT NULL CHECK (side IN ('offer', 'request')),
      envelope BLOB NOT NULL,
      valid_until_ms INTEGER NOT NULL CHECK (valid_until_ms >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX book_order_by_end ON book_order (valid_until_ms);
  `,
} as const
