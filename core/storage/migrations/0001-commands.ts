/** Results of commands by the request id they came under, so that a repeated command answers the same and happens once. */
export const commandsMigration = {
  version: 1,
  name: 'commands',
  sql: `
    CREATE TABLE command_result (
      request_id TEXT PRIMARY KEY CHECK (length(request_id) BETWEEN 16 AND 64),
      name TEXT NOT NULL,
      input_hash BLOB NOT NULL CHECK (length(input_hash) = 32),
      result BLOB NOT NULL,
      at_ms INTEGER NOT NULL CHECK (at_ms >= 0)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX command_result_by_time ON command_result (at_ms);

    CREATE TABLE meta (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
} as const
