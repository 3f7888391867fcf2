import { equalBytes, sha256, toHex } from '../platform/bytes.ts'
import { bytesOf, decodeBytes, encodeBytes, record, textUpTo, type Codec } from '../platform/codec.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { acceptGenesis, type Federation } from '../federation/federation.ts'
import { genesisBounds, signedGenesisCodec, type SignedGenesis } from '../federation/genesis.ts'
import { readLink, renderLink, type LinkFailure, type LinkKind } from '../federation/link-text.ts'
import { maxDeviceNameCharacters } from '../identity/secrets.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import type { Bytes32, Signature } from '../settlement/objects.ts'

/**
 * Two texts link a computer to an account without its phrase. The new computer shows a device code: its own public key and what it is
 * to be called. A computer with the phrase certifies that key in the account's chain and answers with an account code. Nothing in
 * either is secret; what a person has to compare is the fingerprint, so that nobody slips another key in between.
 */
export type DeviceCode = { readonly publicKey: Bytes32; readonly name: string }
export type AccountCode = {
  readonly federation: Federation
  /** The key that names the account. */
  readonly firstKey: Bytes32
  /** The device that was certified. */
  readonly deviceKey: Bytes32
  /** What it seals its copies to, so that they can be read with the phrase alone. */
  readonly copyKey: Bytes32
}
export type CodeFailure = LinkFailure

export const deviceCodePrefix = 'claude-market://device/'
export const accountCodePrefix = 'claude-market://linked/'

type SignedDevice = DeviceCode & { readonly signature: Signature }
const deviceBody: Codec<DeviceCode> = record({ publicKey: bytesOf(32), name: textUpTo(maxDeviceNameCharacters) })
const signedDevice: Codec<SignedDevice> = record({
  publicKey: bytesOf(32),
  name: textUpTo(maxDeviceNameCharacters),
  signature: bytesOf(64),
})
type AccountPayload = { readonly signed: SignedGenesis } & Omit<AccountCode, 'federation'>
const accountPayload: Codec<AccountPayload> = record({
  signed: signedGenesisCodec,
  firstKey: bytesOf(32),
  deviceKey: bytesOf(32),
  copyKey: bytesOf(32),
})

export const maxDeviceCodeCharacters = 600
const maxDevicePayloadBytes = 300
const deviceLink: LinkKind = {
  prefix: deviceCodePrefix,
  article: 'a',
  noun: 'device code',
  version: 1,
  maxCharacters: maxDeviceCodeCharacters,
  maxPayloadBytes: maxDevicePayloadBytes,
}
/** The largest genesis document, as in an invite link. */
export const maxAccountCodeCharacters = 50_000
const maxAccountPayloadBytes = genesisBounds.bytes + 256
const accountLink: LinkKind = {
  prefix: accountCodePrefix,
  article: 'an',
  noun: 'account code',
  version: 1,
  maxCharacters: maxAccountCodeCharacters,
  maxPayloadBytes: maxAccountPayloadBytes,
}

/** The new computer knows no federation yet. */
const noFederation = new Uint8Array(32)
/** Control and format characters could make a name read as another one. */
const misleading = /\p{C}/u
export const isDeviceName = (name: string): boolean =>
  name.trim() !== '' && name.length <= maxDeviceNameCharacters && !misleading.test(name)

export const createDeviceCode = (signer: Signer, name: string): string => {
  const body = { publicKey: signer.publicKey, name }
  return renderLink(
    deviceLink,
    encodeBytes(signedDevice, { ...body, signature: signer.sign('RUV1/DEVICE', noFederation, encodeBytes(deviceBody, body)) }),
  )
}

/** Proves that whoever made it holds the key, so that nobody's key is certified without its owner. */
export const readDeviceCode = (text: string): Result<DeviceCode, CodeFailure> => {
  const payload = readLink(deviceLink, text)
  if (!payload.ok) return payload
  const decoded = decodeBytes(signedDevice, payload.value, maxDevicePayloadBytes, 'device code')
  if (!decoded.ok) return fail('invalid', `This device code is no valid one. ${decoded.error.message}`)
  const { signature, ...body } = decoded.value
  const isSigned = verifySignature('RUV1/DEVICE', noFederation, encodeBytes(deviceBody, body), signature, body.publicKey)
  return isSigned && isDeviceName(body.name)
    ? ok(body)
    : fail('invalid', 'This device code is no valid one. Have the new computer show another.')
}

export const createAccountCode = ({ federation, ...keys }: AccountCode): string =>
  renderLink(
    accountLink,
    encodeBytes(accountPayload, { signed: { genesis: federation.genesis, signature: federation.signature }, ...keys }),
  )

export const readAccountCode = (text: string): Result<AccountCode, CodeFailure> => {
  const payload = readLink(accountLink, text)
  if (!payload.ok) return payload
  const decoded = decodeBytes(accountPayload, payload.value, maxAccountPayloadBytes, 'account code')
  if (!decoded.ok) return fail('invalid', `This account code is no valid one. ${decoded.error.message}`)
  const { signed, ...keys } = decoded.value
  const federation = acceptGenesis(signed)
  if (!federation.ok) return fail('invalid', federation.error.message)
  return equalBytes(keys.firstKey, keys.deviceKey)
    ? fail('invalid', 'This account code names no device.')
    : ok({ federation: federation.value, ...keys })
}

/** Twelve digits: nobody finds a key with the same by trying, and a person compares them in a glance. */
export const fingerprintOf = (publicKey: Bytes32): string =>
  (toHex(sha256(publicKey).subarray(0, 6)).toUpperCase().match(/.{4}/g) ?? []).join('-')
