/** The requester's tasks with every attempt to have them run, and the provider's jobs with their encrypted answers. */
export const tasksMigration = {
  version: 5,
  name: 'tasks',
  sql: `
    CREATE TABLE task (
      id BLOB PRIMARY KEY CHECK (length(id) = 32),
      asked_at_ms INTEGER NOT NULL CHECK (asked_at_ms >= 0),
      prompt TEXT NOT NULL,
      salt BLOB NOT NULL CHECK (length(salt) = 32),
      class_key TEXT NOT NULL,
      max_output_tokens INTEGER NOT NULL CHECK (max_output_tokens > 0),
      max_price_micro INTEGER NOT NULL CHECK (max_price_micro BETWEEN 1 AND 9000000000000000),
      mode TEXT NOT NULL CHECK (mode IN ('first', 'best')),
      deadline_ms INTEGER NOT NULL,
      state TEXT NOT NULL
        CHECK (state IN ('waiting-for-bids', 'locking', 'running', 'delivered', 'settled', 'failed', 'refunded', 'cancelled')),
      problem TEXT,
      revision INTEGER NOT NULL CHECK (revision > 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX task_by_time ON task (asked_at_ms DESC, id);
    CREATE INDEX task_unfinished ON task (state) WHERE state IN ('waiting-for-bids', 'locking', 'running', 'delivered');

    CREATE TABLE task_step (
      task BLOB NOT NULL REFERENCES task (id),
      number INTEGER NOT NULL CHECK (number >= 0),
      name TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      detail TEXT NOT NULL,
      PRIMARY KEY (task, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE task_bid (
      task BLOB NOT NULL REFERENCES task (id),
      bid_id BLOB NOT NULL CHECK (length(bid_id) = 32),
      bid BLOB NOT NULL,
      at_ms INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'won', 'lost', 'unacceptable', 'vanished')),
      PRIMARY KEY (task, bid_id)
    ) STRICT, WITHOUT ROWID;

    -- One row for each lock; written before the lock is asked for, so that no escrow is ever without its task.
    CREATE TABLE task_attempt (
      task BLOB NOT NULL REFERENCES task (id),
      number INTEGER NOT NULL CHECK (number >= 0),
      bid_id BLOB NOT NULL,
      escrow BLOB UNIQUE CHECK (length(escrow) = 32),
      sealed BLOB,
      result_key BLOB CHECK (length(result_key) = 32),
      stream_id BLOB CHECK (length(stream_id) = 16),
      -- The answer so far, with the state of its chunk stream, so that it goes on where it stopped.
      next_counter INTEGER NOT NULL CHECK (next_counter >= 0),
      transcript_hash BLOB CHECK (length(transcript_hash) = 32),
      result_bytes INTEGER NOT NULL CHECK (result_bytes >= 0),
      finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
      answer TEXT NOT NULL,
      receipt BLOB,
      over INTEGER NOT NULL CHECK (over IN (0, 1)),
      PRIMARY KEY (task, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE job (
      escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
      client BLOB NOT NULL CHECK (length(client) = 32),
      at_ms INTEGER NOT NULL,
      stream_id BLOB NOT NULL CHECK (length(stream_id) = 16),
      -- Whoever shows the same sealed task again is the client that sent it.
      sealed_hash BLOB NOT NULL CHECK (length(sealed_hash) = 32),
      state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'settled')),
      receipt BLOB,
      price_micro INTEGER CHECK (price_micro BETWEEN 0 AND 9000000000000000),
      output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_by_time ON job (at_ms);

    -- Ciphertext only, kept until the escrow is settled.
    CREATE TABLE job_chunk (
      escrow BLOB NOT NULL REFERENCES job (escrow),
      counter INTEGER NOT NULL CHECK (counter >= 0),
      final INTEGER NOT NULL CHECK (final IN (0, 1)),
      ciphertext BLOB NOT NULL,
      PRIMARY KEY (escrow, counter)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
