/** The member's own account: its chain of decrees, credits with their proofs, what is signed but not decided, and every movement. */
export const walletMigration = {
  version: 2,
  name: 'wallet',
  sql: `
    CREATE TABLE wallet_account (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      account BLOB NOT NULL CHECK (length(account) = 32),
      state BLOB NOT NULL,
      total_available_micro INTEGER NOT NULL CHECK (total_available_micro BETWEEN 0 AND 9000000000000000),
      locked_micro INTEGER NOT NULL CHECK (locked_micro BETWEEN 0 AND 9000000000000000),
      revision INTEGER NOT NULL CHECK (revision >= 0)
    ) STRICT;

    CREATE TABLE wallet_decree (
      step INTEGER PRIMARY KEY CHECK (step >= 0),
      tx_hash BLOB NOT NULL UNIQUE CHECK (length(tx_hash) = 32),
      decree BLOB NOT NULL
    ) STRICT;

    CREATE TABLE wallet_credit (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      amount_micro INTEGER NOT NULL CHECK (amount_micro BETWEEN 0 AND 9000000000000000),
      source_hash BLOB NOT NULL CHECK (length(source_hash) = 32),
      output_index INTEGER NOT NULL CHECK (output_index >= 0),
      proof BLOB NOT NULL,
      claimed INTEGER NOT NULL CHECK (claimed IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX wallet_credit_unclaimed ON wallet_credit (amount_micro) WHERE claimed = 0;

    CREATE TABLE wallet_claim (
      credit BLOB PRIMARY KEY CHECK (length(credit) = 32),
      step INTEGER NOT NULL REFERENCES wallet_decree (step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE wallet_pending (
      step INTEGER PRIMARY KEY CHECK (step >= 0),
      tx_hash BLOB NOT NULL UNIQUE CHECK (length(tx_hash) = 32),
      authorised_tx BLOB NOT NULL,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT;

    CREATE TABLE wallet_request (
      request_id TEXT PRIMARY KEY CHECK (length(request_id) BETWEEN 1 AND 64),
      operation_hash BLOB NOT NULL CHECK (length(operation_hash) = 32),
      tx_hash BLOB NOT NULL CHECK (length(tx_hash) = 32)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE wallet_movement (
      id INTEGER PRIMARY KEY,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      kind TEXT NOT NULL CHECK (kind IN ('genesis', 'transfer', 'invite', 'lock', 'release', 'refund', 'split', 'ruling', 'claim')),
      available_delta_micro INTEGER NOT NULL,
      locked_delta_micro INTEGER NOT NULL,
      amount_micro INTEGER NOT NULL CHECK (amount_micro BETWEEN 0 AND 9000000000000000),
      counterparty BLOB CHECK (length(counterparty) = 32),
      escrow BLOB CHECK (length(escrow) = 32),
      tx_hash BLOB NOT NULL CHECK (length(tx_hash) = 32),
      memo TEXT NOT NULL
    ) STRICT;
    CREATE INDEX wallet_movement_by_counterparty ON wallet_movement (counterparty);

    CREATE TABLE wallet_invite (
      account BLOB PRIMARY KEY CHECK (length(account) = 32),
      request_id TEXT NOT NULL UNIQUE CHECK (length(request_id) BETWEEN 1 AND 64),
      key_index INTEGER NOT NULL UNIQUE CHECK (key_index BETWEEN 0 AND 2147483647),
      amount_micro INTEGER NOT NULL CHECK (amount_micro BETWEEN 1 AND 9000000000000000),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE wallet_invite_claim (
      account BLOB PRIMARY KEY CHECK (length(account) = 32),
      authorised_tx BLOB NOT NULL,
      sponsor BLOB NOT NULL CHECK (length(sponsor) = 32),
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
