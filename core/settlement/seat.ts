import { equalBytes } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { committeeNamed } from './epochs.ts'
import type { Bytes32, Committee, Governance } from './objects.ts'
import { refuse, type Refusal } from './refusals.ts'
import type { SettlementRules } from './rules.ts'

export type Seat = { readonly committee: Committee; readonly me: number }

/** A witness's place in the committee that `governance` names. */
export const seatIn = (rules: SettlementRules, publicKey: Bytes32, governance: Governance): Result<Seat, Refusal> => {
  if (!equalBytes(governance.federationId, rules.federationId)) return refuse('wrong-federation')
  const committee = committeeNamed(rules.epochs, governance)
  if (committee === null) return refuse('unknown-epoch')
  const me = committee.witnesses.findIndex((witness) => equalBytes(witness.publicKey, publicKey))
  return me < 0 ? refuse('no-seat') : ok({ committee, me })
}
