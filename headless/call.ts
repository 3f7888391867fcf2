import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { createChannelClient } from '../core/contract/channel-client.ts'
import { contract } from '../core/contract/contract.ts'
import type { ContractDefinition } from '../core/contract/definition.ts'
import { wireAnswer, type WireAnswer } from '../core/contract/envelope.ts'
import { socketProtocols } from '../core/contract/websocket-transport.ts'
import { fail, ok, type Result } from '../core/platform/result.ts'
import { exitWithUsage, parseOptions, textOption, type OptionValues, type UsageFailure } from './options.ts'

const help =
  "Usage: call NAME ['JSON'] --socket URL [--token TOKEN]. Both are in the daemon's ready line; the token may come from CLAUDE_MARKET_TOKEN instead, where other users cannot see it."
const spec = { socket: { type: 'string' }, token: { type: 'string' } } as const
/** A command may wait for witnesses. */
const answerTimeoutMs = 60_000

export type Call = { readonly name: string; readonly input: unknown; readonly socketUrl: string; readonly token: string }

const usage = (message: string): Result<never, UsageFailure> => fail('usage', `${message} ${help}`)

const readCall = (args: readonly string[]): Result<Call, UsageFailure> => {
  const parsed = parseOptions(args, spec, help, 2)
  if (!parsed.ok) return parsed
  const [name = '', json = '{}'] = parsed.value.positionals
  const [area = '', member = ''] = name.split('.')
  const definition = (contract as ContractDefinition)[area]?.[member]
  if (definition === undefined || definition.kind === 'event')
    return usage(`There is no call “${name.slice(0, 40)}”; one is wallet.summary.`)
  const input = parseObject(json)
  if (input === null) return usage('The input of a call is a JSON object.')
  const daemon = readDaemon(parsed.value.values, help)
  if (!daemon.ok) return daemon
  return ok({ name, ...daemon.value, input: definition.kind === 'command' ? { requestId: randomUUID(), ...input } : input })
}

/** Where a running market answers, from its ready line. */
export const readDaemon = (values: OptionValues, usageHelp: string): Result<Pick<Call, 'socketUrl' | 'token'>, UsageFailure> => {
  const socketUrl = textOption(values, 'socket')
  const token = textOption(values, 'token') ?? process.env['CLAUDE_MARKET_TOKEN'] ?? null
  if (socketUrl === null || !/^ws:\/\/[^ ]+$/.test(socketUrl))
    return fail('usage', `--socket must be the socketUrl of a daemon. ${usageHelp}`)
  if (token === null || !/^[0-9a-f]{1,128}$/.test(token)) return fail('usage', `--token must be the token of a daemon. ${usageHelp}`)
  return ok({ socketUrl, token })
}

const parseObject = (json: string): object | null => {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Prints the market's answer as one JSON line; exit code 1 when it refuses. A command without a request id gets a new one. */
export const runCall = async (args: readonly string[]): Promise<void> => {
  const call = readCall(args)
  if (!call.ok) return exitWithUsage(call.error)
  const answer = await answerOf(call.value)
  process.stdout.write(`${JSON.stringify(answer)}\n`)
  process.exitCode = answer.ok ? 0 : 1
}

/** What the market answers; never an exception. */
export const answerOf = async ({ name, input, socketUrl, token }: Call): Promise<WireAnswer> => {
  const channel = createChannelClient()
  const socket = new WebSocket(socketUrl, socketProtocols(token), { handshakeTimeout: answerTimeoutMs })
  const giveUp = setTimeout(() => channel.detach(`The market did not answer within ${answerTimeoutMs / 1_000} s.`), answerTimeoutMs)
  const answered = channel.transport.call(name, input)
  socket.on('open', () => channel.attach((frame) => socket.send(JSON.stringify(frame))))
  socket.on('message', (data) => channel.receive(Buffer.isBuffer(data) ? parseObject(data.toString('utf8')) : null))
  socket.on('error', () => undefined)
  socket.on('close', () =>
    channel.detach('No market answers there, or the token is that of an earlier start. Take both from its ready line.'),
  )
  const answer = wireAnswer.safeParse(await answered)
  clearTimeout(giveUp)
  socket.terminate()
  return answer.success ? answer.data : { ok: false, error: { code: 'unavailable', message: 'The answer cannot be read.' } }
}
