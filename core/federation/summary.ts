import { toHex } from '../platform/bytes.ts'
import type { Federation } from './federation.ts'

/** A federation as the screens name it. */
export const summaryOf = ({ id, genesis }: Federation) => ({
  id: toHex(id),
  name: genesis.name,
  kind: genesis.kind,
  supplyMicro: genesis.supply.reduce((sum, { amountMicro }) => sum + amountMicro, 0n),
  witnesses: genesis.witnesses.length,
  faults: genesis.faults,
})
