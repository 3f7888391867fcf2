CREATE TABLE arbiter_ruling (
  escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
  outcome TEXT NOT NULL CHECK (outcome IN ('release', 'refund', 'half')),
  signed_order BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  kind TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 64),
  rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 64),
  member BLOB CHECK (length(member) = 32),
  reference BLOB CHECK (length(reference) = 32),
  times INTEGER NOT NULL CHECK (times >= 1),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_entry_by_time ON audit_entry (at_ms);

CREATE TABLE audit_mark (
  place TEXT PRIMARY KEY CHECK (place IN ('start', 'end')),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TABLE audit_setting (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  keep_days INTEGER CHECK (keep_days >= 1)
) STRICT;

CREATE TABLE book_order (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  side TEXT NOT NULL CHECK (side IN ('offer', 'request')),
  envelope BLOB NOT NULL,
  valid_until_ms INTEGER NOT NULL CHECK (valid_until_ms >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX book_order_by_end ON book_order (valid_until_ms);

CREATE TABLE command_result (
  request_id TEXT PRIMARY KEY CHECK (length(request_id) BETWEEN 16 AND 64),
  name TEXT NOT NULL,
  input_hash BLOB NOT NULL CHECK (length(input_hash) = 32),
  result BLOB NOT NULL,
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
) STRICT, WITHOUT ROWID;

CREATE INDEX command_result_by_time ON command_result (at_ms);

CREATE TABLE consent (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  body BLOB NOT NULL,
  -- Gone once it is withdrawn, so that it cannot be put back in force.
  signature BLOB CHECK (length(signature) = 64),
  text TEXT NOT NULL,
  key_ref TEXT,
  -- The latest time at which it was looked at: a clock set back does not bring it back.
  seen_ms INTEGER NOT NULL CHECK (seen_ms >= 0),
  revoked_at_ms INTEGER CHECK (revoked_at_ms >= 0),
  CHECK ((signature IS NULL) = (revoked_at_ms IS NOT NULL))
) STRICT;

CREATE TABLE court_item (
  kind TEXT NOT NULL CHECK (kind IN ('case', 'seat', 'box', 'exhibit', 'ruling')),
  subject BLOB NOT NULL CHECK (length(subject) = 32),
  part BLOB NOT NULL CHECK (length(part) <= 32),
  body BLOB NOT NULL,
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  PRIMARY KEY (kind, subject, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  key BLOB PRIMARY KEY CHECK (length(key) = 32),
  -- Empty for one that another computer linked.
  name TEXT NOT NULL,
  -- Null while it is not certified, or nobody knows when it was.
  linked_at_ms INTEGER CHECK (linked_at_ms >= 0),
  is_revoked INTEGER NOT NULL CHECK (is_revoked IN (0, 1)),
  revoked_at_ms INTEGER CHECK (revoked_at_ms >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE dispute_statement (
  escrow BLOB PRIMARY KEY CHECK (length(escrow) = 32),
  role TEXT NOT NULL CHECK (role IN ('client', 'provider')),
  statement TEXT NOT NULL,
  salt BLOB NOT NULL CHECK (length(salt) = 32),
  shows_task INTEGER NOT NULL CHECK (shows_task IN (0, 1)),
  shows_answer INTEGER NOT NULL CHECK (shows_answer IN (0, 1)),
  -- Arbiters who can read what was last sent.
  readers INTEGER NOT NULL CHECK (readers BETWEEN 0 AND 9)
, said_at_ms INTEGER NOT NULL DEFAULT 0 CHECK (said_at_ms >= 0)) STRICT, WITHOUT ROWID;

CREATE TABLE epoch (
  step INTEGER PRIMARY KEY CHECK (step >= 1),
  decree BLOB NOT NULL
) STRICT;

CREATE TABLE epoch_proposal (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  proposal BLOB NOT NULL,
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
) STRICT, WITHOUT ROWID;

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

CREATE INDEX escrow_listed ON escrow ((phase = 'settled'), -opened_at_ms, id);

CREATE INDEX escrow_unsettled ON escrow (id) WHERE phase <> 'settled';

CREATE TABLE escrow_revision (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;

CREATE TABLE escrow_step (
  escrow BLOB NOT NULL REFERENCES escrow (id),
  step INTEGER NOT NULL CHECK (step BETWEEN 0 AND 5),
  decree BLOB NOT NULL, known_at_ms INTEGER CHECK (known_at_ms >= 0),
  PRIMARY KEY (escrow, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  piece BLOB NOT NULL,
  found_at_ms INTEGER NOT NULL CHECK (found_at_ms >= 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_is_immutable BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;

CREATE TABLE fact (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  kind TEXT NOT NULL CHECK (kind IN ('settlement', 'introduction', 'note')),
  day INTEGER NOT NULL CHECK (day >= 0),
  proof BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX fact_by_day ON fact (day, id);

CREATE TRIGGER introduction_is_immutable BEFORE UPDATE ON introduction_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;

CREATE TABLE introduction_fact (
  id BLOB PRIMARY KEY REFERENCES fact (id) ON DELETE CASCADE,
  sponsor BLOB NOT NULL CHECK (length(sponsor) = 32),
  account BLOB NOT NULL CHECK (length(account) = 32)
) STRICT, WITHOUT ROWID;

CREATE INDEX introduction_by_sponsor ON introduction_fact (sponsor, account);

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
, backend TEXT NOT NULL DEFAULT 'practice', input_tokens INTEGER NOT NULL DEFAULT 0 CHECK (input_tokens >= 0), cost_millicents INTEGER NOT NULL DEFAULT 0 CHECK (cost_millicents >= 0), backend_id INTEGER NOT NULL DEFAULT 1) STRICT, WITHOUT ROWID;

CREATE INDEX job_by_time ON job (at_ms);

CREATE TABLE job_chunk (
  escrow BLOB NOT NULL REFERENCES job (escrow),
  counter INTEGER NOT NULL CHECK (counter >= 0),
  final INTEGER NOT NULL CHECK (final IN (0, 1)),
  ciphertext BLOB NOT NULL,
  PRIMARY KEY (escrow, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_copy (
  account BLOB NOT NULL CHECK (length(account) = 32),
  slot BLOB NOT NULL CHECK (length(slot) = 16),
  version INTEGER NOT NULL CHECK (version >= 0),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  body BLOB NOT NULL CHECK (length(body) <= 40000),
  PRIMARY KEY (account, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX kept_copy_by_time ON kept_copy (at_ms);

CREATE TABLE member_statement (
  kind TEXT PRIMARY KEY CHECK (kind IN ('attestation', 'acknowledgement', 'vendor-approval')),
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER note_is_immutable BEFORE UPDATE ON note_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;

CREATE TABLE note_fact (
  id BLOB PRIMARY KEY REFERENCES fact (id) ON DELETE CASCADE,
  escrow BLOB NOT NULL CHECK (length(escrow) = 32),
  client BLOB NOT NULL CHECK (length(client) = 32),
  fault TEXT NOT NULL CHECK (fault IN ('client', 'network', 'model-refusal'))
) STRICT, WITHOUT ROWID;

CREATE INDEX note_of_escrow ON note_fact (escrow, client, fault);

CREATE TABLE opinion (
  account BLOB NOT NULL CHECK (length(account) = 32),
  -- Of the other one: as the provider of my tasks, or as the client of what I provide.
  role TEXT NOT NULL CHECK (role IN ('provider', 'client')),
  word TEXT NOT NULL CHECK (word IN ('again', 'never')),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  PRIMARY KEY (account, role),
  CHECK (role = 'provider' OR word = 'never')
) STRICT, WITHOUT ROWID;

CREATE TABLE own_copy (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  slot BLOB NOT NULL CHECK (length(slot) = 16),
  version INTEGER NOT NULL CHECK (version >= 0),
  content_hash BLOB NOT NULL CHECK (length(content_hash) = 32)
) STRICT;

CREATE TABLE own_use (
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0),
  output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
  cost_millicents INTEGER NOT NULL CHECK (cost_millicents >= 0)
, backend TEXT) STRICT;

CREATE INDEX own_use_by_time ON own_use (at_ms);

CREATE TABLE owner_rules (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  rules TEXT NOT NULL CHECK (json_valid(rules))
) STRICT;

CREATE TABLE provider_backend (
  id INTEGER PRIMARY KEY,
  choice TEXT NOT NULL CHECK (json_valid(choice)),
  -- Its owner's switch; it serves while provider mode is on as well.
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1))
) STRICT;

CREATE TABLE provider_switch (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  -- 0 while not paused; -1 until somebody resumes it.
  paused_until_ms INTEGER NOT NULL CHECK (paused_until_ms >= -1)
) STRICT;

CREATE TRIGGER settlement_is_immutable BEFORE UPDATE ON settlement_fact BEGIN SELECT RAISE(ABORT, 'facts do not change'); END;

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

CREATE INDEX settlement_by_pair ON settlement_fact (client, provider, outcome);

CREATE INDEX settlement_by_time ON settlement_fact (at_ms DESC, id);

CREATE INDEX settlement_of_class ON settlement_fact (class_key, at_ms DESC, id);

CREATE INDEX settlement_of_client ON settlement_fact (client, at_ms DESC, id);

CREATE INDEX settlement_of_provider ON settlement_fact (provider, at_ms DESC, id);

CREATE TABLE sqlite_sequence(name,seq);

CREATE TRIGGER task_search_answered AFTER UPDATE OF state ON task
  WHEN NEW.state IN ('delivered', 'settled', 'failed', 'refunded', 'cancelled')
BEGIN
  UPDATE task_search SET answer = 
  coalesce((SELECT answer FROM task_attempt WHERE task = NEW.id
    ORDER BY receipt IS NULL, CASE WHEN receipt IS NULL THEN -number ELSE number END LIMIT 1), '')
    WHERE rowid = (SELECT number FROM task_search_entry WHERE task = NEW.id) AND answer IS NOT 
  coalesce((SELECT answer FROM task_attempt WHERE task = NEW.id
    ORDER BY receipt IS NULL, CASE WHEN receipt IS NULL THEN -number ELSE number END LIMIT 1), '');
END;

CREATE TRIGGER task_search_gone AFTER DELETE ON task BEGIN
  DELETE FROM task_search WHERE rowid = (SELECT number FROM task_search_entry WHERE task = OLD.id);
  DELETE FROM task_search_entry WHERE task = OLD.id;
END;

CREATE TRIGGER task_search_new AFTER INSERT ON task BEGIN
  INSERT INTO task_search_entry (task) VALUES (NEW.id);
  INSERT INTO task_search (rowid, prompt, answer)
    SELECT number, NEW.prompt, '' FROM task_search_entry WHERE task = NEW.id;
END;

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

CREATE TABLE task_bid (
  task BLOB NOT NULL REFERENCES task (id),
  bid_id BLOB NOT NULL CHECK (length(bid_id) = 32),
  bid BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'won', 'lost', 'unacceptable', 'vanished')), reputation_ppm INTEGER CHECK (reputation_ppm BETWEEN 0 AND 1000000), preferred INTEGER NOT NULL DEFAULT 0 CHECK (preferred IN (0, 1)),
  PRIMARY KEY (task, bid_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_copy (
  task BLOB PRIMARY KEY REFERENCES task (id),
  first BLOB NOT NULL REFERENCES task (id),
  number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4),
  -- How far its answer agrees with the others, once all are in.
  agreement_ppm INTEGER CHECK (agreement_ppm BETWEEN 0 AND 1000000),
  UNIQUE (first, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_draft (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  text TEXT NOT NULL CHECK (text <> '')
) STRICT;

CREATE TABLE task_hold (
  task BLOB PRIMARY KEY REFERENCES task (id),
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE task_placeholder (
  task BLOB NOT NULL REFERENCES task (id),
  placeholder TEXT NOT NULL CHECK (length(placeholder) BETWEEN 1 AND 40),
  value TEXT NOT NULL,
  PRIMARY KEY (task, placeholder)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_provider (
  task BLOB PRIMARY KEY REFERENCES task (id),
  provider_key BLOB NOT NULL CHECK (length(provider_key) = 32)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE task_search USING fts5 (prompt, answer, tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE 'task_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'task_search_content'(id INTEGER PRIMARY KEY, c0, c1);

CREATE TABLE 'task_search_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'task_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

CREATE TABLE task_search_entry (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  task BLOB NOT NULL UNIQUE CHECK (length(task) = 32)
) STRICT;

CREATE TABLE 'task_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE task_standing (
  task BLOB PRIMARY KEY REFERENCES task (id),
  until_ms INTEGER NOT NULL CHECK (until_ms >= 0),
  work_ms INTEGER NOT NULL CHECK (work_ms > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_step (
  task BLOB NOT NULL REFERENCES task (id),
  number INTEGER NOT NULL CHECK (number >= 0),
  name TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (task, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE wallet_account (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  account BLOB NOT NULL CHECK (length(account) = 32),
  state BLOB NOT NULL,
  total_available_micro INTEGER NOT NULL CHECK (total_available_micro BETWEEN 0 AND 9000000000000000),
  locked_micro INTEGER NOT NULL CHECK (locked_micro BETWEEN 0 AND 9000000000000000),
  revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;

CREATE TABLE wallet_claim (
  credit BLOB PRIMARY KEY CHECK (length(credit) = 32),
  step INTEGER NOT NULL REFERENCES wallet_decree (step)
) STRICT, WITHOUT ROWID;

CREATE TABLE wallet_credit (
  id BLOB PRIMARY KEY CHECK (length(id) = 32),
  amount_micro INTEGER NOT NULL CHECK (amount_micro BETWEEN 0 AND 9000000000000000),
  source_hash BLOB NOT NULL CHECK (length(source_hash) = 32),
  output_index INTEGER NOT NULL CHECK (output_index >= 0),
  proof BLOB NOT NULL,
  claimed INTEGER NOT NULL CHECK (claimed IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE INDEX wallet_credit_unclaimed ON wallet_credit (amount_micro) WHERE claimed = 0;

CREATE TABLE wallet_decree (
  step INTEGER PRIMARY KEY CHECK (step >= 0),
  tx_hash BLOB NOT NULL UNIQUE CHECK (length(tx_hash) = 32),
  decree BLOB NOT NULL
) STRICT;

CREATE TABLE wallet_invite (
  account BLOB PRIMARY KEY CHECK (length(account) = 32),
  request_id TEXT NOT NULL UNIQUE CHECK (length(request_id) BETWEEN 1 AND 64),
  key_index INTEGER NOT NULL UNIQUE CHECK (key_index BETWEEN 0 AND 2147483647),
  amount_micro INTEGER NOT NULL CHECK (amount_micro BETWEEN 1 AND 9000000000000000),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
, claimed_by BLOB CHECK (length(claimed_by) = 32), claimed_at_ms INTEGER CHECK (claimed_at_ms >= 0)) STRICT, WITHOUT ROWID;

CREATE TABLE wallet_invite_claim (
  account BLOB PRIMARY KEY CHECK (length(account) = 32),
  authorised_tx BLOB NOT NULL,
  sponsor BLOB NOT NULL CHECK (length(sponsor) = 32),
  at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
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

CREATE TABLE wallet_wish (
  nonce BLOB PRIMARY KEY CHECK (length(nonce) = 16),
  tx_hash BLOB NOT NULL CHECK (length(tx_hash) = 32)
) STRICT, WITHOUT ROWID;
