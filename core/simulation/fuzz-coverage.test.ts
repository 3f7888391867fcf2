import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** Readers that no subject of the fuzzer takes, or whole files of them, under the reason. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'what the subjects are made of, and fed by each of them': [
    'platform/cbor.ts decodeCbor',
    'platform/cbor.ts decodeKnownCbor',
    'platform/codec.ts decodeBytes',
    'platform/codec.ts decodeKnown',
  ],
  'checkProof feeds every line of a file to it': ['proofs/file.ts readFirstLine', 'proofs/file.ts parseRecord'],
  'isAttested feeds it': ['federation/attestation.ts organisationAttestation'],
  'writes a proof; what it reads is its own records': ['proofs/export.ts readProof'],
  'opens what is sealed to it, bounded, and hands it to decodeExhibit': ['disputes/sealing.ts'],
  'its frames are subjects; what calls and events carry is held against the bounded schemas of the contract': [
    'contract/channel-client.ts',
    'contract/channel-session.ts',
    'contract/client.ts',
    'contract/dispatcher.ts',
    'contract/memory-transport.ts',
    'contract/websocket-transport.ts',
  ],
  'one text of a length that its message allows, held against a pattern': ['prices/handlers.ts'],
  'a program or server that the owner chose; the compliance suite of the executors breaks its streams': [
    'executors/claude-cli-events.ts',
    'executors/discover.ts',
    'executors/local-model.ts',
  ],
  'a statement that no message carries yet': ['identity/peer-binding.ts peerBinding'],
  'rows of the own database, written by the same program': [
    'compliance/statements.ts',
    'escrow/store.ts',
    'settlement/handover-store.ts',
    'storage/commands.ts',
    'tasks/attempt.ts',
    'tasks/choice.ts',
    'tasks/handlers.ts',
    'tasks/job-stream.ts',
    'tasks/jobs.ts',
    'tasks/payment.ts',
    'wallet/store.ts',
  ],
  'what it reads it has just made': ['federation/federation.ts foundFederation'],
  'in a copy that one’s own computers signed': ['market-copies.ts'],
  'files of the own data folder; those that people carry are subjects': [
    'home/log-reader.ts',
    'home/member-files.ts readFederation',
    'home/member-files.ts readPendingInvite',
    'home/practice-file.ts',
    'home/settings.ts',
    'identity/vault.ts readProtection',
    'node/witness-memory.ts',
    'platform/json-file.ts readJsonFile',
  ],
  'what the process that starts the nodes writes to them': ['node/nodes.ts parseNodesConfig'],
}
const excepted = Object.values(exceptions).flat()

const core = join(import.meta.dirname, '..')
const isOwn = (path: string): boolean => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)(testing|fixtures)\/|^simulation\//.test(path)
const contentOf = (path: string): string => readFileSync(join(core, path), 'utf8')

const named = /^export (?:async )?(?:const|function) ((?:decode|parse|read|unpack)[A-Z]\w*)/gm
const built = /^export const (\w+) = (?:wire|kindOf|statementKind)\b/gm
const primitive =
  /\b(?:decodeBytes|decodeCbor|JSON\.parse|inflateRawSync|safeParse|safeDecode|multiaddr|peerIdFromString)\(|[a-z]\w*\.parse\(JSON/

/** By their exported names; as the file, where what reads has none. */
const readersIn = (path: string): readonly string[] => {
  const content = contentOf(path)
  const reading = content
    .split(/^(?=(?:export )?(?:async )?(?:const|function) )/m)
    .filter((part) => primitive.test(part))
    .map((part) => /^export (?:async )?(?:const|function) (\w+)/.exec(part)?.[1])
  const names = [...[named, built].flatMap((pattern) => [...content.matchAll(pattern)].map(([, name]) => name)), ...reading]
  return [...new Set(names.map((name) => (name === undefined ? path : `${path} ${name}`)))]
}

const files = readdirSync(core, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
const readers = files.filter(isOwn).flatMap(readersIn)

/** Lint refuses what is imported and not used. */
const taken = new Set(
  files
    .filter((path) => /^simulation\/fuzz-\w+\.ts$/.test(path))
    .flatMap((path) => [...contentOf(path).matchAll(/^import \{([^}]+)\} from '\.\.\/([^']+)'/gm)])
    .flatMap(([, names = '', path = '']) => [path, ...names.split(',').map((name) => `${path} ${name.trim().split(' as ')[0]}`)]),
)

const missing = readers.filter((reader) => !taken.has(reader))
const exceptionFor = (reader: string): string | undefined => excepted.find((name) => name === reader || name === reader.split(' ')[0])

it('every reader of bytes or text is fed by the fuzzer, or an exception says why not', () => {
  expect(readers.length).toBeGreaterThan(100)
  expect(missing.filter((reader) => exceptionFor(reader) === undefined)).toEqual([])
})

it('no exception is for a reader that is fed or gone', () => {
  const needed = new Set(missing.map(exceptionFor))
  expect(excepted.filter((name) => !needed.has(name))).toEqual([])
})
