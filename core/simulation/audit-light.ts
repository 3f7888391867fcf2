import { toHex } from '../platform/bytes.ts'
import type { Decree } from '../settlement/objects.ts'
import { replayAccount, replayEscrow, type VerifyContext } from '../settlement/verify.ts'
import type { Auditor } from './auditor.ts'

/** A light verifier, given what a run has left, comes to the same balances as the book, and takes nothing else. */
export const auditLightVerification = ({ ledger, violate }: Auditor, context: VerifyContext): void => {
  const supporting = ledger.decrees()
  for (const { id, freeMicro } of ledger.accounts()) {
    const chain = ledger.chainOf(id)
    const replayed = replayAccount(id, chain, supporting, context)
    if (!replayed.ok || replayed.value.freeMicro !== freeMicro)
      violate(
        'light verification',
        `${toHex(id)} comes to ${replayed.ok ? replayed.value.freeMicro : replayed.error.code}, not ${freeMicro}`,
      )
    for (const forged of forgeriesOf(chain))
      if (replayAccount(id, forged, supporting, context).ok) violate('light verification', `a forged history of ${toHex(id)} passes`)
  }
  for (const { id, phase, paid } of ledger.escrows()) {
    const replayed = replayEscrow(ledger.chainOf(id), context)
    if (!replayed.ok || replayed.value.phase !== phase || replayed.value.payout?.providerMicro !== paid?.providerMicro)
      violate('light verification', `escrow ${toHex(id)} does not come to ${phase}`)
  }
}

/** Without its beginning, in another order, with a signature less, with one twice, with a step of somebody else. */
const forgeriesOf = (chain: readonly Decree[]): readonly (readonly Decree[])[] => {
  const last = chain.at(-1)
  if (last === undefined) return []
  const { certificate } = last
  const [first] = certificate.signatures
  const withSignatures = (signatures: typeof certificate.signatures): readonly Decree[] => [
    ...chain.slice(0, -1),
    { ...last, certificate: { ...certificate, signatures } },
  ]
  return [
    chain.slice(1),
    [...chain, last],
    withSignatures(certificate.signatures.slice(1)),
    withSignatures(certificate.signatures.map(() => first).filter((one) => one !== undefined)),
    withSignatures([]),
    ...(chain.length > 1 ? [chain.toReversed()] : []),
  ]
}
