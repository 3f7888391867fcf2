import { concatBytes, equalBytes, sha256 } from '../platform/bytes.ts'
import { bytesOf, encodeBytes, listUpTo, nullable, record } from '../platform/codec.ts'
import { verifySignature, type Signer } from '../identity/signing.ts'
import { authorisedTxCodec, certificateCodec, governanceCodec } from './encoding.ts'
import type { RegisterId } from './bundle.ts'
import type { AuthorisedTx, Bytes32, Certificate, Governance, Signature } from './objects.ts'
import { nameOf } from './ballots.ts'
import { verifyCertificate } from './certificate.ts'
import { committeeNamed, type Epochs } from './epochs.ts'

/**
 * How accounts pass from one committee to the next (settlement.md §7). An active account moves by itself: each of its steps names the
 * committee of the following one. For those that sleep, and those not born yet, the committees change over as a whole:
 *
 *   H1  A witness closes its epoch: from then on it casts no vote for an account there, and says so after it is on disk. It has taken
 *       over from a quorum of the committee before its own.
 *   H2  It hands over what it has decided, and for every step it left open the latest notarization that it knows of.
 *   H3  A witness of the next committee votes for a step that the former one left open only once it has taken over from q of its
 *       witnesses, and only for a value x that q of those leave possible: they carry no notarization for the step, or none that is
 *       later than one of x. Later means: of a later epoch, or of a later view of the same.
 *
 * So nothing is decided twice. If h is final in a former epoch, q witnesses signed F for it, each holding a notarization of h, before
 * they closed. Any q of them contain an honest one of those, so among what they carry is a notarization at or after the final view, and
 * all of these are of h (the register's own argument); a value that q leave possible is therefore h. Nor can it jam: what is possible
 * only grows with what is taken over or shown, and a bound value is a valid order that everybody may vote for.
 */

/** Where a notarization was made; compared by epoch, then by view. */
export type Place = { readonly epoch: number; readonly view: number }
const isLater = (a: Place, b: Place): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.view > b.view)

/** What is known of one open step of an account when its committee closed. */
export type OpenStep = {
  /** For each former witness taken over from: where its latest notarization was made, null when it has none. */
  readonly carriedBy: readonly (Place | null)[]
  /** Every notarization known of this step. */
  readonly notarized: readonly (Place & { readonly tx: string })[]
}

/** H3. `quorum` is the former committee's. */
export const isPossible = ({ carriedBy, notarized }: OpenStep, tx: string, quorum: number): boolean => {
  const latest = notarized
    .filter((one) => one.tx === tx)
    .reduce<Place | null>((best, one) => (best !== null && isLater(best, one) ? best : one), null)
  return carriedBy.filter((place) => place === null || (latest !== null && !isLater(place, latest))).length >= quorum
}

/** A step left open, with its latest notarization. `order` is null when only votes for it were seen. */
export type CarriedStep = { readonly certificate: Certificate; readonly order: AuthorisedTx | null }
export const carriedStepCodec = record<CarriedStep>({ certificate: certificateCodec, order: nullable(authorisedTxCodec) })
/** A page of them, well inside the network's limit whatever their size. */
export const maxCarriedInPage = 8
export const carriedStepsCodec = listUpTo(carriedStepCodec, maxCarriedInPage)

/** What a witness signs when it closes (tag RUV1/FROZEN): nobody can add to what it carries or leave something out. */
type Closing = { readonly governance: Governance; readonly carriedHash: Bytes32 }
const closingCodec = record<Closing>({ governance: governanceCodec, carriedHash: bytesOf(32) })

const closingBytes = (governance: Governance, carried: readonly CarriedStep[]): Uint8Array =>
  encodeBytes(closingCodec, {
    governance,
    carriedHash: sha256(concatBytes(...carried.map((step) => sha256(encodeBytes(carriedStepCodec, step))))),
  })

export const signClosing = (governance: Governance, carried: readonly CarriedStep[], witness: Signer): Signature =>
  witness.sign('RUV1/FROZEN', governance.federationId, closingBytes(governance, carried))
export const verifyClosing = (
  governance: Governance,
  carried: readonly CarriedStep[],
  signature: Signature,
  witnessKey: Bytes32,
): boolean => verifySignature('RUV1/FROZEN', governance.federationId, closingBytes(governance, carried), signature, witnessKey)

/** Whether this is a notarization of the register's step by one of the committees before its own. */
export const isCarriedTo = ({ governance, objectId, step }: RegisterId, certificate: Certificate, epochs: Epochs): boolean => {
  const { statement } = certificate
  const committee = committeeNamed(epochs, statement.governance)
  const isOfStep = statement.kind === 'N' && statement.step === step && equalBytes(statement.objectId, objectId)
  return committee !== null && isOfStep && statement.governance.epoch < governance.epoch && verifyCertificate(certificate, committee)
}

/** The notarization of a step that lies latest. */
export const latestOf = (certificates: readonly Certificate[]): Certificate | null =>
  certificates.reduce<Certificate | null>((best, one) => (best !== null && isLater(placeOf(best), placeOf(one)) ? best : one), null)
export const placeOf = ({ statement }: Certificate): Place => ({ epoch: statement.governance.epoch, view: statement.view })
export const txNameOf = ({ statement }: Certificate): string => nameOf(statement.txHash)
