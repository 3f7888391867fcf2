import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { assert } from '../platform/assert.ts'

/** Below the ports that systems give to whoever asks for any (Linux 32768–60999, others 49152–65535): nobody takes these by chance. */
const firstPort = 20_000
const lastPort = 32_767
const portAttempts = 200

/** Ports that were free a moment ago, each once. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const ports = new Set<number>()
  for (let attempt = 0; ports.size < count && attempt < portAttempts; attempt++) {
    const port = randomInt(firstPort, lastPort + 1)
    if (await isFree(port)) ports.add(port)
  }
  assert(ports.size === count, 'this computer has free ports')
  return [...ports]
}
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
