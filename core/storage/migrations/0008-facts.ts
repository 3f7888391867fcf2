/** Facts of the whole federation that carry their own proof: settled escrows, who brought in whom, and whose fault a failure was. */
export const factsMigration = {
  version: 8,
  name: 'facts',
  sql: `
    -- What every fact has: its proof as it is handed on. Days are UTC; day 0 holds what carries no time.
    CREATE TABLE fact (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      kind TEXT NOT NULL CHECK (kind IN ('settlement', 'introduction', 'note')),
      day INTEGER NOT NULL CHECK (day >= 0),
      proof BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX fact_by_day ON fact (day, id);

    CREATE TABLE settlement_fact (
      id BLOB PRIMARY KEY REFERENCES fact (id) ON DELETE CASCADE,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
      client BLOB NOT NULL CHECK (length(client) = 32),
      provider BLOB NOT NULL CHECK (length(provider) = 32 AND provider <> client),
      class_key TEXT NOT NULL,
      locked_micro INTEGER NOT NULL CHECK (locked_micro BETWEEN 1 AND 9000000000000000),
      paid_micro INTEGER NOT NULL CHECK (paid_micro BETWEEN 0 AND locked_micro),
      price_micro INTEGER NOT NULL CHECK (price_micro BETWEEN 0 AND 9000000000000000),
      outcome TEXT NOT NULL CHECK (
        outcome IN ('paid', 'expired-paid', 'split', 'refunded', 'expired', 'ruled-paid', 'ruled-refunded', 'ruled-half', 'defaulted')
      ),
      promised_first_ms INTEGER,
      first_ms INTEGER,
      promised_total_ms INTEGER,
      total_ms INTEGER,
      head_hash BLOB NOT NULL CHECK (length(head_hash) = 32),
      CHECK ((first_ms IS NULL) = (total_ms IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX settlement_of_client ON settlement_fact (client, at_ms DESC, id);
    CREATE INDEX settlement_of_provider ON settlement_fact (provider, at_ms DESC, id);
    CREATE INDEX settlement_of_class ON settlement_fact (class_key, at_ms DESC, id);
    CREATE INDEX settlement_by_time ON settlement_fact (at_ms DESC, id);
    CREATE INDEX settlement_by_pair ON settlement_fact (client, provider, outcome);

    CREATE TABLE introduction_fact (
      id BLOB PRIMARY KEY REFERENCES fact (id) ON DELETE CASCADE,
      sponsor BLOB NOT NULL CHECK (length(sponsor) = 32),
      account BLOB NOT NULL CHECK (length(account) = 32)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX introduction_by_sponsor ON introduction_fact (sponsor, account);

    CREATE TABLE note_fact (
      id BLOB PRIMARY KEY REFERENCES fact (id) ON DELETE CASCADE,
      escrow BLOB NOT NULL CHECK (length(escrow) = 32),
      client BLOB NOT NULL CHECK (length(client) = 32),
      fault TEXT NOT NULL CHECK (fault IN ('client', 'network', 'model-refusal'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX note_of_escrow ON note_fact (escrow, client, fault);

    -- A fact is what was certified; it is forgotten with age, and never changed.
    CREATE TRIGGER fact_is_immutable BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
    CREATE TRIGGER settlement_is_immutable BEFORE UPDATE ON settlement_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
    CREATE TRIGGER introduction_is_immutable BEFORE UPDATE ON introduction_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
    CREATE TRIGGER note_is_immutable BEFORE UPDATE ON note_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;
  `,
} as const
