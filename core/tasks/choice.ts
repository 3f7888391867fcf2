import { z } from 'zod'
import { providerChoice, type ProviderChoice } from '../contract/provider.ts'

/** What provider mode was switched on with, as it lies on the disk. */
export const encodeChoice = (choice: ProviderChoice): string => JSON.stringify(z.encode(providerChoice, choice))

/** Null when it is of a program that knew other choices, or no choice at all. */
export const decodeChoice = (text: string): ProviderChoice | null => {
  try {
    const choice = z.safeDecode(providerChoice, JSON.parse(text) as z.input<typeof providerChoice>)
    return choice.success ? choice.data : null
  } catch {
    return null
  }
}
