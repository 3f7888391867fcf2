/** Payments of this account by the wish behind them, as the chain itself says: an older copy of this file learns them with the chain. */
export const wishesMigration = {
  version: 15,
  name: 'wishes',
  sql: `
    CREATE TABLE wallet_wish (
      nonce BLOB PRIMARY KEY CHECK (length(nonce) = 16),
      tx_hash BLOB NOT NULL CHECK (length(tx_hash) = 32)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
