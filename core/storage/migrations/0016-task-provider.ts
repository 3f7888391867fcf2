/** A task that takes one standing offer asks its provider and nobody else. */
export const taskProviderMigration = {
  version: 16,
  name: 'task-provider',
  sql: `
    CREATE TABLE task_provider (
      task BLOB PRIMARY KEY REFERENCES task (id),
      provider_key BLOB NOT NULL CHECK (length(provider_key) = 32)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
