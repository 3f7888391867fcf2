/** An answer that is here and not paid by itself: its owner looks at it first. */
export const taskHoldMigration = {
  version: 21,
  name: 'task-hold',
  sql: `
    CREATE TABLE task_hold (
      task BLOB PRIMARY KEY REFERENCES task (id),
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
} as const
