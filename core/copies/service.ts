import type { Signer } from '../identity/signing.ts'
import type { Network } from '../network/port.ts'
import { equalBytes, sha256, toHex } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { createSerialQueue } from '../platform/serial-queue.ts'
import type { Epochs } from '../settlement/epochs.ts'
import { quorumOf, type AccountId, type Bytes32 } from '../settlement/objects.ts'
import { emptyContent, isCopySigned, signCopy, type Content, type SealedCopy } from './model.ts'
import { packContent, unpackContent } from './packing.ts'
import { copyKeysOf, openCopy, sealCopy, type CopyKeys } from './sealing.ts'
import type { CopyStore } from './store.ts'
import { decodeCopyAnswer, encodeCopyRequest, fetchRequest, type CopyAnswer, type CopyRequest } from './wire.ts'

export type CopiesDeps = {
  readonly store: CopyStore
  readonly network: Network
  readonly epochs: Epochs
  readonly federationId: Bytes32
  readonly account: AccountId
  readonly signer: Signer
  /** On a linked computer: the public key that copies are sealed to. Null where the phrase is, which can read them too. */
  readonly sealTo: Bytes32 | null
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Whether this key may sign for the account, as far as its chain is known here. */
  readonly isOurs: (key: Bytes32) => boolean
  readonly gather: () => Content
  /** Of this account, from the file that it is brought back with: one copy more beside those of the witnesses. */
  readonly backup?: SealedCopy | null
  /** Takes in what a copy has and this data folder lacks. One from a file may be far older than what was done since. */
  readonly adopt: (content: Content, from: 'witnesses' | 'file') => void
  /** Of another computer of this account: what may be finished for it, and nothing that it is busy with itself. */
  readonly adoptOther: (content: Content) => void
}
export type Copies = ReturnType<typeof createCopies>

/** Several changes of one trade become one copy, and one that begins and ends within this time none. */
const settleMs = 3_000
const firstRetryMs = 10_000
const lastRetryMs = 600_000
const lateAnswersMs = 1_000
/** Without witnesses nothing can be locked either. */
const waitForRecallMs = 5_000
const requestTimeoutMs = 10_000

/** Leaves sealed copies of what is open with the witnesses, and takes back what an older or an empty data folder lacks. */
export const createCopies = (deps: CopiesDeps) => {
  const { store, clock, log, signer, federationId, account, backup = null } = deps
  const queue = createSerialQueue()
  const keys: Promise<CopyKeys | null> = deps.sealTo === null ? copyKeysOf(signer, federationId) : Promise.resolve(null)
  let cancel = (): void => undefined
  let isStopped = false
  let hasRecalled = false
  let isDue = false
  let retryMs = firstRetryMs

  /** Waits for all witnesses, once q have answered only a moment longer. */
  const askAll = async (request: CopyRequest): Promise<readonly CopyAnswer[]> => {
    const { committee } = deps.epochs.newest()
    const payload = encodeCopyRequest(request)
    const answers: CopyAnswer[] = []
    let enough = (): void => undefined
    const quorum = new Promise<void>((resolve) => (enough = resolve))
    const ask = async (witness: (typeof committee.witnesses)[number]): Promise<void> => {
      try {
        const answer = decodeCopyAnswer(await deps.network.request(witness, 'copies', payload, { timeoutMs: requestTimeoutMs }))
        if (answer.ok) answers.push(answer.value)
        if (answers.length >= quorumOf(committee)) enough()
      } catch {
        // It is left out.
      }
    }
    const pause = quorum.then(() => new Promise<void>((resolve) => void clock.after(lateAnswersMs, resolve)))
    await Promise.race([Promise.all(committee.witnesses.map(ask)), pause])
    return answers
  }
  /** Then whatever q answer when it is taken back, an honest one of them has it. */
  const isEnough = (count: number): boolean => count >= quorumOf(deps.epochs.newest().committee)

  const later = (delayMs: number): void => {
    cancel()
    if (isStopped) return
    isDue = true
    cancel = clock.after(delayMs, () => {
      isDue = false
      void queue.run(leave).catch(noteFailure)
    })
  }
  const noteFailure = (error: unknown): void => log.write('error', 'copy-failed', { reason: String(error) })

  const seal = async (slot: Uint8Array, version: number, packed: Uint8Array): Promise<SealedCopy> => {
    const about = { account, slot, version, federationId }
    const sealed = await sealCopy(deps.random, deps.sealTo ?? (await keys)?.publicKey ?? new Uint8Array(32), about, packed)
    return signCopy({ account, slot, version, ...sealed }, signer, federationId)
  }

  const leave = async (): Promise<void> => {
    if (isStopped) return
    const packed = packContent(deps.gather())
    const contentHash = sha256(packed)
    const own = store.own()
    if (own === null ? equalBytes(contentHash, emptyHash) : equalBytes(own.contentHash, contentHash)) return
    const slot = own?.slot ?? deps.random.bytes(16)
    const version = Math.max((own?.version ?? 0) + 1, clock.nowMs())
    const copy = await seal(slot, version, packed)
    // Noted first: a version that is out may be known to others whatever happens here.
    store.saveOwn({ slot, version, contentHash: own?.contentHash ?? emptyHash })
    const answers = await askAll({ kind: 'put', copy })
    const taken = answers.filter(({ kind }) => kind === 'taken').length
    if (isEnough(taken)) {
      retryMs = firstRetryMs
      return store.saveOwn({ slot, version, contentHash })
    }
    log.write('info', 'copy not left yet', { taken, answered: answers.length })
    later(retryMs)
    retryMs = Math.min(2 * retryMs, lastRetryMs)
  }

  const isSignedHere = ({ key }: SealedCopy): boolean => equalBytes(key, signer.publicKey)
  const isGenuine = (copy: SealedCopy): boolean =>
    equalBytes(copy.account, account) && (isSignedHere(copy) || deps.isOurs(copy.key)) && isCopySigned(copy, federationId)

  const recall = async (): Promise<void> => {
    const own = store.own()
    const readKeys = await keys
    const answers = await askAll(fetchRequest(account, clock.nowMs(), signer, federationId))
    const shown = answers.flatMap((answer) => (answer.kind === 'copies' ? answer.copies : []))
    const filed = backup === null ? [] : [backup]
    // Judged before they are compared: a witness that made one up must not hide those that others kept.
    for (const copy of inOrder([...filed.filter(isGenuine), ...newestOf(shown.filter(isGenuine))])) {
      const isOwn = own !== null && equalBytes(copy.slot, own.slot) && isSignedHere(copy)
      if (isOwn && copy.version <= own.version) continue
      if (isOwn) store.saveOwn({ ...own, version: copy.version })
      // A folder with copies of its own belongs to a computer that has not lost its disk: what others are busy with is theirs.
      if (!isOwn && own !== null) continue
      const packed = readKeys === null ? null : await openCopy(readKeys, { ...copy, federationId }, copy)
      const content = packed === null ? null : unpackContent(packed)
      if (content === null) continue
      log.write('info', 'sealed copy taken back', { tasks: content.tasks.length, jobs: content.jobs.length, version: copy.version })
      if (isSignedHere(copy)) deps.adopt(content, copy === backup ? 'file' : 'witnesses')
      else deps.adoptOther(content)
    }
  }

  let recalled = (): void => undefined
  const firstRecall = new Promise<void>((resolve) => (recalled = resolve))

  return {
    /** Resolves once it is known what newer copies say was done, or after a while: a command done there must not be done again here. */
    recalled: (): Promise<void> =>
      hasRecalled
        ? Promise.resolve()
        : Promise.race([firstRecall, new Promise<void>((resolve) => void clock.after(waitForRecallMs, resolve))]),
    /** Once the wallet and the escrows are up to date, and before anything that was open goes on. */
    recall: (): Promise<void> =>
      queue.run(async () => {
        await recall().catch(noteFailure)
        hasRecalled = true
        recalled()
        later(settleMs)
      }),
    /** Something that belongs into a copy may have changed. */
    touch: (): void => {
      // One that is due stays due: a trade that changes all the time is copied all the same.
      if (hasRecalled && !isDue) later(settleMs)
    },
    /** What is open now, for a file. Whatever this folder leaves with the witnesses from now on counts as newer. */
    forFile: (): Promise<SealedCopy> => {
      const own = store.own()
      return seal(own?.slot ?? deps.random.bytes(16), own === null ? clock.nowMs() : own.version + 1, packContent(deps.gather()))
    },
    /** What linked computers seal their copies to; null on one of them. */
    publicKey: async (): Promise<Bytes32 | null> => (await keys)?.publicKey ?? null,
    stop: (): void => {
      isStopped = true
      cancel()
    },
  }
}

const emptyHash = sha256(packContent(emptyContent))

/** The oldest first, so that what a newer one says comes last. */
const inOrder = (copies: readonly SealedCopy[]): readonly SealedCopy[] => copies.toSorted((a, b) => a.version - b.version)

/** Of each computer's slots the newest version. */
const newestOf = (copies: readonly SealedCopy[]): readonly SealedCopy[] => {
  const newest = new Map<string, SealedCopy>()
  for (const copy of copies) {
    const name = toHex(copy.slot) + toHex(copy.key)
    if ((newest.get(name)?.version ?? -1) < copy.version) newest.set(name, copy)
  }
  return [...newest.values()]
}
