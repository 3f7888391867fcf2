import type { Audit } from '../audit/service.ts'
import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import type { CredentialStore } from '../identity/credentials.ts'
import { utf8 } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { parseApiKey } from './credential.ts'
import type { SecretGuard } from './secret-guard.ts'

export type CredentialsDeps = {
  readonly store: CredentialStore
  readonly guard: Pick<SecretGuard, 'remember' | 'forget'>
  readonly audit: Pick<Audit, 'note'>
  readonly changed: (revision: number) => void
}
export type Credentials = ReturnType<typeof createCredentials>

/** Only keys that the policy lets serve are taken (policy.md), and from then on the guard looks for them in all that leaves. */
export const createCredentials = ({ store, guard, audit, changed }: CredentialsDeps) => {
  let revision = 0
  /** After the store has changed; a key may have another name. */
  const guardAgainst = (before: string | null, next: string | null): void => {
    if (next !== null) guard.remember(utf8(next))
    if (before !== null && store.refs().every((ref) => store.secret(ref) !== before)) guard.forget(utf8(before))
  }
  const put = async (ref: string, text: string): Promise<Result<null, Failure<'not-a-key' | 'too-many' | 'disk'>>> => {
    const key = parseApiKey(text)
    if (!key.ok) {
      audit.note({ kind: 'key', outcome: 'refuse', rule: key.error.code })
      return fail('not-a-key', key.error.message)
    }
    const before = store.secret(ref)
    const stored = await store.put(ref, key.value)
    if (!stored.ok) return stored
    guardAgainst(before, key.value)
    audit.note({ kind: 'key', outcome: 'kept', rule: 'by-owner' })
    changed(++revision)
    return stored
  }
  const remove = async (ref: string): Promise<Result<null, Failure<'not-found' | 'disk'>>> => {
    const before = store.secret(ref)
    const removed = await store.remove(ref)
    if (!removed.ok) return removed
    guardAgainst(before, null)
    audit.note({ kind: 'key', outcome: 'deleted', rule: 'by-owner' })
    changed(++revision)
    return removed
  }
  return { put, remove, refs: store.refs, protection: store.protection, revision: () => revision }
}

export const credentialHandlers = (credentials: Credentials): Handlers<MarketContract>['credentials'] => ({
  list: () => ok({ revision: credentials.revision(), refs: credentials.refs(), protection: credentials.protection() }),
  put: async ({ ref, secret }) => {
    const stored = await credentials.put(ref, secret)
    return stored.ok ? ok({}) : stored
  },
  remove: async ({ ref }) => {
    const removed = await credentials.remove(ref)
    return removed.ok ? ok({}) : removed
  },
})
