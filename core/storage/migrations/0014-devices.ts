/** What this computer knows of the account's devices beside the chain: what they are called, and when they came and went. */
export const devicesMigration = {
  version: 14,
  name: 'devices',
  sql: `
    CREATE TABLE device (
      key BLOB PRIMARY KEY CHECK (length(key) = 32),
      -- Empty for one that another computer linked.
      name TEXT NOT NULL,
      -- Null while it is not certified, or nobody knows when it was.
      linked_at_ms INTEGER CHECK (linked_at_ms >= 0),
      is_revoked INTEGER NOT NULL CHECK (is_revoked IN (0, 1)),
      revoked_at_ms INTEGER CHECK (revoked_at_ms >= 0)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
