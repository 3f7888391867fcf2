import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { findClaude, findLocalServers } from './discover.ts'
import { startFakeOpenAi, fakeLocalModel } from './fixtures/fake-openai.ts'
import { sendJson, startLoopbackServer } from './fixtures/loopback-server.ts'

const closing: (() => Promise<void>)[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
const portOf = ({ url }: { readonly url: string }): number => Number(new URL(url).port)
const signal = new AbortController().signal

test('a model server on this computer is found with its models; what is none, hangs or talks nonsense is left out', async () => {
  const [server, other, silent] = [
    await startFakeOpenAi(),
    await startLoopbackServer(0, async (_request, response) => void response.end('<html>')),
    await startLoopbackServer(0, () => new Promise(() => undefined)),
  ]
  closing.push(server.close, other.close, silent.close)
  const gone = await startFakeOpenAi()
  await gone.close()
  const ports = [server, other, silent, gone].map((one, index) => ({ program: `program ${index}`, port: portOf(one) }))
  expect(await findLocalServers(systemClock, signal, ports)).toEqual([
    { program: 'program 0', baseUrl: server.url, models: [fakeLocalModel] },
  ])
})

test('Claude behind a server is not found: neither by its name nor by its owner', async () => {
  const data = [
    { id: 'claude-opus-4-5', owned_by: 'anthropic' },
    { id: 'my-model', owned_by: 'Anthropic' },
    { id: 'anthropic/Claude-3' },
    { id: 'llama', owned_by: 'library' },
  ]
  const server = await startLoopbackServer(0, async (_request, response) => sendJson(response, 200, { data }))
  closing.push(server.close)
  const [found] = await findLocalServers(systemClock, signal, [{ program: 'vLLM', port: portOf(server) }])
  expect(found?.models).toEqual(['llama'])
})

const installClaude = (output: string, code: number): string => {
  const home = mkdtempSync(join(tmpdir(), 'claude-install-'))
  folders.push(home)
  writeFileSync(join(home, 'claude'), `#!/bin/sh\n[ "$1 $2" = "auth status" ] || exit 9\nprintf '%s' '${output}'\nexit ${code}\n`)
  chmodSync(join(home, 'claude'), 0o700)
  return home
}
test.each([
  ['none', '{"loggedIn":false,"authMethod":"none"}', 1],
  ['api-key', '{"loggedIn":true,"authMethod":"api_key","apiKeySource":"ANTHROPIC_API_KEY"}', 0],
  ['personal', '{"loggedIn":true,"authMethod":"oauth_token"}', 0],
  ['personal', '{"loggedIn":true,"authMethod":"claude.ai","subscriptionType":"max"}', 0],
  ['personal', '{"loggedIn":true,"authMethod":"something new"}', 0],
  ['seat', '{"loggedIn":true,"authMethod":"claude.ai","subscriptionType":"team"}', 0],
  ['other', '{"loggedIn":true,"authMethod":"third_party"}', 0],
  ['none', 'not JSON', 0],
  ['none', '', 3],
] as const)('the login "%s" is known by the program’s own word', async (login, output, code) => {
  const home = installClaude(output, code)
  expect(await findClaude({ home: '/nowhere', path: home })).toEqual({ path: join(home, 'claude'), login })
})

test('without the program nothing is found, and a relative folder of the PATH is not looked at', async () => {
  expect(await findClaude({ home: '/nowhere', path: '.:bin:/nowhere' })).toBeNull()
})
