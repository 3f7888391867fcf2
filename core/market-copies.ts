import { createCopyKeeper } from './copies/keeper.ts'
import { maxListed, type Content } from './copies/model.ts'
import { createCopies } from './copies/service.ts'
import { createCopyStore } from './copies/store.ts'
import type { Devices } from './devices/service.ts'
import type { Escrows } from './escrow/service.ts'
import type { MarketDeps } from './market.ts'
import { equalBytes } from './platform/bytes.ts'
import { decodeBytes, encodeBytes } from './platform/codec.ts'
import { maxDecreeBytes, signedReceiptCodec } from './settlement/encoding.ts'
import type { Bytes32 } from './settlement/objects.ts'
import { createCommandCopies } from './storage/commands.ts'
import type { JobStore } from './tasks/job-store.ts'
import type { TaskStore } from './tasks/store.ts'
import type { Wallet } from './wallet/service.ts'

type Around = {
  readonly federationId: Bytes32
  readonly wallet: Wallet
  readonly escrows: Escrows
  readonly devices: { readonly devices: Pick<Devices, 'list' | 'name'> }
  readonly taskStore: TaskStore
  readonly jobs: JobStore
}

/** What a sealed copy is made of, and where its parts go when it comes back. */
export const createCopyParts = (deps: MarketDeps, { federationId, wallet, escrows, devices: { devices }, taskStore, jobs }: Around) => {
  const store = createCopyStore(deps.db)
  const commands = createCommandCopies(deps.db)

  const gather = (): Content => ({
    tasks: taskStore.open(maxListed.tasks),
    jobs: jobs
      .unpaid(maxListed.jobs)
      .flatMap(({ state: _state, receipt, priceMicro, ...job }) =>
        receipt === null || priceMicro === null ? [] : [{ ...job, receipt, priceMicro }],
      ),
    receipts: escrows.unsettledReceipts(maxListed.receipts).map((signed) => ({
      escrow: signed.receipt.escrowId,
      receipt: encodeBytes(signedReceiptCodec, signed),
    })),
    devices: devices
      .list()
      .filter(({ kind, name }) => kind === 'linked' && name !== '')
      .slice(0, maxListed.devices)
      .map(({ key, name }) => ({ key, name })),
    commands: commands.newest(['tasks.ask', 'tasks.take'], maxListed.commands),
    ended: taskStore.ended(maxListed.ended),
  })
  /** Receipts can only get a provider paid, or its client's payment right; whose computer they come from does not matter. */
  const adoptReceipts = ({ receipts }: Content): void => {
    for (const { receipt } of receipts) {
      const signed = decodeBytes(signedReceiptCodec, receipt, maxDecreeBytes, 'receipt')
      if (signed.ok) escrows.noteReceipt(signed.value)
    }
  }
  const adopt = (content: Content): void => {
    deps.db.transaction(() => {
      for (const task of content.tasks) taskStore.restore(task)
      for (const { id, state } of content.ended) taskStore.endedElsewhere(id, state)
      for (const job of content.jobs) if (jobs.get(job.escrow)?.state !== 'settled') jobs.restoreDone(job)
      commands.restore(content.commands)
      for (const { key, name } of content.devices) devices.name(key, name)
    })
    adoptReceipts(content)
  }
  const copies = createCopies({
    ...deps,
    store,
    federationId,
    account: wallet.accountId,
    sealTo: deps.sealCopiesTo ?? null,
    isOurs: (key) => {
      const { ownerKey, deviceKeys } = wallet.keys()
      return [ownerKey, ...deviceKeys].some((ours) => equalBytes(ours, key))
    },
    log: deps.log.child('copies'),
    gather,
    adopt,
    adoptOther: (content) => {
      adoptReceipts(content)
      for (const { key, name } of content.devices) devices.name(key, name)
    },
  })
  const { witness } = deps
  return {
    copies,
    start: (): void => {
      if (witness !== null)
        createCopyKeeper({ store, federationId, clock: deps.clock, maySpeakFor: witness.maySpeakFor }).serve(deps.network)
      escrows.onChanged(copies.touch)
      wallet.onChanged(copies.touch)
    },
  }
}
