import { join } from 'node:path'
import { z } from 'zod'
import { parseGenesisFile, maxGenesisFileCharacters, renderGenesisFile } from '../federation/genesis-file.ts'
import { decodeSecrets, encodeSecrets, type Secrets } from '../identity/secrets.ts'
import { practiceProviders, practiceWitnesses, type Practice } from '../node/practice.ts'
import { fromBase64Url, toBase64Url } from '../platform/bytes.ts'
import { systemDisk } from '../platform/disk.ts'
import { writeJsonFile, type JsonFile } from '../platform/json-file.ts'
import type { Failure, Result } from '../platform/result.ts'

const format = 'claude-market-practice'
const note =
  'The keys of a practice federation on this computer. Its RUV are worth nothing and its answers are simulated, so the keys are kept readable, and no passphrase is asked for. Never use them elsewhere.'

const secrets = z.string().max(4_096)
const schema = z.strictObject({
  format: z.literal(format),
  version: z.literal(1),
  note: z.string().max(1_000),
  federation: z.string().max(maxGenesisFileCharacters),
  own: secrets,
  witnesses: z.array(secrets).length(practiceWitnesses),
  providers: z.array(secrets).length(practiceProviders),
})

const read = (text: string): Secrets => {
  const decoded = decodeSecrets(fromBase64Url(text))
  if (!decoded.ok) throw new TypeError(decoded.error.message)
  return decoded.value
}
const write = (value: Secrets): string => toBase64Url(encodeSecrets(value))

const parse = (json: unknown): Practice | null => {
  const parsed = schema.safeParse(json)
  const federation = parsed.success ? parseGenesisFile(parsed.data.federation) : null
  if (!parsed.success || federation?.ok !== true) return null
  const { own, witnesses, providers } = parsed.data
  return { federation: federation.value, own: read(own), witnesses: witnesses.map(read), providers: providers.map(read) }
}

/** Where a practice federation lives: while this file is there, the folder is one's. */
export const practiceFile = (dataFolder: string): JsonFile<Practice> => ({
  disk: systemDisk,
  path: join(dataFolder, 'practice.json'),
  maxBytes: 2 * maxGenesisFileCharacters,
  title: 'The file of the practice federation',
  parse,
})

export const writePractice = (dataFolder: string, practice: Practice): Promise<Result<null, Failure<'disk'>>> =>
  writeJsonFile(practiceFile(dataFolder), {
    format,
    version: 1,
    note,
    federation: renderGenesisFile(practice.federation),
    own: write(practice.own),
    witnesses: practice.witnesses.map(write),
    providers: practice.providers.map(write),
  })
