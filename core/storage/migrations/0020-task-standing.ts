/** A task that may wait for a provider: until when it stands, and how long a provider then has for it. */
export const taskStandingMigration = {
  version: 20,
  name: 'task-standing',
  sql: `
    CREATE TABLE task_standing (
      task BLOB PRIMARY KEY REFERENCES task (id),
      until_ms INTEGER NOT NULL CHECK (until_ms >= 0),
      work_ms INTEGER NOT NULL CHECK (work_ms > 0)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
