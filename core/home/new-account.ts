import type { accountSource } from '../contract/setup.ts'
import { parsePhrase } from '../identity/phrase.ts'
import type { LastingProtector, OsProtector } from '../identity/protection.ts'
import { newSecrets, type Secrets } from '../identity/secrets.ts'
import { createVault, type Vault } from '../identity/vault.ts'
import { vaultDeps } from '../node/vault-deps.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { z } from 'zod'
import type { PendingPhrase } from './pending-phrase.ts'

type AccountSource = z.output<typeof accountSource>

/** The secrets of a new data folder: of an account just made, or of an older one whose words are known. */
export const secretsFrom = (
  source: AccountSource,
  pending: PendingPhrase,
  random: Random,
): Result<Secrets, Failure<'wrong-proof' | 'wrong-phrase'>> => {
  if (source.kind === 'restored') return restoredSecrets(source.phrase, random)
  const entropy = pending.prove(source.proof)
  return entropy.ok ? ok(newSecrets(random, entropy.value)) : entropy
}

export const restoredSecrets = (phrase: string, random: Random): Result<Secrets, Failure<'wrong-phrase'>> => {
  const entropy = parsePhrase(phrase)
  return entropy.ok ? ok(newSecrets(random, entropy.value)) : fail('wrong-phrase', entropy.error.message)
}

/** A passphrase that was given is used, also where the system could keep the key. */
export const protectorFor = (
  passphrase: string | null,
  osProtector: OsProtector | null,
): Result<LastingProtector, Failure<'passphrase-needed'>> => {
  if (passphrase !== null) return ok({ kind: 'passphrase', passphrase })
  if (osProtector !== null) return ok(osProtector)
  return fail('passphrase-needed', 'This computer has no key store that protects the key. Choose a passphrase for it.')
}

export const createMemberVault = async (
  dataFolder: string,
  protector: LastingProtector,
  secrets: Secrets,
): Promise<Result<Vault, Failure<'passphrase-needed' | 'not-now' | 'disk'>>> => {
  const vault = await createVault(vaultDeps(dataFolder), protector, secrets)
  if (vault.ok) return vault
  const { code, message } = vault.error
  if (code === 'weak-passphrase' || code === 'os-refused') return fail('passphrase-needed', message)
  return code === 'vault-exists' ? fail('not-now', message) : fail('disk', message)
}
