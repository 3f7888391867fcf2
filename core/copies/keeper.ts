import type { Network } from '../network/port.ts'
import type { Clock } from '../platform/clock.ts'
import type { AccountId, Bytes32 } from '../settlement/objects.ts'
import { isCopySigned, type SealedCopy } from './model.ts'
import type { CopyStore } from './store.ts'
import {
  decodeCopyRequest,
  decodeKept,
  encodeCopyAnswer,
  encodeKept,
  isFetchSigned,
  maxSlots,
  type CopyAnswer,
  type CopyRequest,
} from './wire.ts'

export type KeeperDeps = {
  readonly store: CopyStore
  readonly federationId: Bytes32
  readonly clock: Clock
  /** From the accounts' chains: only who has something here may leave something here. */
  readonly maySpeakFor: (account: AccountId, key: Bytes32) => boolean
}

/** A folder's copy is renewed at most this often; members wait longer than that by themselves. */
const minIntervalMs = 2_000
/** Twice the longest life of an escrow. */
const keepMs = 60 * 24 * 3_600_000
/** Some 300 MB if every one were as large as it may be; most are a few hundred bytes. */
const maxKept = 10_000
/** A request to see copies is not to be replayed for long. */
const freshMs = 5 * 60_000

const refused = (code: Extract<CopyAnswer, { readonly kind: 'refused' }>['code']): CopyAnswer => ({ kind: 'refused', code })

/** A witness keeps members' sealed copies: bounded for each account, signed by it, and never an older one over a newer. */
export const createCopyKeeper = ({ store, federationId, clock, maySpeakFor }: KeeperDeps) => {
  const put = (copy: SealedCopy): CopyAnswer => {
    if (!isCopySigned(copy, federationId) || !maySpeakFor(copy.account, copy.key)) return refused('not-yours')
    const nowMs = clock.nowMs()
    const known = store.keptVersion(copy.account, copy.slot)
    if (known !== null && known.version >= copy.version) return known.version === copy.version ? { kind: 'taken' } : refused('older')
    // One from the future would stand in the way of all that come until then.
    if (copy.version > nowMs + freshMs) return refused('malformed')
    if (known !== null && nowMs - known.atMs < minIntervalMs) return refused('too-soon')
    store.forgetBefore(nowMs - keepMs)
    if (known === null && store.keptCount() >= maxKept) return refused('full')
    store.keep(copy.account, copy.slot, copy.version, nowMs, encodeKept(copy), maxSlots)
    return { kind: 'taken' }
  }
  const fetch = (request: Extract<CopyRequest, { readonly kind: 'fetch' }>): CopyAnswer => {
    const { account, key, atMs } = request
    const isFresh = Math.abs(clock.nowMs() - atMs) <= freshMs
    if (!isFresh || !isFetchSigned(request, federationId) || !maySpeakFor(account, key)) return refused('not-yours')
    const copies = store.kept(account, maxSlots).flatMap((body) => {
      const copy = decodeKept(body)
      return copy.ok ? [copy.value] : []
    })
    return { kind: 'copies', copies }
  }
  const answer = (request: CopyRequest): CopyAnswer => (request.kind === 'put' ? put(request.copy) : fetch(request))
  return {
    answer,
    serve: (network: Network): void =>
      network.serve('copies', (payload, from) => {
        const request = decodeCopyRequest(payload)
        if (!request.ok) network.reportMisbehaviour(from, 'a copies question that is not well-formed')
        return Promise.resolve(encodeCopyAnswer(request.ok ? answer(request.value) : refused('malformed')))
      }),
  }
}
