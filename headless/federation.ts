import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { federation as calls } from '../core/contract/federation.ts'
import type { OutputOf } from '../core/contract/definition.ts'
import { systemClock } from '../core/platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { answerOf, readDaemon, type Call } from './call.ts'
import { exitWithFailure, exitWithUsage, listOption, parseOptions, textOption, type OptionValues, type UsageFailure } from './options.ts'

const help =
  'Usage: federation show | propose [--add CARD] [--remove WITNESS] [--replace WITNESS=CARD] [--add-arbiter ACCOUNTKEY,NAME] [--remove-arbiter ACCOUNTKEY] [--starts-in 8d] | endorse [ID] | submit [ID], each with --socket URL [--token TOKEN] [--json]. A card is the line of keys --witness with its address; WITNESS is a number from show, or a key.'
const spec = {
  socket: { type: 'string' },
  token: { type: 'string' },
  json: { type: 'boolean' },
  add: { type: 'string', multiple: true },
  remove: { type: 'string', multiple: true },
  replace: { type: 'string', multiple: true },
  'add-arbiter': { type: 'string', multiple: true },
  'remove-arbiter': { type: 'string', multiple: true },
  'starts-in': { type: 'string' },
} as const

type Daemon = Pick<Call, 'socketUrl' | 'token'>
type Status = OutputOf<typeof calls.status>
type Proposal = Status['proposals'][number]
type Wish = { readonly action: string; readonly id: string | null; readonly values: OptionValues; readonly daemon: Daemon }

const usage = (message: string): Result<never, UsageFailure> => fail('usage', `${message} ${help}`)

const readWish = (args: readonly string[]): Result<Wish, UsageFailure> => {
  const parsed = parseOptions(args, spec, help, 2)
  if (!parsed.ok) return parsed
  const [action = '', id] = parsed.value.positionals
  if (!['show', 'propose', 'endorse', 'submit'].includes(action)) return usage('Say what to do.')
  if (id !== undefined && !/^[0-9a-f]{64}$/.test(id)) return usage('An id has 64 hexadecimal digits, as show prints them.')
  const daemon = readDaemon(parsed.value.values, help)
  return daemon.ok ? ok({ action, id: id ?? null, values: parsed.value.values, daemon: daemon.value }) : daemon
}

/** Exit codes as those of `call`: 0 done, 1 refused, 2 asked wrongly. */
export const runFederation = async (args: readonly string[]): Promise<void> => {
  const wish = readWish(args)
  if (!wish.ok) return exitWithUsage(wish.error)
  const { action, daemon, values } = wish.value
  const status = await ask(daemon, 'status', {}, calls.status.output)
  if (!status.ok) return exitWithFailure(status.error)
  const done = action === 'show' ? ok(status.value) : await act(wish.value, status.value)
  if (!done.ok) return done.error.code === 'usage' ? exitWithUsage(done.error) : exitWithFailure(done.error)
  const isShown = action === 'show' && values['json'] !== true
  process.stdout.write(`${isShown ? renderStatus(status.value) : JSON.stringify(done.value)}\n`)
}

const ask = async <T extends z.ZodType>(
  daemon: Daemon,
  member: string,
  input: object,
  output: T,
): Promise<Result<z.output<T>, Failure>> => {
  const answer = await answerOf({ ...daemon, name: `federation.${member}`, input })
  if (!answer.ok) return fail(answer.error.code, answer.error.message)
  const read = z.safeDecode(output, answer.value as z.input<T>)
  return read.success ? ok(read.data) : fail('unavailable', 'The answer cannot be read. The daemon may be of another version.')
}

const act = async ({ action, id, values, daemon }: Wish, status: Status): Promise<Result<object, Failure>> => {
  const requestId = randomUUID()
  if (action === 'propose') {
    const changes = changesOf(values, status)
    const startsAtMs = startOf(values)
    if (!changes.ok) return changes
    return startsAtMs.ok
      ? ask(daemon, 'propose', { requestId, changes: changes.value, startsAtMs: startsAtMs.value }, calls.propose.output)
      : startsAtMs
  }
  const [only, ...others] = status.proposals
  if (id === null && (only === undefined || others.length > 0))
    return usage(only === undefined ? 'No change of the committee is under way.' : 'Several changes are under way: say which, by its id.')
  const input = { requestId, id: id ?? only?.id }
  return action === 'endorse' ? ask(daemon, 'endorse', input, calls.endorse.output) : ask(daemon, 'submit', input, calls.submit.output)
}

const changesOf = (values: OptionValues, { committee }: Status): Result<readonly object[], UsageFailure> => {
  const keyOf = (witness: string): string => committee[/^\d{1,3}$/.test(witness) ? Number(witness) - 1 : -1]?.publicKey ?? witness
  const replaced = listOption(values, 'replace').map((text) => /^([^=]+)=(.+)$/.exec(text))
  const changes = [
    ...replaced.map((parts) => ({ kind: 'replace', publicKey: keyOf(parts?.[1] ?? ''), card: parts?.[2] ?? '' })),
    ...listOption(values, 'remove').map((witness) => ({ kind: 'remove', publicKey: keyOf(witness) })),
    ...listOption(values, 'add').map((card) => ({ kind: 'add', card })),
    ...listOption(values, 'remove-arbiter').map((publicKey) => ({ kind: 'remove-arbiter', publicKey })),
    ...listOption(values, 'add-arbiter').map((card) => ({ kind: 'add-arbiter', card })),
  ]
  if (changes.length === 0) return usage('Say what is to change.')
  const isKnown = changes.every((change) => !('publicKey' in change) || /^[0-9a-f]{64}$/.test(change.publicKey))
  return isKnown ? ok(changes) : usage('A witness is its number from show, or its key; an arbiter is its account key.')
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 }
const startOf = (values: OptionValues): Result<number | null, UsageFailure> => {
  const text = textOption(values, 'starts-in')
  if (text === null) return ok(null)
  const [, number, unit] = /^(\d{1,4})([smhd])$/.exec(text) ?? []
  return number === undefined || unit === undefined
    ? usage('--starts-in takes a time such as 30m, 12h or 8d.')
    : ok(systemClock.nowMs() + Number(number) * (unitsMs[unit] ?? 0))
}

const date = (atMs: number): string => new Date(atMs).toISOString()
const shown = (members: Status['committee']): string => members.map(({ publicKey }) => publicKey).join(', ')

const renderStatus = (status: Status): string =>
  [
    `Epoch ${status.epoch}, since ${date(status.startsAtMs)}: ${status.quorum} of ${status.committee.length} witnesses make a step final.`,
    ...status.committee.map(
      ({ publicKey, addresses, isOwn }, index) => `  ${index + 1}  ${publicKey}  ${addresses[0] ?? ''}${isOwn ? '  (this node)' : ''}`,
    ),
    ...(status.arbiters.length === 0 ? ['No arbiters: a dispute ends in the middle by itself.'] : ['Arbiters:']),
    ...status.arbiters.map(({ publicKey, name, operator }) => `  ${publicKey}  ${name}${operator === '' ? '' : `, ${operator}`}`),
    ...(status.next === null ? [] : [`Epoch ${status.next.epoch} is decided and begins ${date(status.next.startsAtMs)}.`]),
    ...(status.proposals.length === 0 ? ['No change is under way.'] : status.proposals.flatMap(renderProposal)),
  ].join('\n')

const named = (arbiters: Status['arbiters']): string => arbiters.map(({ name }) => name).join(', ')

const renderProposal = ({ id, epoch, startsAtMs, decideByMs, endorsedBy, needed, ...changed }: Proposal): readonly string[] => [
  `Proposed ${id}: epoch ${epoch} from ${date(startsAtMs)}, to be decided before ${date(decideByMs)}.`,
  ...(changed.added.length === 0 ? [] : [`  comes: ${shown(changed.added)}`]),
  ...(changed.removed.length === 0 ? [] : [`  goes: ${shown(changed.removed)}`]),
  ...(changed.arbitersAdded.length === 0 ? [] : [`  judges from then on: ${named(changed.arbitersAdded)}`]),
  ...(changed.arbitersRemoved.length === 0 ? [] : [`  judges no more: ${named(changed.arbitersRemoved)}`]),
  `  endorsed by ${endorsedBy.length} of the ${needed} it needs${endorsedBy.length === 0 ? '' : ` (${endorsedBy.map((place) => place + 1).join(', ')})`}`,
]
