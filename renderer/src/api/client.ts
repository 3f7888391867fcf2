import { createClient, type Client } from '../../../core/contract/client.ts'
import { contract, type MarketContract } from '../../../core/contract/contract.ts'
import type { Transport } from '../../../core/contract/transport.ts'

export type MarketClient = Client<MarketContract>

export const createMarketClient = (transport: Transport): MarketClient =>
  createClient(contract, transport, { onUnreadable: (name, reason) => console.error(`${name}: ${reason}`) })
