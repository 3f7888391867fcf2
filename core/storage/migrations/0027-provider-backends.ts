/** A provider may have several backends: what was the one choice becomes the first of a list, and what it ran and used is counted to it. */
export const providerBackendsMigration = {
  version: 27,
  name: 'provider-backends',
  sql: `
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
    INSERT INTO provider_backend SELECT 1, choice, 1 FROM provider_choice;
    INSERT INTO provider_switch SELECT 1, is_on, paused_until_ms FROM provider_choice;
    DROP TABLE provider_choice;
    ALTER TABLE job ADD COLUMN backend_id INTEGER NOT NULL DEFAULT 1;
    -- Null: from before, of whatever backend there was.
    ALTER TABLE own_use ADD COLUMN backend TEXT;
    UPDATE owner_rules SET rules = json_set(rules, '$.together', json('null'));
  `,
} as const
