/** What the requester hid of a task, under the placeholder that went out in its stead; it never leaves this file. */
export const placeholdersMigration = {
  version: 19,
  name: 'placeholders',
  sql: `
    CREATE TABLE task_placeholder (
      task BLOB NOT NULL REFERENCES task (id),
      placeholder TEXT NOT NULL CHECK (length(placeholder) BETWEEN 1 AND 40),
      value TEXT NOT NULL,
      PRIMARY KEY (task, placeholder)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
