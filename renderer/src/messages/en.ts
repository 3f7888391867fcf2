/** Every text of the app in English, by the area that shows it. A plural's branches are written with # for the number. */
import { ask } from './en/ask.ts'
import { common } from './en/common.ts'
import { disputes } from './en/disputes.ts'
import { escrows } from './en/escrows.ts'
import { home } from './en/home.ts'
import { market } from './en/market.ts'
import { network } from './en/network.ts'
import { provide } from './en/provide.ts'
import { reputation } from './en/reputation.ts'
import { settings } from './en/settings.ts'
import { setup } from './en/setup.ts'
import { shell } from './en/shell.ts'
import { wallet } from './en/wallet.ts'

export const en = {
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
