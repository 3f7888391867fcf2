import { z } from 'zod'

/** The program of docs/verify.md, which knows nothing of this repository. */
type VerifyProof = (text: string, federation?: string) => StrangersView
type StrangersView = {
  readonly federation: string
  readonly step: number
  readonly free: number | undefined
  readonly paid: readonly number[] | null | undefined
}
const program: string = new URL('../../../docs/verify-proof.mjs', import.meta.url).href
export const { verifyProof } = z.object({ verifyProof: z.custom<VerifyProof>() }).parse(await import(program))
