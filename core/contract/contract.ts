import { app } from './app.ts'
import { approvals } from './approvals.ts'
import { audit } from './audit.ts'
import { consents } from './consents.ts'
import { arbiter } from './arbiter.ts'
import { credentials } from './credentials.ts'
import { devices } from './devices.ts'
import { escrow } from './escrow.ts'
import { evidence } from './evidence.ts'
import { federation } from './federation.ts'
import { identity } from './identity.ts'
import { incoming } from './incoming.ts'
import { invites } from './invites.ts'
import { network } from './network.ts'
import { opinions } from './opinions.ts'
import { orders } from './orders.ts'
import { prices } from './prices.ts'
import { proofs } from './proofs.ts'
import { provider } from './provider.ts'
import { reputation } from './reputation.ts'
import { settings, setup } from './setup.ts'
import { tasks } from './tasks.ts'
import { wallet } from './wallet.ts'

/** What a running market answers. */
export const marketContract = {
  app,
  wallet,
  proofs,
  invites,
  orders,
  tasks,
  escrow,
  evidence,
  arbiter,
  provider,
  consents,
  approvals,
  credentials,
  audit,
  opinions,
  reputation,
  prices,
  network,
  federation,
  identity,
  devices,
} as const
export type MarketContract = typeof marketContract

/** What is answered with or without a market. */
export const homeContract = { setup, settings, incoming } as const
export type HomeContract = typeof homeContract

/**
 * The boundary between the program and whatever shows or drives it: every query, command and event, with their strict bounds.
 * Handlers, dispatcher and client take their types from here.
 */
export const contract = { ...marketContract, ...homeContract } as const
export type AppContract = typeof contract
