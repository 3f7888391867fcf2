import { join } from 'node:path'
import type { Door } from '../core/home/door.ts'
import type { Log } from '../core/platform/log.ts'
import { systemRandom } from '../core/platform/random.ts'
import type { Failure, Result } from '../core/platform/result.ts'
import { loadStaticFiles } from '../core/platform/static-files.ts'
import { startMarketServer, type MarketServer } from './websocket-server.ts'

/** The contract and, where they are built, the pages beside this bundle. */
export const serveMarket = async (door: Door, port: number, log: Log): Promise<Result<MarketServer, Failure>> => {
  const pages = loadStaticFiles(join(import.meta.dirname, '../renderer'))
  if (!pages.ok) log.write('warn', 'no pages', { reason: pages.error.message })
  const files = pages.ok ? pages.value : null
  return startMarketServer({ dispatcher: door, files, random: systemRandom, log }, port)
}
