/** One question asked of several providers: each copy is a task of its own, named by the first of them. */
export const taskCopiesMigration = {
  version: 24,
  name: 'task-copies',
  sql: `
    CREATE TABLE task_copy (
      task BLOB PRIMARY KEY REFERENCES task (id),
      first BLOB NOT NULL REFERENCES task (id),
      number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 4),
      -- How far its answer agrees with the others, once all are in.
      agreement_ppm INTEGER CHECK (agreement_ppm BETWEEN 0 AND 1000000),
      UNIQUE (first, number)
    ) STRICT, WITHOUT ROWID;
  `,
} as const
