import type { Federation } from '../federation/federation.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { maxDevices } from '../settlement/encoding.ts'
import type { Bytes32, Decree } from '../settlement/objects.ts'
import type { Database } from '../storage/database.ts'
import type { Wallet } from '../wallet/service.ts'
import type { SpendFailure } from '../wallet/writer.ts'
import { createAccountCode, fingerprintOf, readDeviceCode, type DeviceCode } from './codes.ts'
import { createDeviceStore } from './store.ts'

export type DevicesDeps = {
  readonly db: Database
  readonly wallet: Wallet
  readonly federation: Federation
  /** This computer's own. */
  readonly publicKey: Bytes32
  readonly firstKey: Bytes32
  /** What this computer was called when it was linked; null where the phrase is. */
  readonly ownName: string | null
  /** What linked computers seal their copies to. */
  readonly copyKey: () => Promise<Bytes32>
}

export type Device = {
  readonly key: Bytes32
  /** `phrase`: every computer that holds the recovery phrase, for they share its key. */
  readonly kind: 'phrase' | 'linked'
  readonly name: string
  /** Null when nobody knows any more. */
  readonly linkedAtMs: number | null
  readonly isRevoked: boolean
  readonly revokedAtMs: number | null
  readonly isThis: boolean
}
export type LinkFailure = SpendFailure | Failure<'malformed-code' | 'not-the-owner' | 'too-many-devices' | 'practice'>
export type Devices = ReturnType<typeof createDevices>

/** Revoked ones are remembered, the longest known first; a person has a handful. */
const maxListed = 64

/** The computers that may sign for this account: certified in its chain by the key of the phrase, and taken back there. */
export const createDevices = (deps: DevicesDeps) => {
  const { wallet, federation } = deps
  const store = createDeviceStore(deps.db)
  const holdsPhrase = (): boolean => equalBytes(wallet.keys().ownerKey, deps.publicKey)
  wallet.attachDevices({ linked: store.linked, revoked: store.revoked })

  const list = (): readonly Device[] => {
    const { ownerKey, deviceKeys } = wallet.keys()
    const notes = new Map(store.list(maxListed).map((note) => [toHex(note.key), note]))
    const isCertified = (key: Bytes32): boolean => deviceKeys.some((other) => equalBytes(other, key))
    const isThis = (key: Bytes32): boolean => equalBytes(key, deps.publicKey)
    const linked = (key: Bytes32): Device => {
      const note = notes.get(toHex(key))
      const name = isThis(key) && deps.ownName !== null ? deps.ownName : (note?.name ?? '')
      const revokedAtMs = note?.revokedAtMs ?? null
      return {
        key,
        kind: 'linked',
        name,
        linkedAtMs: note?.linkedAtMs ?? null,
        isRevoked: !isCertified(key),
        revokedAtMs,
        isThis: isThis(key),
      }
    }
    const gone = [...notes.values()].filter(({ key, isRevoked }) => isRevoked && !isCertified(key)).map(({ key }) => key)
    const others = [...deviceKeys, ...gone]
    const isMissing = deps.ownName !== null && !others.some(isThis)
    const owner = { key: ownerKey, kind: 'phrase', name: '', linkedAtMs: null, isRevoked: false, revokedAtMs: null } as const
    return [{ ...owner, isThis: isThis(ownerKey) }, ...others.map(linked), ...(isMissing ? [linked(deps.publicKey)] : [])]
  }

  const answerFor = async (deviceKey: Bytes32): Promise<string> =>
    createAccountCode({ federation, firstKey: deps.firstKey, deviceKey, copyKey: await deps.copyKey() })

  const link = async (code: string, requestId: string): Promise<Result<DeviceCode & { readonly accountCode: string }, LinkFailure>> => {
    const device = readCode(code)
    if (!device.ok) return device
    // Its witnesses listen elsewhere at every start, and on this computer alone.
    if (federation.genesis.kind === 'practice') return fail('practice', 'A practice federation lives on one computer alone.')
    if (!holdsPhrase()) return notTheOwner
    const { publicKey, name } = device.value
    const linked = { ...device.value, accountCode: await answerFor(publicKey) }
    const { deviceKeys } = wallet.keys()
    if (deviceKeys.some((key) => equalBytes(key, publicKey))) return ok(linked)
    if (deviceKeys.length >= maxDevices)
      return fail('too-many-devices', `An account has at most ${maxDevices} linked computers. Remove one of them first.`)
    store.name(publicKey, name)
    const registered = await wallet.submit({ kind: 'register-device', deviceKey: publicKey }, requestId)
    return registered.ok ? ok(linked) : registered
  }

  const revoke = async (
    key: Bytes32,
    requestId: string,
  ): Promise<Result<Decree, SpendFailure | Failure<'not-the-owner' | 'not-found'>>> => {
    if (!holdsPhrase()) return notTheOwner
    const { deviceKeys } = wallet.keys()
    const isKnown = deviceKeys.some((other) => equalBytes(other, key)) || wallet.hasSubmitted(requestId)
    return isKnown
      ? wallet.submit({ kind: 'revoke-device', deviceKey: key }, requestId)
      : fail('not-found', 'No such computer is linked to this account.')
  }

  return { list, holdsPhrase, link, revoke, readCode, /** What another computer called it. */ name: store.name }
}

const readCode = (code: string): Result<DeviceCode & { readonly fingerprint: string }, Failure<'malformed-code'>> => {
  const device = readDeviceCode(code)
  return device.ok
    ? ok({ ...device.value, fingerprint: fingerprintOf(device.value.publicKey) })
    : fail('malformed-code', device.error.message)
}

const notTheOwner = fail('not-the-owner', 'Only a computer that holds the recovery phrase can link computers and remove them.')
