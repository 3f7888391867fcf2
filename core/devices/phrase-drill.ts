import { createKeyTree } from '../identity/keys.ts'
import { parsePhrase } from '../identity/phrase.ts'
import { equalBytes } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'

/**
 * Whether these words would bring this account back, found by the way a restore goes: from the words to the key that names the
 * account. It needs no secret of this computer, so it tells nothing that whoever types does not know, and a linked one can do it too.
 */
export const bringsBack = (
  phrase: string,
  { accountId, federationId }: { readonly accountId: AccountId; readonly federationId: Bytes32 },
): Result<boolean, Failure<'wrong-phrase'>> => {
  const entropy = parsePhrase(phrase)
  if (!entropy.ok) return fail('wrong-phrase', entropy.error.message)
  const { publicKey } = createKeyTree(entropy.value).accountKey(0)
  entropy.value.fill(0)
  return ok(equalBytes(accountIdOf(birthOf(federationId), publicKey), accountId))
}
