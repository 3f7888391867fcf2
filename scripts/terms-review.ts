import { pathToFileURL } from 'node:url'
import { maxTermsAgeDays, termsReview } from '../core/compliance/policy.ts'
import { acceptNoOptions } from './no-options.ts'

const dayMs = 24 * 3_600_000

/** Why the promise of the policy table may not hold any more; null while it was compared with the terms not long ago. */
export const staleTerms = (readOn: string, nowMs: number): string | null => {
  const ageDays = Math.floor((nowMs - Date.parse(`${readOn}T00:00:00Z`)) / dayMs)
  if (Number.isNaN(ageDays)) return `The day of the last terms review, "${readOn}", is no day.`
  if (ageDays < -1) return `The last terms review, ${readOn}, lies in the future: the day or this computer's clock is wrong.`
  if (ageDays <= maxTermsAgeDays) return null
  return `The vendor's terms were last read on ${readOn}, ${ageDays} days ago. Read them again and follow core/compliance/policy.ts.`
}

const main = (): void => {
  acceptNoOptions('terms-review')
  const problem = staleTerms(termsReview.readOn, Date.now())
  if (problem !== null) console.error(problem)
  process.exitCode = problem === null ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
