/** What its owner has typed and not asked yet: one text, gone when it is asked or cleared. */
export const taskDraftMigration = {
  version: 25,
  name: 'task-draft',
  sql: `
    CREATE TABLE task_draft (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      text TEXT NOT NULL CHECK (text <> '')
    ) STRICT;
  `,
} as const
