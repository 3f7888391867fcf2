import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/** Starts a virtual display where there is none and names it in DISPLAY. @returns what ends it */
export const openDisplay = async (): Promise<() => void> => {
  if (process.platform !== 'linux' || (process.env['DISPLAY'] ?? '') !== '') return () => undefined
  // Xvfb takes a free number itself and tells it on descriptor 3.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    const told = server.stdio[3] as Readable
    told.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
    server.once('error', () => reject(new Error('There is no display and no Xvfb. Install it with: apt-get install -y xvfb')))
    server.once('exit', () => reject(new Error('Xvfb ended before it showed a display.')))
  })
  process.env['DISPLAY'] = `:${number}`
  return () => void server.kill()
}
