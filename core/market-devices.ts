import type { MarketContract } from './contract/contract.ts'
import type { Dispatcher, Handlers } from './contract/dispatcher.ts'
import { copyKeysOf } from './copies/sealing.ts'
import { devicesHandlers } from './devices/handlers.ts'
import { createKeyBook } from './devices/key-book.ts'
import { createDevices } from './devices/service.ts'
import type { Federation } from './federation/federation.ts'
import type { MarketDeps } from './market.ts'
import type { Driver } from './settlement/driver-port.ts'
import type { Wallet } from './wallet/service.ts'

type Around = {
  readonly federation: Federation
  readonly driver: Driver
  readonly wallet: Wallet
  readonly emit: Dispatcher<MarketContract>['emit']
}

/** The computers of this account, and whose keys speak for others' accounts. */
export const createDeviceParts = (deps: MarketDeps, { federation, driver, wallet, emit }: Around) => {
  const devices = createDevices({
    db: deps.db,
    wallet,
    federation,
    publicKey: deps.signer.publicKey,
    firstKey: deps.firstKey ?? deps.signer.publicKey,
    ownName: deps.deviceName ?? null,
    copyKey: async () => (await copyKeysOf(deps.signer, federation.id)).publicKey,
  })
  const revision = (): number => wallet.summary().revision
  const handlers: Handlers<MarketContract>['devices'] = devicesHandlers(devices, revision)
  return {
    devices,
    handlers,
    keyBook: createKeyBook({ driver, federationId: federation.id, clock: deps.clock, log: deps.log.child('devices') }),
    start: (): void => void wallet.onChanged((changed) => emit('devices.changed', { revision: changed })),
  }
}
