import { z } from 'zod'
import { backend, ownerRules, providerChoice, type ProviderChoice } from '../contract/provider.ts'
import type { OwnerRules } from './owner-rules.ts'

/** What its owner chose, as it lies on the disk. Null when it is of a program that knew other choices, or nothing of the kind at all. */
const decode = <S extends z.ZodType>(schema: S, text: string): z.output<S> | null => {
  try {
    const decoded = z.safeDecode(schema, JSON.parse(text) as z.input<S>)
    return decoded.success ? decoded.data : null
  } catch {
    return null
  }
}

export const encodeChoice = (choice: ProviderChoice): string => JSON.stringify(z.encode(providerChoice, choice))
export const decodeChoice = (text: string): ProviderChoice | null => decode(providerChoice, text)

/** Of the same kind, with the same address, model and key. */
export const isSameBackend = (a: ProviderChoice['backend'], b: ProviderChoice['backend']): boolean =>
  JSON.stringify(z.encode(backend, a)) === JSON.stringify(z.encode(backend, b))

export const encodeRules = (rules: OwnerRules): string => JSON.stringify(z.encode(ownerRules, rules))
export const decodeRules = (text: string): OwnerRules | null => decode(ownerRules, text)
