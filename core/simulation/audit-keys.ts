import { toHex } from '../platform/bytes.ts'
import type { AccountTx, Authorisation } from '../settlement/objects.ts'
import type { Auditor } from './auditor.ts'

type Keys = { readonly owner: string; readonly devices: ReadonlySet<string>; readonly revoked: ReadonlySet<string> }

/**
 * Whose signatures move an account, by its certified steps alone: the key of the phrase says which keys there are, and those of its
 * devices spend until they are taken back. No run changes the key of a phrase.
 */
export const createKeyAudit = ({ violate, reach }: Pick<Auditor, 'violate' | 'reach'>) => {
  const accounts = new Map<string, Keys>()

  const after = (keys: Keys, { operation }: AccountTx['body']): Keys => {
    if (operation.kind === 'register-device') return { ...keys, devices: new Set([...keys.devices, toHex(operation.deviceKey)]) }
    if (operation.kind !== 'revoke-device') return keys
    const key = toHex(operation.deviceKey)
    reach('a device taken back')
    return { ...keys, devices: new Set([...keys.devices].filter((other) => other !== key)), revoked: new Set([...keys.revoked, key]) }
  }

  return {
    take: ({ objectId, step, body }: AccountTx, authorisations: readonly Authorisation[]): void => {
      const account = toHex(objectId)
      const signer = authorisations.map(({ publicKey }) => toHex(publicKey)).join('+')
      const keys = accounts.get(account) ?? { owner: signer, devices: new Set(), revoked: new Set() }
      const managesKeys = ['register-device', 'revoke-device', 'rotate-key'].includes(body.operation.kind)
      if (keys.revoked.has(signer)) violate('keys', `step ${step} of ${account} is signed by a device that was taken back`)
      else if (signer !== keys.owner && (managesKeys || !keys.devices.has(signer)))
        violate('keys', `step ${step} of ${account}, ${body.operation.kind}, is signed by a key that may not`)
      accounts.set(account, after(keys, body))
    },
    isRevoked: (account: Uint8Array, key: Uint8Array): boolean => accounts.get(toHex(account))?.revoked.has(toHex(key)) === true,
  }
}
export type KeyAudit = ReturnType<typeof createKeyAudit>
