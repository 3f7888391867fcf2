import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { keyFromSeed, type Ed25519Key } from '../identity/ed25519.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { concatBytes, equalBytes, sha256, toBase64Url } from '../platform/bytes.ts'
import { amount, bytesOf, decodeBytes, encodeBytes, record, timeMs, type Codec } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { acceptGenesis, governanceOf, type Federation } from './federation.ts'
import { genesisBounds, signedGenesisCodec, type SignedGenesis } from './genesis.ts'

/**
 * An invite is a transfer to a fresh key that travels in a link, with the whole signed genesis document, so that a newcomer needs
 * nothing else. Whoever holds the link holds the money, so it is handed over like money. What the link says about amount and
 * sponsor is a promise: the certified transfer to `inviteAccountOf` decides.
 */
export type Invite = {
  readonly federation: Federation
  /** 32 bytes: the key of the account that holds the starter credit. */
  readonly seed: Uint8Array
  readonly amountMicro: AmountMicro
  readonly sponsor: AccountId
  /** After this the sponsor may take the credit back. */
  readonly expiresAtMs: number
}
export type InviteFailure = Failure<
  'not-a-link' | 'too-long' | 'truncated' | 'damaged' | 'newer-version' | 'invalid' | 'expired' | 'other-federation'
>

export const inviteLinkPrefix = 'claude-market://invite/'
const inviteVersion = 1
/** The largest genesis document makes a link of 40,000; with four witnesses it has about 1,500 and fits a QR code. */
export const maxInviteLinkCharacters = 50_000

type Payload = { readonly signed: SignedGenesis } & Pick<Invite, 'seed' | 'amountMicro' | 'sponsor' | 'expiresAtMs'>
const payloadCodec: Codec<Payload> = record({
  signed: signedGenesisCodec,
  seed: bytesOf(32),
  amountMicro: amount,
  sponsor: bytesOf(32),
  expiresAtMs: timeMs,
})
const maxPayloadBytes = genesisBounds.bytes + 256

/** version (1) ‖ length of the body (4) ‖ checksum (8) ‖ body. Every version keeps this header; here the body is the deflated payload. */
const headerBytes = 13
const checksumOf = (version: number, body: Uint8Array): Uint8Array => sha256(new Uint8Array([version]), body).subarray(0, 8)

export const createInviteLink = ({ federation, ...rest }: Invite): string => {
  const payload: Payload = { ...rest, signed: { genesis: federation.genesis, signature: federation.signature } }
  const body = new Uint8Array(deflateRawSync(encodeBytes(payloadCodec, payload), { level: 9 }))
  const header = new Uint8Array(headerBytes)
  header[0] = inviteVersion
  new DataView(header.buffer).setUint32(1, body.length)
  header.set(checksumOf(inviteVersion, body), 5)
  return inviteLinkPrefix + toBase64Url(concatBytes(header, body))
}

type ReadingConditions = {
  readonly nowMs: number
  /** Null for a newcomer; otherwise an invite to another federation is refused. */
  readonly currentFederationId: Bytes32 | null
}

/** Reads a pasted link; line breaks and spaces that mail programs put in do not matter. Never throws. */
export const parseInviteLink = (text: string, { nowMs, currentFederationId }: ReadingConditions): Result<Invite, InviteFailure> => {
  const body = bodyOf(text)
  if (!body.ok) return body
  const invite = inviteOf(body.value)
  if (!invite.ok) return invite
  if (currentFederationId !== null && !equalBytes(currentFederationId, invite.value.federation.id))
    return fail(
      'other-federation',
      `This invite is for the federation "${invite.value.federation.genesis.name}", and you are in another one. Join it with a data folder of its own.`,
    )
  if (invite.value.expiresAtMs <= nowMs) return fail('expired', 'This invite has expired. Ask for a new one.')
  return invite
}

const bodyOf = (text: string): Result<Uint8Array, InviteFailure> => {
  if (text.length > maxInviteLinkCharacters) return fail('too-long', 'This is too long for an invite link. Copy the link alone.')
  const link = text.replace(/\s/g, '')
  if (!link.startsWith(inviteLinkPrefix)) return fail('not-a-link', `This is not an invite link. One begins with ${inviteLinkPrefix}`)
  const encoded = link.slice(inviteLinkPrefix.length)
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64url'))
  if (!/^[\w-]*$/.test(encoded)) return damagedLink
  if (bytes.length < headerBytes) return truncatedLink
  const [version = 0] = bytes
  const body = bytes.subarray(headerBytes)
  const expectedLength = new DataView(bytes.buffer).getUint32(1)
  if (body.length < expectedLength) return truncatedLink
  // The last character's spare bits are not in the checksum, hence the comparison of the text.
  const intact = body.length === expectedLength && equalBytes(bytes.subarray(5, headerBytes), checksumOf(version, body))
  if (!intact || version < inviteVersion || toBase64Url(bytes) !== encoded) return damagedLink
  if (version === inviteVersion) return ok(body)
  return fail('newer-version', 'This invite was made by a newer version of Claude Market. Update the app, then open the link again.')
}
const truncatedLink = fail('truncated', 'The end of this invite link is missing. Copy the whole link.')
const damagedLink = fail('damaged', 'This invite link was changed on its way: a character is wrong, added or missing. Copy it again.')

const inviteOf = (body: Uint8Array): Result<Invite, InviteFailure> => {
  const bytes = inflateWithin(body, maxPayloadBytes)
  if (bytes === null) return fail('invalid', 'This invite link cannot be unpacked. Ask for a new one.')
  const decoded = decodeBytes(payloadCodec, bytes, maxPayloadBytes, 'invite')
  if (!decoded.ok) return fail('invalid', `This invite is no valid one. ${decoded.error.message}`)
  const { signed, ...rest } = decoded.value
  const federation = acceptGenesis(signed)
  return federation.ok ? ok({ federation: federation.value, ...rest }) : fail('invalid', federation.error.message)
}

/** Null for what is no deflate stream or would unpack to more: a bomb costs no more than `maxBytes`. */
const inflateWithin = (body: Uint8Array, maxBytes: number): Uint8Array | null => {
  try {
    return new Uint8Array(inflateRawSync(body, { maxOutputLength: maxBytes }))
  } catch {
    return null
  }
}

export const inviteKeyOf = ({ seed }: Pick<Invite, 'seed'>): Ed25519Key => keyFromSeed(seed)

/** The account that the sponsor's transfer must have gone to. */
export const inviteAccountOf = (invite: Pick<Invite, 'seed' | 'federation'>): AccountId =>
  accountIdOf(governanceOf(invite.federation), inviteKeyOf(invite).publicKey)
