import type { CredentialStore } from '../../identity/credentials.ts'
import { ok } from '../../platform/result.ts'

/** Keys in a map that the test holds, without the checks of a vault. */
export const mapCredentials = (kept: Map<string, string>): CredentialStore => ({
  protection: () => 'session',
  refs: () => [...kept.keys()],
  secret: (ref) => kept.get(ref) ?? null,
  put: async (ref, secret) => {
    kept.set(ref, secret)
    return ok(null)
  },
  remove: async (ref) => {
    kept.delete(ref)
    return ok(null)
  },
})
