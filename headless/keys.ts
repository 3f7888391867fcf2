import { witnessCardOf } from '../core/federation/witness-card.ts'
import { peerIdOfSeed } from '../core/identity/peer-id.ts'
import { phraseOfEntropy } from '../core/identity/phrase.ts'
import { accountKeysOf, withNewWitness, type Secrets } from '../core/identity/secrets.ts'
import { toHex } from '../core/platform/bytes.ts'
import { systemRandom } from '../core/platform/random.ts'
import { ok, type Failure, type Result } from '../core/platform/result.ts'
import { takeDataFolder } from '../core/storage/data-folder.ts'
import { openOwnVault } from './member.ts'
import { exitWithFailure, exitWithUsage, parseOptions, textOption } from './options.ts'
import { sqliteBinding } from './sqlite-binding.ts'

const help =
  'Usage: keys --data FOLDER [--witness] [--show-phrase]. Makes the key file under CLAUDE_MARKET_PASSPHRASE where there is none, and prints the public keys.'
const spec = { data: { type: 'string' }, witness: { type: 'boolean' }, 'show-phrase': { type: 'boolean' } } as const

/**
 * Prints one JSON line: what a founder has to know of this member, and the recovery phrase when it is asked for. `witness` is the
 * witness card, to which the founder adds the addresses; an arbiter is named by its `accountKey`.
 */
export const runKeys = async (args: readonly string[]): Promise<void> => {
  const parsed = parseOptions(args, spec, help)
  if (!parsed.ok) return exitWithUsage(parsed.error)
  const { values } = parsed.value
  const dataFolder = textOption(values, 'data')
  if (dataFolder === null) return exitWithUsage({ code: 'usage', message: `Say which --data folder. ${help}` })
  const secrets = await secretsOf(dataFolder, values['witness'] === true)
  if (!secrets.ok) return exitWithFailure(secrets.error)
  if (values['show-phrase'] === true && secrets.value.linkedTo !== null)
    return exitWithFailure({ code: 'linked', message: 'This computer is linked to an account and does not know its recovery phrase.' })
  const phrase = values['show-phrase'] === true ? { phrase: phraseOfEntropy(secrets.value.accountEntropy).join(' ') } : {}
  process.stdout.write(`${JSON.stringify({ ...publicKeysOf(secrets.value), ...phrase })}\n`)
}

const publicKeysOf = (secrets: Secrets) => {
  const { nodeSeed, witness } = secrets
  return {
    accountKey: toHex(accountKeysOf(secrets).firstKey),
    peerId: peerIdOfSeed(nodeSeed),
    witness: witness === null ? null : witnessCardOf({ nodeSeed, witness }),
  }
}

/** With the folder taken, so that no running market loses what it writes into the key file. */
const secretsOf = async (dataFolder: string, isWitness: boolean): Promise<Result<Secrets, Failure>> => {
  const folder = takeDataFolder({ path: dataFolder, ...sqliteBinding() })
  if (!folder.ok) return folder
  try {
    const vault = await openOwnVault(dataFolder)
    if (!vault.ok) return vault
    const secrets = vault.value.secrets()
    if (!isWitness || secrets.witness !== null) return ok(secrets)
    return await vault.value.update((kept) => withNewWitness(kept, systemRandom))
  } finally {
    folder.value.release()
  }
}
