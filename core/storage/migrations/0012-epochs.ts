/** The decrees that began the epochs after the first, as far as this node has learnt of them. */
export const epochsMigration = {
  version: 12,
  name: 'epochs',
  sql: `
    CREATE TABLE epoch (
      step INTEGER PRIMARY KEY CHECK (step >= 1),
      decree BLOB NOT NULL
    ) STRICT;
  `,
} as const
