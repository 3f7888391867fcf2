import { app } from './app.ts'
import { escrow } from './escrow.ts'
import { identity } from './identity.ts'
import { invites } from './invites.ts'
import { network } from './network.ts'
import { orders } from './orders.ts'
import { provider } from './provider.ts'
import { tasks } from './tasks.ts'
import { wallet } from './wallet.ts'

/**
 * The boundary between the market and whatever shows or drives it: every query, command and event, with their strict bounds.
 * Handlers, dispatcher and client take their types from here.
 */
export const contract = { app, wallet, invites, orders, tasks, escrow, provider, network, identity } as const
export type MarketContract = typeof contract
