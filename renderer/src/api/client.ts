import { createClient, type Client } from '../../../core/contract/client.ts'
import { contract, type AppContract } from '../../../core/contract/contract.ts'
import type { Transport } from '../../../core/contract/transport.ts'
import { said } from '../messages/translate.ts'

export type MarketClient = Client<AppContract>

export const createMarketClient = (transport: Transport): MarketClient =>
  createClient(contract, transport, { onUnreadable: (name, reason) => console.error(`${name}: ${reason}`), say: said })
