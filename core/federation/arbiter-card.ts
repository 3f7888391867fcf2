import { fromHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { committeeBounds } from '../settlement/committee-codec.ts'
import { isTitle } from '../settlement/committee-rules.ts'
import type { NamedArbiter } from '../settlement/objects.ts'

/** How an arbiter is named: ACCOUNTKEY,NAME[,OPERATOR]. Whoever shares an operator with a party does not judge it. */
export const parseArbiterCard = (text: string): Result<NamedArbiter, Failure<'malformed'>> => {
  const [key = '', name = '', operator = '', ...rest] = text.split(',').map((part) => part.trim())
  if (!/^[0-9a-f]{64}$/.test(key) || !isTitle(name) || rest.length > 0)
    return fail(
      'malformed',
      'An arbiter is its account key in 64 hexadecimal digits, its name and, if it has one, its operator, with commas between.',
    )
  if (name.length > committeeBounds.name || operator.length > committeeBounds.operator)
    return fail(
      'malformed',
      `The name of an arbiter has at most ${committeeBounds.name} characters and its operator ${committeeBounds.operator}. Shorten them.`,
    )
  return ok({ publicKey: fromHex(key), name, operator, weight: 1 })
}
