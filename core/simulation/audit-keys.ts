import { toHex } from '../platform/bytes.ts'
import type { AccountId, AccountState, AccountTx, Authorisation, AuthorisedTx, Bytes32 } from '../settlement/objects.ts'
import type { LedgerAudit } from './audit-ledger.ts'
import { registerKey } from './audit-steps.ts'
import type { Auditor } from './auditor.ts'
import type { SimulatedFederation } from './federation.ts'

type Keys = { readonly owner: string; readonly devices: ReadonlySet<string>; readonly revoked: ReadonlyMap<string, number> }

type KeyAuditDeps = Pick<Auditor, 'violate' | 'reach'> & Pick<SimulatedFederation, 'ownerKeyOf'>

/**
 * Whose signatures move an account, by its certified steps alone: the key of the phrase says which keys there are, and those of its
 * devices spend until they are taken back. No run changes the key of a phrase.
 */
export const createKeyAudit = ({ ownerKeyOf, violate, reach }: KeyAuditDeps) => {
  const accounts = new Map<string, Keys>()

  const after = (keys: Keys, step: number, { operation }: AccountTx['body']): Keys => {
    if (operation.kind === 'register-device') return { ...keys, devices: new Set([...keys.devices, toHex(operation.deviceKey)]) }
    if (operation.kind !== 'revoke-device') return keys
    const key = toHex(operation.deviceKey)
    reach('a device taken back')
    return {
      ...keys,
      devices: new Set([...keys.devices].filter((other) => other !== key)),
      revoked: new Map([...keys.revoked, [key, step]]),
    }
  }

  return {
    take: ({ objectId, step, body }: AccountTx, authorisations: readonly Authorisation[]): void => {
      const account = toHex(objectId)
      const signer = authorisations.map(({ publicKey }) => toHex(publicKey)).join('+')
      const owner = ownerKeyOf(objectId)
      const keys = accounts.get(account) ?? { owner: owner === null ? 'nobody' : toHex(owner), devices: new Set(), revoked: new Map() }
      const managesKeys = ['register-device', 'revoke-device', 'rotate-key'].includes(body.operation.kind)
      if (keys.revoked.has(signer)) violate('keys', `step ${step} of ${account} is signed by a device that was taken back`)
      else if (signer !== keys.owner && (managesKeys || !keys.devices.has(signer)))
        violate('keys', `step ${step} of ${account}, ${body.operation.kind}, is signed by a key that may not`)
      accounts.set(account, after(keys, step, body))
    },
    /** What one witness knows of it, and so has to refuse. */
    watch: (witness: number, ledger: Pick<LedgerAudit, 'escrow'>) => {
      const steps = new Map<string, number>()
      return {
        learnt: ({ id, step }: AccountState): void => void steps.set(toHex(id), step),
        forget: (): void => steps.clear(),
        /** A key that was taken back neither moves an escrow nor bids for one. */
        taken: (order: AuthorisedTx): void => {
          for (const { account, key } of sidesOf(order, ledger)) {
            const revokedAt = accounts.get(toHex(account))?.revoked.get(toHex(key))
            if (revokedAt === undefined || (steps.get(toHex(account)) ?? -1) < revokedAt) continue
            violate('keys', `witness ${witness} takes an order of a key that it knows to be taken back, for ${registerKey(order.tx)}`)
          }
        },
      }
    },
    /** The step of the account that took the key back; null while none has. */
    revokedAt: (account: Uint8Array, key: Uint8Array): number | null => accounts.get(toHex(account))?.revoked.get(toHex(key)) ?? null,
  }
}
export type KeyAudit = ReturnType<typeof createKeyAudit>

/** The sides of an escrow on which an order is signed. */
type Side = { readonly account: AccountId; readonly key: Bytes32 }
const sidesOf = ({ tx, authorisations }: AuthorisedTx, { escrow }: Pick<LedgerAudit, 'escrow'>): readonly Side[] => {
  const operation = tx.type === 'account' ? tx.body.operation : null
  if (operation?.kind === 'open-escrow') return [{ account: operation.terms.provider, key: operation.terms.providerKey }]
  const terms = tx.type === 'escrow' ? escrow(tx.objectId)?.terms : undefined
  if (terms === undefined) return []
  const sides = authorisations.filter(({ role }) => role !== 'arbiter')
  return sides.map(({ role, publicKey }) => ({ account: role === 'client' ? terms.client : terms.provider, key: publicKey }))
}
