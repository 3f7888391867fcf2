/** Escrows this member is a party of: every certified step from the opening on, and what this side has signed or waits for. */
export const escrowMigration = {
  version: 3,
  name: 'escrow',
  sql: `
    CREATE TABLE escrow (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      role TEXT NOT NULL CHECK (role IN ('client', 'provider')),
      state BLOB NOT NULL,
      phase TEXT NOT NULL CHECK (phase IN ('open', 'delivered', 'disputed', 'panel', 'settled')),
      opened_at_ms INTEGER NOT NULL CHECK (opened_at_ms >= 0),
      receipt BLOB,
      receipt_at_ms INTEGER CHECK (receipt_at_ms >= 0),
      split_proposal BLOB,
      pending_move BLOB,
      CHECK ((receipt IS NULL) = (receipt_at_ms IS NULL)),
      CHECK (phase <> 'settled' OR pending_move IS NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX escrow_unsettled ON escrow (id) WHERE phase <> 'settled';
    CREATE INDEX escrow_listed ON escrow ((phase = 'settled'), -opened_at_ms, id);

    CREATE TABLE escrow_step (
      escrow BLOB NOT NULL REFERENCES escrow (id),
      step INTEGER NOT NULL CHECK (step BETWEEN 0 AND 5),
      decree BLOB NOT NULL,
      PRIMARY KEY (escrow, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE escrow_revision (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL CHECK (revision >= 0)
    ) STRICT;
    INSERT INTO escrow_revision VALUES (1, 0);
  `,
} as const
