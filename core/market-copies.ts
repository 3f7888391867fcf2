import { renderBackup } from './copies/backup-file.ts'
import { createCopyKeeper } from './copies/keeper.ts'
import { maxListed, type Content } from './copies/model.ts'
import { createCopies } from './copies/service.ts'
import { createCopyStore } from './copies/store.ts'
import type { Devices } from './devices/service.ts'
import type { Escrows } from './escrow/service.ts'
import type { Federation } from './federation/federation.ts'
import type { MarketDeps } from './market.ts'
import { equalBytes, utf8 } from './platform/bytes.ts'
import { decodeBytes, encodeBytes } from './platform/codec.ts'
import { maxDecreeBytes, signedReceiptCodec } from './settlement/encoding.ts'
import type { Bytes32, EscrowState } from './settlement/objects.ts'
import { createCommandCopies } from './storage/commands.ts'
import type { JobStore } from './tasks/job-store.ts'
import { commitmentOf } from './tasks/sealing.ts'
import type { OpenTask, TaskStore } from './tasks/store.ts'
import type { Wallet } from './wallet/service.ts'

type Around = {
  readonly federation: Federation
  readonly wallet: Wallet
  readonly escrows: Escrows
  readonly devices: { readonly devices: Pick<Devices, 'list' | 'name'> }
  readonly taskStore: TaskStore
  readonly jobs: JobStore
}

/** What a sealed copy is made of, and where its parts go when it comes back. */
export const createCopyParts = (deps: MarketDeps, { federation, wallet, escrows, devices: { devices }, taskStore, jobs }: Around) => {
  const federationId = federation.id
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
  const adopt = (content: Content, from: 'witnesses' | 'file'): void => {
    deps.db.transaction(() => {
      // What was decided about it since, no file knows: what is locked is brought to its end, and nobody new is asked.
      const latestMs = from === 'file' ? deps.clock.nowMs() : Number.MAX_SAFE_INTEGER
      for (const task of content.tasks) taskStore.restore({ ...task, deadlineMs: Math.min(task.deadlineMs, latestMs) })
      for (const { id, state } of content.ended) taskStore.endedElsewhere(id, state)
      for (const job of content.jobs) if (jobs.get(job.escrow)?.state !== 'settled') jobs.restoreDone(job)
      commands.restore(content.commands)
      for (const { key, name } of content.devices) devices.name(key, name)
    })
    adoptReceipts(content)
  }
  /** Whatever the copies and this data folder know of a task: where the chain has a later lock for it, it is not run here. */
  const endWhatWentOn = (): void => {
    for (const task of taskStore.open(maxListed.tasks)) {
      const later = laterLocksOf(escrows, task)
      if (later.length > 0) taskStore.endedElsewhere(task.id, later.every(isAllBack) ? 'refunded' : 'settled')
    }
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
    endWhatWentOn,
    backup: async () => {
      await copies.recalled()
      const madeAtMs = deps.clock.nowMs()
      return { madeAtMs, content: renderBackup({ federation, madeAtMs, copy: await copies.forFile() }) }
    },
    start: (): void => {
      if (witness !== null)
        createCopyKeeper({ store, federationId, clock: deps.clock, maySpeakFor: witness.maySpeakFor }).serve(deps.network)
      escrows.onChanged(copies.touch)
      wallet.onChanged(copies.touch)
    },
  }
}

const isAllBack = ({ payout }: EscrowState): boolean => payout?.providerMicro === 0n

/** Of the same task, and after the lock that is known here: it went on in a newer copy of this data. */
const laterLocksOf = (escrows: Pick<Escrows, 'decrees' | 'page'>, task: OpenTask): readonly EscrowState[] => {
  const commitment = commitmentOf({ salt: task.salt, plaintext: utf8(task.prompt) })
  const stepOf = (escrow: Bytes32): number => escrows.decrees(escrow)[0]?.tx.step ?? 0
  const known = stepOf(task.escrow)
  const found: EscrowState[] = []
  for (let page = escrows.page(null, pageSize); ;) {
    for (const { state } of page) if (equalBytes(state.terms.taskCommit, commitment) && stepOf(state.id) > known) found.push(state)
    const last = page.at(-1)
    // What is not settled comes first, and the newest of the rest next.
    const isPast = last?.state.phase === 'settled' && last.openedAtMs < task.askedAtMs - clocksDifferMs
    if (last === undefined || page.length < pageSize || isPast) return found
    page = escrows.page({ settled: last.state.phase === 'settled', openedAtMs: last.openedAtMs, id: last.state.id }, pageSize)
  }
}
const pageSize = 200
/** When a lock was certified is told by the witnesses, and when its task was asked by this computer. */
const clocksDifferMs = 3_600_000
