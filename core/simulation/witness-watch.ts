import type { Signer } from '../identity/signing.ts'
import { equalBytes, toHex } from '../platform/bytes.ts'
import type { SignedProposal, Vote } from '../settlement/objects.ts'
import type { WitnessStore } from '../settlement/witness-store.ts'
import { registerKey } from './audit-steps.ts'
import type { Auditor } from './auditor.ts'
import { SimulatedCrash } from './life.ts'

/** One witness under watch; the same watch goes on through its crashes. */
export type WitnessWatch = {
  readonly signer: (signer: Signer) => Signer
  readonly store: (store: WitnessStore) => WitnessStore
  /** An answer leaves the process. */
  readonly leaving: () => void
  /** What was signed and not written down died with the process. */
  readonly crashed: () => void
  /** Its disk was replaced by an older one. */
  readonly forgotten: () => void
  /** After a restart: everything this witness ever voted must still be on its disk. */
  readonly checkDisk: (store: WitnessStore) => void
}

type WatchDeps = Pick<Auditor, 'votes' | 'ledger' | 'authority' | 'keys' | 'times' | 'evidence' | 'violate' | 'reach' | 'believe'> & {
  readonly note: (text: string) => void
}

export const createWitnessWatch = (deps: WatchDeps, witness: number, isHonest: boolean): WitnessWatch => {
  const { votes, ledger, authority, keys, times, evidence, violate, reach, believe, note } = deps
  const onDisk: Vote[] = []
  const knownKeys = keys.watch(witness, ledger)
  const closed = new Set<number>()
  let unsaved: string[] = []
  /** Escrows stay with the committee they were born with; the federation's own chain is never closed. */
  const isAfterClosing = ({ statement: { governance, objectId } }: Vote): boolean =>
    closed.has(governance.epoch) && ledger.escrow(objectId) === null && !equalBytes(objectId, governance.federationId)
  const commit = (saved: readonly Vote[]): void => {
    // What was signed together counts together: a finalizing vote may rest on a notarizing one that was written down after it.
    for (const vote of saved.toSorted((a, b) => placeOf(a) - placeOf(b))) {
      evidence.signed(vote)
      if (isHonest && isAfterClosing(vote)) violate('H1', `witness ${witness} votes ${nameOf(vote)} in an epoch that it has closed`)
      if (!isHonest) votes.liar(witness, vote.statement)
      else if (vote.statement.kind === 'T') times.voted(witness, vote.statement)
      else votes.honest(witness, vote.statement)
      if (isHonest) onDisk.push(vote)
      note(`witness ${witness} votes ${vote.statement.kind}${vote.statement.view} ${nameOf(vote)}`)
    }
  }
  return {
    signer: (signer) => ({
      publicKey: signer.publicKey,
      sign: (tag, federationId, bytes) => {
        const signature = signer.sign(tag, federationId, bytes)
        if (tag === 'RUV1/VOTE' || tag === 'RUV1/PROP') unsaved.push(toHex(signature))
        return signature
      },
    }),
    store: (store) => {
      let [saved, proposed, afterwards]: [Vote[], SignedProposal[], (() => void)[]] = [[], [], []]
      /** Copies that turned out to be damaged. */
      const dropped = new Set<string>()
      return {
        ...store,
        transaction: (work) => {
          ;[saved, proposed, afterwards] = [[], [], []]
          const committed = (): void => {
            for (const { proposal } of proposed) if (isHonest) votes.honestProposal(witness, proposal)
            commit(saved)
            for (const run of afterwards) run()
          }
          try {
            const value = store.transaction(work)
            committed()
            return value
          } catch (error) {
            if (error instanceof SimulatedCrash && error.point === 'after-commit') committed()
            // What was signed and then rolled back left nowhere.
            else unsaved = []
            throw error
          }
        },
        saveOwnVote: (vote) => {
          store.saveOwnVote(vote)
          saved.push(vote)
          unsaved = unsaved.filter((signature) => signature !== toHex(vote.signature))
        },
        saveOwnProposal: (signed) => {
          store.saveOwnProposal(signed)
          proposed.push(signed)
          unsaved = unsaved.filter((signature) => signature !== toHex(signed.signature))
        },
        saveCandidate: (register, candidate) => {
          store.saveCandidate(register, candidate)
          times.know(candidate.order)
          if (!isHonest) return
          times.candidate(candidate.order)
          authority.take(candidate.order)
          knownKeys.taken(candidate.order)
        },
        saveDecree: (decree) => {
          store.saveDecree(decree)
          times.know(decree)
          if (!isHonest) return
          dropped.delete(registerKey(decree.tx))
          afterwards.push(() => {
            if (dropped.has(registerKey(decree.tx))) return
            votes.kept(registerKey(decree.tx))
            believe(decree, `witness ${witness}`)
          })
        },
        dropDecree: (objectId, step) => {
          store.dropDecree(objectId, step)
          dropped.add(registerKey({ objectId, step }))
        },
        saveAccount: (state) => {
          store.saveAccount(state)
          if (isHonest)
            afterwards.push(
              () => knownKeys.learnt(state),
              () => ledger.compareAccount(state),
            )
        },
        saveEscrow: (state) => {
          store.saveEscrow(state)
          if (isHonest) afterwards.push(() => ledger.compareEscrow(state))
        },
        close: (epoch, handed, signature) => {
          store.close(epoch, handed, signature)
          const left = handed.map(({ certificate }) => certificate.statement)
          afterwards.push(() => closed.add(epoch))
          if (isHonest) afterwards.push(() => votes.close(witness, { epoch, left, takenOver: store.takenOverFrom(epoch - 1).length }))
        },
        saveCarried: (carried) => {
          store.saveCarried(carried)
          if (isHonest) reach('a step carried over to the next committee')
        },
        saveCredit: (credit, object, step) => {
          store.saveCredit(credit, object, step)
          if (isHonest) afterwards.push(() => ledger.compareCredit(credit))
        },
      }
    },
    leaving: () => {
      if (isHonest && unsaved.length > 0) violate('R8', `a vote of witness ${witness} left before it was on disk`)
    },
    forgotten: () => {
      onDisk.length = 0
      knownKeys.forget()
      times.forget(witness)
      votes.forget(witness)
    },
    crashed: () => {
      unsaved = []
    },
    checkDisk: (store) => {
      const isOnDisk = ({ statement, signature }: Vote): boolean =>
        store.ownVotes(statement, witness).some((vote) => equalBytes(vote.signature, signature))
      if (!onDisk.every(isOnDisk)) violate('R8', `a vote of witness ${witness} is not on its disk any more`)
    },
  }
}

const placeOf = ({ statement: { kind, view } }: Vote): number => 4 * view + ['N', 'S', 'F', 'T'].indexOf(kind)

/** Short, for people. */
const nameOf = ({ statement: { objectId, step, txHash: hash } }: Vote): string =>
  `for ${toHex(hash).slice(0, 8)} at ${toHex(objectId).slice(0, 8)}/${step}`
