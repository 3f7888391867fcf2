import { bytesUpTo, decodeBytes, encodeBytes, listUpTo } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { decodeDecree, encodeDecree, maxDecreeBytes } from '../settlement/encoding.ts'
import type { Decree } from '../settlement/objects.ts'

/** The decrees that prove a credit, oldest first: a transfer's own, or an escrow's from its opening to its settlement. */
const maxDecrees = 6
export const maxProofBytes = maxDecrees * (maxDecreeBytes + 8)
const codec = listUpTo(bytesUpTo(maxDecreeBytes), maxDecrees)

export const encodeProof = (proof: readonly Decree[]): Uint8Array => encodeBytes(codec, proof.map(encodeDecree))

export const decodeProof = (encoded: Uint8Array): Result<readonly Decree[], Failure<'malformed'>> => {
  const list = decodeBytes(codec, encoded, maxProofBytes, 'a proof of payment')
  if (!list.ok) return list
  const decrees: Decree[] = []
  for (const bytes of list.value) {
    const decree = decodeDecree(bytes)
    if (!decree.ok) return fail('malformed', decree.error.message)
    decrees.push(decree.value)
  }
  return ok(decrees)
}
