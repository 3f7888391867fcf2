/** What an auction knew of a bidder when it ranked its bid; unknown for bids of before, and of another computer's auctions. */
export const bidReputationMigration = {
  version: 26,
  name: 'bid-reputation',
  sql: 'ALTER TABLE task_bid ADD COLUMN reputation_ppm INTEGER CHECK (reputation_ppm BETWEEN 0 AND 1000000);',
} as const
