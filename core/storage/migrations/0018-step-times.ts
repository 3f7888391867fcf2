/** When this node learned of each step of an escrow; unknown for what it had before. */
export const stepTimesMigration = {
  version: 18,
  name: 'step-times',
  sql: 'ALTER TABLE escrow_step ADD COLUMN known_at_ms INTEGER CHECK (known_at_ms >= 0);',
} as const
