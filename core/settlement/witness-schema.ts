/**
 * A witness's memory (settlement.md §3.6). It is a database of its own because it must never come back from a backup: a witness that
 * forgot a vote could contradict it. The primary keys of own_vote are the safety rules R1 and R2: one N, and one of S and F, a view.
 */
export const witnessMigrations = [
  {
    version: 1,
    name: 'witness',
    sql: `
      CREATE TABLE identity (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        db_id BLOB NOT NULL CHECK (length(db_id) = 32),
        generation INTEGER NOT NULL CHECK (generation >= 0)
      ) STRICT;

      CREATE TABLE own_vote (
        object BLOB NOT NULL CHECK (length(object) = 32),
        step INTEGER NOT NULL CHECK (step >= 0),
        epoch INTEGER NOT NULL CHECK (epoch >= 0),
        view INTEGER NOT NULL CHECK (view >= 0),
        slot TEXT NOT NULL CHECK (slot IN ('N', 'X')),
        kind TEXT NOT NULL CHECK (slot = 'N' AND kind = 'N' OR slot = 'X' AND kind IN ('S', 'F')),
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        PRIMARY KEY (object, step, epoch, view, slot)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE own_receipt (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        PRIMARY KEY (object, step, epoch, tx)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE own_proposal (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL, view INTEGER NOT NULL CHECK (view > 0),
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        parent_plus_one INTEGER NOT NULL CHECK (parent_plus_one BETWEEN 0 AND view),
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        PRIMARY KEY (object, step, epoch, view)
      ) STRICT, WITHOUT ROWID;

      -- What others showed of undecided registers; needed for progress, never for safety, and dropped with the decision.
      CREATE TABLE register (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
        view INTEGER NOT NULL CHECK (view >= 0),
        entered_at_ms INTEGER,
        PRIMARY KEY (object, step, epoch)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE candidate (
        object BLOB NOT NULL, step INTEGER NOT NULL,
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        arrival INTEGER NOT NULL,
        timely INTEGER NOT NULL CHECK (timely IN (0, 1)),
        authorised_tx BLOB NOT NULL,
        PRIMARY KEY (object, step, tx)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE peer_vote (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL, view INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('N', 'S', 'F', 'T')),
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        witness INTEGER NOT NULL,
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        PRIMARY KEY (object, step, epoch, view, kind, tx, witness)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE peer_proposal (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL, view INTEGER NOT NULL,
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        parent_plus_one INTEGER NOT NULL,
        witness INTEGER NOT NULL,
        signature BLOB NOT NULL CHECK (length(signature) = 64),
        PRIMARY KEY (object, step, epoch, view, tx, parent_plus_one)
      ) STRICT, WITHOUT ROWID;

      -- Certified facts. An escrow's step 0 is the decree of the account step that opened it.
      CREATE TABLE decree (
        object BLOB NOT NULL CHECK (length(object) = 32),
        step INTEGER NOT NULL CHECK (step >= 0),
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        decree BLOB NOT NULL,
        PRIMARY KEY (object, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE object (
        id BLOB PRIMARY KEY CHECK (length(id) = 32),
        kind TEXT NOT NULL CHECK (kind IN ('account', 'escrow')),
        state BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE credit (
        sequence INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
        account BLOB NOT NULL CHECK (length(account) = 32),
        amount_micro INTEGER NOT NULL CHECK (amount_micro > 0),
        source BLOB NOT NULL CHECK (length(source) = 32),
        position INTEGER NOT NULL CHECK (position >= 0),
        object BLOB NOT NULL,
        step INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX credit_of_account ON credit (account, sequence);

      CREATE TABLE claim (
        account BLOB NOT NULL,
        credit BLOB NOT NULL,
        PRIMARY KEY (account, credit)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    name: 'sweep',
    sql: `
      -- What this witness has to see through: registers in which it gave up a view, and escrows that end by time.
      CREATE TABLE open_register (
        object BLOB NOT NULL CHECK (length(object) = 32),
        step INTEGER NOT NULL CHECK (step >= 0),
        epoch INTEGER NOT NULL CHECK (epoch >= 0),
        since_ms INTEGER NOT NULL CHECK (since_ms >= 0),
        PRIMARY KEY (object, step, epoch)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX open_register_by_age ON open_register (since_ms);
      INSERT INTO open_register
        SELECT DISTINCT object, step, epoch, 0 FROM own_vote
        WHERE kind = 'S' AND NOT EXISTS (SELECT 1 FROM decree WHERE decree.object = own_vote.object AND decree.step = own_vote.step);

      -- An escrow from before this table gets its row with its next step.
      CREATE TABLE deadline (
        escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
        due_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX deadline_by_time ON deadline (due_at_ms);
    `,
  },
  {
    version: 3,
    name: 'epochs',
    sql: `
      -- An account's step may be open in two epochs at once, and what is eligible differs. Nothing of safety is lost with these rows.
      DROP TABLE candidate;
      CREATE TABLE candidate (
        object BLOB NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        arrival INTEGER NOT NULL,
        timely INTEGER NOT NULL CHECK (timely IN (0, 1)),
        authorised_tx BLOB NOT NULL,
        PRIMARY KEY (object, step, epoch, tx)
      ) STRICT, WITHOUT ROWID;

      -- The order in which decrees came to be known, for witnesses that catch up.
      CREATE TABLE arrival (
        sequence INTEGER PRIMARY KEY,
        object BLOB NOT NULL, step INTEGER NOT NULL,
        UNIQUE (object, step)
      ) STRICT;
      INSERT INTO arrival (object, step)
        SELECT object, step FROM decree WHERE NOT (step = 0 AND object IN (SELECT id FROM object WHERE kind = 'escrow'));

      -- Epochs in which this witness casts no votes for accounts any more, and what it handed over when it closed them.
      CREATE TABLE closed_epoch (
        epoch INTEGER PRIMARY KEY CHECK (epoch >= 0),
        signature BLOB NOT NULL CHECK (length(signature) = 64)
      ) STRICT;
      CREATE TABLE handed_over (
        epoch INTEGER NOT NULL REFERENCES closed_epoch (epoch),
        position INTEGER NOT NULL CHECK (position >= 0),
        carried BLOB NOT NULL,
        PRIMARY KEY (epoch, position)
      ) STRICT, WITHOUT ROWID;

      -- What this witness took over from those of a former committee. No row in carried_by: that witness carried nothing for the step.
      CREATE TABLE taken_over (
        epoch INTEGER NOT NULL, witness INTEGER NOT NULL CHECK (witness >= 0),
        PRIMARY KEY (epoch, witness)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE caught_up (
        epoch INTEGER NOT NULL, witness INTEGER NOT NULL CHECK (witness >= 0),
        PRIMARY KEY (epoch, witness)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE carried_by (
        object BLOB NOT NULL CHECK (length(object) = 32), step INTEGER NOT NULL,
        epoch INTEGER NOT NULL, witness INTEGER NOT NULL,
        at_epoch INTEGER NOT NULL CHECK (at_epoch <= epoch), at_view INTEGER NOT NULL,
        PRIMARY KEY (object, step, epoch, witness)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE carried (
        object BLOB NOT NULL CHECK (length(object) = 32), step INTEGER NOT NULL,
        epoch INTEGER NOT NULL, view INTEGER NOT NULL,
        tx BLOB NOT NULL CHECK (length(tx) = 32),
        certificate BLOB NOT NULL,
        authorised_tx BLOB,
        PRIMARY KEY (object, step, epoch, view)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 4,
    name: 'members',
    sql: `
      -- Keys that an account has taken back: they sign nothing for it any more, in its open escrows neither.
      CREATE TABLE revoked_key (
        account BLOB NOT NULL CHECK (length(account) = 32),
        key BLOB NOT NULL CHECK (length(key) = 32),
        PRIMARY KEY (account, key)
      ) STRICT, WITHOUT ROWID;

      -- Escrows that are not settled, so that a provider who lost everything finds them. One from before this table gets its row with its next step.
      CREATE TABLE provision (
        sequence INTEGER PRIMARY KEY,
        provider BLOB NOT NULL CHECK (length(provider) = 32),
        escrow BLOB NOT NULL UNIQUE CHECK (length(escrow) = 32)
      ) STRICT;
      CREATE INDEX provision_of_provider ON provision (provider, sequence);

      -- By this witness's clock; null for what it learnt before it kept the time.
      ALTER TABLE arrival ADD COLUMN at_ms INTEGER CHECK (at_ms >= 0);
    `,
  },
  {
    version: 5,
    name: 'dealings',
    sql: `
      -- What two accounts have paid each other through escrows, under either of them; from those that this witness sees settled from now on.
      CREATE TABLE dealing (
        account BLOB NOT NULL CHECK (length(account) = 32),
        other BLOB NOT NULL CHECK (length(other) = 32),
        paid_micro INTEGER NOT NULL CHECK (paid_micro > 0),
        PRIMARY KEY (account, other)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 6,
    name: 'testimony',
    sql: `
      -- Decided steps of which notarizations and skips of others are still in peer_vote, in the order in which they were decided.
      CREATE TABLE kept_step (
        sequence INTEGER PRIMARY KEY,
        object BLOB NOT NULL CHECK (length(object) = 32),
        step INTEGER NOT NULL CHECK (step >= 0),
        decided_at_ms INTEGER NOT NULL CHECK (decided_at_ms >= 0)
      ) STRICT;
    `,
  },
] as const
