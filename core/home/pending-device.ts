import { createDeviceCode, fingerprintOf, isDeviceName, type AccountCode } from '../devices/codes.ts'
import { createKeyTree } from '../identity/keys.ts'
import { newSecrets, type Secrets } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Bytes32 } from '../settlement/objects.ts'

export type PendingDevice = ReturnType<typeof createPendingDevice>

/** The key of a computer that is to be linked, in memory until the account has answered. */
export const createPendingDevice = (random: Random) => {
  let pending: { readonly secrets: Secrets; readonly publicKey: Bytes32; readonly name: string } | null = null
  return {
    /** Another key at every call; the earlier one is forgotten. */
    renew: (name: string): Result<{ readonly code: string; readonly fingerprint: string }, Failure<'refused'>> => {
      if (!isDeviceName(name)) return fail('refused', 'Give this computer a name of visible characters.')
      const secrets = newSecrets(random)
      const signer = createSigner(createKeyTree(secrets.accountEntropy).deviceKey(secrets.deviceIndex))
      pending = { secrets, publicKey: signer.publicKey, name: name.trim() }
      return ok({ code: createDeviceCode(signer, pending.name), fingerprint: fingerprintOf(signer.publicKey) })
    },
    /** The secrets of this computer as a device of the account that certified it. */
    linkedTo: ({
      firstKey,
      deviceKey,
      copyKey,
    }: Pick<AccountCode, 'firstKey' | 'deviceKey' | 'copyKey'>): Result<Secrets, Failure<'no-device-code' | 'other-device'>> => {
      if (pending === null)
        return fail('no-device-code', 'There is no device code yet, or the program was started again. Show a new one and have it linked.')
      if (!equalBytes(pending.publicKey, deviceKey))
        return fail('other-device', 'This account code answers another device code than the one shown here. Have the newest one linked.')
      return ok({ ...pending.secrets, linkedTo: { firstKey, copyKey, name: pending.name } })
    },
    forget: (): void => {
      pending = null
    },
  }
}
