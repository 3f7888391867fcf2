import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { fail, ok } from '../platform/result.ts'
import { certified } from '../wallet/handlers.ts'
import type { SpendFailure } from '../wallet/writer.ts'
import { fingerprintOf } from './codes.ts'
import type { Devices } from './service.ts'

export const devicesHandlers = (devices: Devices, revision: () => number): Handlers<MarketContract>['devices'] => ({
  list: () =>
    ok({
      revision: revision(),
      holdsPhrase: devices.holdsPhrase(),
      rows: devices.list().map((device) => ({ ...device, key: toHex(device.key), fingerprint: fingerprintOf(device.key) })),
    }),
  readCode: ({ code }) => {
    const device = devices.readCode(code)
    return device.ok ? ok({ name: device.value.name, fingerprint: device.value.fingerprint }) : device
  },
  link: async ({ requestId, code }) => {
    const linked = await devices.link(code, requestId)
    if (linked.ok)
      return ok({ name: linked.value.name, fingerprint: fingerprintOf(linked.value.publicKey), accountCode: linked.value.accountCode })
    return isSpend(linked.error) ? spent(linked.error) : fail(linked.error.code, linked.error.message)
  },
  revoke: async ({ requestId, key }) => {
    const revoked = await devices.revoke(fromHex(key), requestId)
    if (revoked.ok) return ok(certified(revoked.value))
    return isSpend(revoked.error) ? spent(revoked.error) : fail(revoked.error.code, revoked.error.message)
  },
})

const isSpend = (error: { readonly code: string }): error is SpendFailure => spendCodes.some((code) => code === error.code)
const spendCodes = ['insufficient-funds', 'no-quorum', 'refused', 'gift-limit', 'to-oneself', 'request-id-reused'] as const

/** What moves no money is refused for none of the reasons of a payment. */
const spent = ({ code, message }: SpendFailure) => fail(code === 'no-quorum' || code === 'request-id-reused' ? code : 'refused', message)
