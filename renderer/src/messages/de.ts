/** Every text of the app in German. */
import { ask } from './de/ask.ts'
import { common } from './de/common.ts'
import { disputes } from './de/disputes.ts'
import { escrows } from './de/escrows.ts'
import { home } from './de/home.ts'
import { market } from './de/market.ts'
import { network } from './de/network.ts'
import { provide } from './de/provide.ts'
import { reputation } from './de/reputation.ts'
import { settings } from './de/settings.ts'
import { setup } from './de/setup.ts'
import { shell } from './de/shell.ts'
import { wallet } from './de/wallet.ts'

export const de = {
  ...common,
  ...home,
  ...shell,
  ...setup,
  ...ask,
  ...market,
  ...provide,
  ...wallet,
  ...escrows,
  ...disputes,
  ...network,
  ...reputation,
  ...settings,
} as const
