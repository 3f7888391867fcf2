import { expect, test } from 'vitest'
import { run } from './process.ts'

test('all of the output arrives, however much there is', async () => {
  const { code, output } = await run('node', ['--eval', `process.stdout.write('x'.repeat(3_000_000)); process.exitCode = 3`])
  expect({ code, length: output.length }).toEqual({ code: 3, length: 3_000_000 })
})

const server = `require('node:http').createServer((_, r) => r.end()).listen(0, '127.0.0.1', function () { process.stdout.write(String(this.address().port)) })`
const leaveServerBehind = `
  const server = require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(server)}], { stdio: ['ignore', 'pipe', 'ignore'] })
  server.stdout.once('data', (port) => process.stdout.write(port, () => process.exit(0)))`

test.skipIf(process.platform === 'win32')('what a program leaves behind is ended with it', async () => {
  const { output } = await run('node', ['--eval', leaveServerBehind])
  expect(Number(output)).toBeGreaterThan(0)
  await expect(fetch(`http://127.0.0.1:${output}`)).rejects.toThrow('fetch failed')
})
