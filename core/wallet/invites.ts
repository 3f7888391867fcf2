import { createInviteLink, inviteAccountOf, inviteKeyOf, parseInviteLink, type Invite as InviteLink } from '../federation/invite.ts'
import type { Federation } from '../federation/federation.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { createSerialQueue } from '../platform/serial-queue.ts'
import { creditsOfAccountTx, initialAccount } from '../settlement/account.ts'
import type { Driver } from '../settlement/driver-port.ts'
import type { AccountId, AuthorisedTx, Decree } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import type { Database } from '../storage/database.ts'
import { createInviteBook, inviteLifeMs } from './invite-book.ts'
import { createInviteStore, type Invite, type InviteClaim } from './invite-store.ts'
import { nextAccountTx, sumOf } from './model.ts'
import type { Wallet } from './service.ts'
import type { SpendFailure } from './writer.ts'

export type InviteDeps = {
  readonly db: Database
  readonly wallet: Wallet
  /** Deterministic (RFC 8032): the keys of its invites are hashes of its signatures, which never leave this module. */
  readonly signer: Signer
  readonly federation: Federation
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  /** Told of the two transfers of an invite that this member has claimed. */
  readonly introduced?: (given: Decree, taken: Decree) => void
}
export type MadeInvite = { readonly link: string; readonly decree: Decree }
export type CreateFailure = SpendFailure | Failure<'on-its-way'>
/** `wasClaimed`: this account had it already. */
export type ClaimedInvite = {
  readonly amountMicro: AmountMicro
  readonly sponsor: AccountId
  readonly decree: Decree
  readonly wasClaimed: boolean
}
export type ClaimFailure = Failure<'malformed-link' | 'wrong-federation' | 'already-claimed' | 'no-quorum' | 'refused'>
export type Invites = ReturnType<typeof createInvites>

/**
 * Starter credit: a transfer to the account of a fresh key that travels in the link, and a second one from there to whoever claims
 * it. The key is derived from the member's own, so that no secret is on disk and none is lost in a crash.
 */
export const createInvites = ({ db, wallet, signer, federation, driver, clock, log, introduced }: InviteDeps) => {
  const store = createInviteStore(db)
  const queue = createSerialQueue()

  const seedOf = (keyIndex: number): Uint8Array => sha256(signer.sign('RUV1/INVITE', federation.id, utf8(String(keyIndex))))
  const linkOf = ({ keyIndex, amountMicro, atMs }: Pick<Invite, 'keyIndex' | 'amountMicro' | 'atMs'>): InviteLink => ({
    federation,
    seed: seedOf(keyIndex),
    amountMicro,
    sponsor: wallet.accountId,
    expiresAtMs: atMs + inviteLifeMs,
  })

  const book = createInviteBook({ store, wallet, driver, clock, log, linkOf: (invite) => createInviteLink(linkOf(invite)) })

  /** A fresh key: not one that a lost database used before, which would add to somebody else's invite. */
  const prepare = (amountMicro: AmountMicro, requestId: string): Invite => {
    const made = { amountMicro, atMs: clock.nowMs() }
    for (let keyIndex = store.nextKeyIndex(); ; keyIndex += 1) {
      const invite = { ...made, keyIndex, account: inviteAccountOf(linkOf({ ...made, keyIndex })) }
      if (store.wasPaid(invite.account)) continue
      store.saveInvite(requestId, invite)
      return invite
    }
  }

  const create = async (amountMicro: AmountMicro, requestId: string): Promise<Result<MadeInvite, CreateFailure>> => {
    const known = store.invite(requestId)
    const invite = known ?? prepare(amountMicro, requestId)
    const paid = await wallet.transfer(invite.account, amountMicro, '', requestId)
    if (paid.ok) return ok({ link: createInviteLink(linkOf(invite)), decree: paid.value })
    const ordered = book.orderedFor()
    return ordered !== null && equalBytes(ordered, invite.account) ? onItsWay : paid
  }

  /** Signs the one order that empties the invite's account into this wallet, unless that was done before. */
  const prepareClaim = async (invite: InviteLink): Promise<Result<InviteClaim & { readonly proof: readonly Decree[] }, ClaimFailure>> => {
    const account = inviteAccountOf(invite)
    const inbox = await driver.fetchInbox(account)
    if (!inbox.ok) return fail('no-quorum', inbox.error.message)
    const known = store.claim(account)
    if (known !== null) return ok({ ...known, proof: inbox.value })
    const paying = inbox.value.flatMap((decree) =>
      decree.tx.type === 'account'
        ? creditsOfAccountTx(decree.tx)
            .filter((credit) => equalBytes(credit.account, account))
            .map((credit) => ({ credit, decree }))
        : [],
    )
    // Anybody may send something to this key as well, and a witness may have heard of that first.
    const first = paying.find(({ decree }) => equalBytes(decree.tx.objectId, invite.sponsor)) ?? paying[0]
    if (first === undefined)
      return fail('already-claimed', 'This invite holds nothing any more: it was claimed already. Ask for a new one.')
    const credits = [first.credit]
    const inviteSigner = createSigner(inviteKeyOf(invite))
    const state = initialAccount({ federationId: federation.id, epoch: 0 }, inviteSigner.publicKey)
    const tx = nextAccountTx(state, credits, { kind: 'transfer', to: wallet.accountId, amountMicro: sumOf(credits), memo: '' })
    if (!tx.ok) return fail('refused', tx.error.message)
    const authorised: AuthorisedTx = { tx: tx.value, authorisations: [authorise(tx.value, 'owner', inviteSigner)] }
    const claim = { authorised, sponsor: first.decree.tx.objectId }
    store.saveClaim(account, claim, clock.nowMs())
    return ok({ ...claim, proof: [first.decree] })
  }

  const claim = async (link: string): Promise<Result<ClaimedInvite, ClaimFailure>> => {
    const parsed = read(link)
    if (!parsed.ok) return fail(parsed.error.code === 'other-federation' ? 'wrong-federation' : 'malformed-link', parsed.error.message)
    const decided = await decreeOf(parsed.value)
    if (!decided.ok) return decided
    const { decree, sponsor, isOld } = decided.value
    const isNews = book.noteClaimant(decree)
    const operation = decree.tx.type === 'account' ? decree.tx.body.operation : null
    if (operation?.kind !== 'transfer' || !equalBytes(operation.to, wallet.accountId)) {
      if (isNews) wallet.touch()
      return alreadyClaimed
    }
    const received = wallet.receive(decree)
    if (!received.ok) return fail('refused', received.error.message)
    return ok({ amountMicro: operation.amountMicro, sponsor, decree, wasClaimed: isOld && received.value === 'known' })
  }

  /** After its time an invite is its maker's alone. */
  const read = (link: string) => {
    const conditions = { nowMs: clock.nowMs(), currentFederationId: federation.id }
    const parsed = parseInviteLink(link, conditions)
    if (parsed.ok || parsed.error.code !== 'expired') return parsed
    const expired = parseInviteLink(link, { ...conditions, nowMs: 0 })
    return expired.ok && store.isInvite(inviteAccountOf(expired.value)) ? expired : parsed
  }

  /** The decree that emptied the invite's account, by this claim or before it. */
  const decreeOf = async (invite: InviteLink): Promise<Result<Emptied, ClaimFailure>> => {
    const chain = await driver.fetchObject(inviteAccountOf(invite), 0)
    if (!chain.ok) return fail('no-quorum', chain.error.message)
    const [emptied] = chain.value
    if (emptied !== undefined)
      return ok({ decree: emptied, sponsor: store.claim(inviteAccountOf(invite))?.sponsor ?? invite.sponsor, isOld: true })
    const prepared = await prepareClaim(invite)
    if (!prepared.ok) return prepared
    const { authorised, sponsor, proof } = prepared.value
    const decided = await driver.decide(authorised, proof)
    if (decided.ok) {
      const [given] = proof
      if (given !== undefined) introduced?.(given, decided.value)
      return ok({ decree: decided.value, sponsor, isOld: false })
    }
    if (decided.error.code === 'conflict') return ok({ decree: decided.error.decree, sponsor, isOld: false })
    return decided.error.code === 'refused' ? fail('refused', decided.error.message) : undecided
  }

  return {
    /** Pays the amount to a fresh key and gives back the link that carries it; the same link for the same request. */
    create: (amountMicro: AmountMicro, requestId: string) => queue.run(() => create(amountMicro, requestId)),
    ...book.calls,
    isInvite: store.isInvite,
    /** Moves what the link carries into this wallet; once, however often it is tried. */
    claim: (link: string) => queue.run(() => claim(link)),
    /** Who invited this member; null when nobody did, or on another device. */
    sponsor: (): AccountId | null => store.sponsor(),
  }
}

type Emptied = {
  readonly decree: Decree
  readonly sponsor: AccountId
  /** It was so before this claim. */
  readonly isOld: boolean
}

const onItsWay = fail(
  'on-its-way',
  'Not enough witnesses answered yet. The RUV are on their way to the invite: its link appears in the list of your invites by itself, so do not make it a second time.',
)
const alreadyClaimed = fail('already-claimed', 'Somebody else has claimed this invite already. Ask for a new one.')
const undecided = fail('no-quorum', 'Not enough witnesses answered. Open the link again in a moment; nothing is lost.')
