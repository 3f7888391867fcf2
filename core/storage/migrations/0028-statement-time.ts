/** When a provider said something about a dispute, so that of two computers' statements the later one counts. 0: with the dispute itself, or before. */
export const statementTimeMigration = {
  version: 28,
  name: 'statement-time',
  sql: `ALTER TABLE dispute_statement ADD COLUMN said_at_ms INTEGER NOT NULL DEFAULT 0 CHECK (said_at_ms >= 0)`,
} as const
