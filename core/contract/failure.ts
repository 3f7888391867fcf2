import type { z } from 'zod'

const maxIssues = 3
const maxPathLength = 120

/** One sentence for people naming the fields that were wrong and what they must be. The bad values are never repeated. */
export const describeIssues = (error: z.core.$ZodError): string => {
  const clauses = error.issues.slice(0, maxIssues).map((issue) => {
    const path = issue.path.map(String).join('.').slice(0, maxPathLength)
    return `${path === '' ? 'the input' : `"${path}"`} ${issue.message}`
  })
  const sentence = clauses.join('; ')
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
}

/** What was thrown, for a log; must not throw itself, whatever it is given. */
export const describeThrown = (thrown: unknown): string => {
  if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`
  return typeof thrown === 'string' ? thrown : 'something that is no Error'
}
