import { keyFromSeed, type Ed25519Key } from '../identity/ed25519.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import { amount, bytesOf, decodeBytes, encodeBytes, record, timeMs, type Codec } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { acceptGenesis, governanceOf, type Federation } from './federation.ts'
import { readLink, renderLink, type LinkFailure, type LinkKind } from './link-text.ts'
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
export type InviteFailure = LinkFailure | Failure<'expired' | 'other-federation'>

export const inviteLinkPrefix = 'claude-market://invite/'
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
const inviteLink: LinkKind = {
  prefix: inviteLinkPrefix,
  article: 'an',
  noun: 'invite link',
  version: 1,
  maxCharacters: maxInviteLinkCharacters,
  maxPayloadBytes,
}

export const createInviteLink = ({ federation, ...rest }: Invite): string => {
  const payload: Payload = { ...rest, signed: { genesis: federation.genesis, signature: federation.signature } }
  return renderLink(inviteLink, encodeBytes(payloadCodec, payload))
}

type ReadingConditions = {
  readonly nowMs: number
  /** Null for a newcomer; otherwise an invite to another federation is refused. */
  readonly currentFederationId: Bytes32 | null
}

/** Reads a pasted link. Never throws. */
export const parseInviteLink = (text: string, { nowMs, currentFederationId }: ReadingConditions): Result<Invite, InviteFailure> => {
  const payload = readLink(inviteLink, text)
  if (!payload.ok) return payload
  const invite = inviteOf(payload.value)
  if (!invite.ok) return invite
  if (currentFederationId !== null && !equalBytes(currentFederationId, invite.value.federation.id))
    return fail(
      'other-federation',
      `This invite is for the federation "${invite.value.federation.genesis.name}", and you are in another one. Join it with a data folder of its own.`,
    )
  if (invite.value.expiresAtMs <= nowMs)
    return fail(
      'expired',
      'By the clock of this computer this invite has expired. Set the clock if it is wrong; otherwise ask for a new one.',
    )
  return invite
}

const inviteOf = (bytes: Uint8Array): Result<Invite, InviteFailure> => {
  const decoded = decodeBytes(payloadCodec, bytes, maxPayloadBytes, 'invite')
  if (!decoded.ok) return fail('invalid', `This invite is no valid one. ${decoded.error.message}`)
  const { signed, ...rest } = decoded.value
  const federation = acceptGenesis(signed)
  return federation.ok ? ok({ federation: federation.value, ...rest }) : fail('invalid', federation.error.message)
}

export const inviteKeyOf = ({ seed }: Pick<Invite, 'seed'>): Ed25519Key => keyFromSeed(seed)

/** The account that the sponsor's transfer must have gone to. */
export const inviteAccountOf = (invite: Pick<Invite, 'seed' | 'federation'>): AccountId =>
  accountIdOf(governanceOf(invite.federation), inviteKeyOf(invite).publicKey)
