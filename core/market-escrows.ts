import type { Escrows } from './escrow/service.ts'
import { fail, ok } from './platform/result.ts'
import type { Decree } from './settlement/objects.ts'
import type { ProviderEscrows } from './tasks/jobs.ts'
import type { EscrowPort } from './tasks/payment.ts'

/** What the trade's two sides see of the escrows. */
export const providerEscrows = (escrows: Escrows, takeDecree: (decree: Decree) => void): ProviderEscrows => ({
  track: async (decree) => {
    const tracked = await escrows.receive(decree)
    return tracked.ok ? ok(tracked.value.state) : tracked
  },
  get: (id) => escrows.get(id)?.state ?? null,
  refund: escrows.refund,
  answered: (receipt) => void escrows.noteReceipt(receipt),
  held: (escrowId) => void escrows.deliver(escrowId),
  receive: takeDecree,
})

export const requesterEscrows = (escrows: Escrows): EscrowPort => ({
  get: (id) => escrows.get(id)?.state ?? null,
  note: (receipt) => void escrows.noteReceipt(receipt),
  release: async (id, receipt) => {
    const noted = escrows.noteReceipt(receipt)
    return noted.ok ? escrows.release(id) : fail('refused', noted.error.message)
  },
})
