import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { maxStoredCredentials } from './secrets.ts'
import type { Vault } from './vault.ts'

/** What backends log in with, under names that may be shown; kept in the vault, so on the disk only where and how the vault is. */
export type CredentialStore = {
  readonly protection: () => ReturnType<Vault['protection']>
  readonly refs: () => readonly string[]
  /** For the executor that needs it and the guard that looks for it; nobody else. */
  readonly secret: (ref: string) => string | null
  /** Replaces one of the same name. On disk before it resolves. */
  readonly put: (ref: string, secret: string) => Promise<Result<null, Failure<'too-many' | 'disk'>>>
  readonly remove: (ref: string) => Promise<Result<null, Failure<'not-found' | 'disk'>>>
}

export const createCredentialStore = (vault: Pick<Vault, 'protection' | 'secrets' | 'update'>): CredentialStore => {
  const kept = () => vault.secrets().credentials
  const secret = (ref: string): string | null => kept().find((credential) => credential.ref === ref)?.secret ?? null
  const without = (ref: string) => kept().filter((credential) => credential.ref !== ref)
  const store = async (credentials: ReturnType<typeof kept>): Promise<Result<null, Failure<'disk'>>> => {
    const updated = await vault.update((secrets) => ({ ...secrets, credentials }))
    return updated.ok ? ok(null) : fail('disk', updated.error.message)
  }
  return {
    protection: vault.protection,
    refs: () => kept().map(({ ref }) => ref),
    secret,
    put: async (ref, value) => {
      const others = without(ref)
      if (others.length >= maxStoredCredentials)
        return fail('too-many', `There are ${maxStoredCredentials} keys already. Remove one that is not used any more.`)
      return store([...others, { ref, secret: value }])
    },
    remove: async (ref) => {
      if (secret(ref) === null) return fail('not-found', 'There is no key of this name; it may have been removed already.')
      return store(without(ref))
    },
  }
}
