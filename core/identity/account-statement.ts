import { bytesOf, encodeBytes, literal, record, textUpTo, timeMs, type Codec } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { verifySignature, type SignatureTag, type Signer } from './signing.ts'

/** What an account says about itself for a while, signed by its own key or one of its devices'. */
export type AccountStatement = {
  readonly version: 1
  /** 32 bytes. */
  readonly accountId: Uint8Array
  /** 32 bytes; that it belongs to the account is for the reader to check in the account's state. */
  readonly signingKey: Uint8Array
  readonly subject: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
}
export type SignedAccountStatement = { readonly statement: AccountStatement; readonly signature: Uint8Array }
export type StatementFailure = Failure<'other-subject' | 'not-yet-valid' | 'expired' | 'lives-too-long' | 'bad-signature'>

type Kind = {
  readonly tag: SignatureTag
  /** Begins every sentence about it, such as "The proof of who runs this node". */
  readonly noun: string
  readonly maxSubjectCharacters: number
  readonly maxLifeMs: number
}
type Expected = { readonly federationId: Uint8Array; readonly subject: string; readonly nowMs: number }

/** Two clocks that are both wrong by a minute still understand each other; statements live for days, so it costs nothing. */
const clockToleranceMs = 120_000

export type StatementKind = {
  readonly codec: Codec<SignedAccountStatement>
  readonly sign: (
    signer: Signer,
    federationId: Uint8Array,
    statement: Omit<AccountStatement, 'version' | 'signingKey'>,
  ) => SignedAccountStatement
  /** Checks everything but that `signingKey` belongs to `accountId`. */
  readonly verify: (signed: SignedAccountStatement, expected: Expected) => Result<AccountStatement, StatementFailure>
}

export const statementKind = ({ tag, noun, maxSubjectCharacters, maxLifeMs }: Kind): StatementKind => {
  const body: Codec<AccountStatement> = record({
    version: literal(1),
    accountId: bytesOf(32),
    signingKey: bytesOf(32),
    subject: textUpTo(maxSubjectCharacters),
    issuedAtMs: timeMs,
    expiresAtMs: timeMs,
  })
  return {
    codec: record({ statement: body, signature: bytesOf(64) }),
    sign: (signer, federationId, parts) => {
      const statement: AccountStatement = { version: 1, signingKey: signer.publicKey, ...parts }
      return { statement, signature: signer.sign(tag, federationId, encodeBytes(body, statement)) }
    },
    verify: ({ statement, signature }, { federationId, subject, nowMs }) => {
      if (statement.subject !== subject) return fail('other-subject', `${noun} is about something else.`)
      if (statement.expiresAtMs - statement.issuedAtMs > maxLifeMs)
        return fail('lives-too-long', `${noun} claims to be valid for too long.`)
      if (statement.issuedAtMs > nowMs + clockToleranceMs)
        return fail('not-yet-valid', `${noun} is from the future; one of the clocks is wrong.`)
      if (statement.expiresAtMs <= nowMs) return fail('expired', `${noun} has expired.`)
      const signed = verifySignature(tag, federationId, encodeBytes(body, statement), signature, statement.signingKey)
      return signed ? ok(statement) : fail('bad-signature', `${noun} carries a wrong signature.`)
    },
  }
}
