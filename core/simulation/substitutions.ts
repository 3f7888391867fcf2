import { registerHooks } from 'node:module'

/** A known bug: this text of this file is replaced when the file is loaded. */
export type Mutation = { readonly file: string; readonly find: string; readonly replace: string }

const urlOf = (path: string): string => new URL(`../${path}`, import.meta.url).href
const standIns = new Map(
  [
    ['identity/ed25519.ts', 'simulation/token-signatures.ts'],
    ['settlement/seed-share.ts', 'simulation/token-shares.ts'],
  ].map(([real = '', standIn = '']) => [urlOf(real), urlOf(standIn)]),
)

/**
 * Changes what this thread loads from now on: Ed25519 and BLS become token schemes, and mutated files get their bug. The shipping code
 * has no switch for either; a program that does not call this cannot be affected.
 */
export const installSubstitutions = (mutations: readonly Mutation[]): void => {
  const byUrl = new Map(mutations.map((mutation) => [urlOf(mutation.file), mutation]))
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      const standIn = standIns.get(resolved.url)
      return standIn === undefined || context.parentURL === standIn ? resolved : { ...resolved, url: standIn }
    },
    load: (url, context, next) => {
      const loaded = next(url, context)
      const mutation = byUrl.get(url)
      if (mutation === undefined) return loaded
      const { source = '' } = loaded
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
      const parts = text.split(mutation.find)
      if (parts.length !== 2) throw new Error(`the text to mutate is ${parts.length - 1} times in ${mutation.file}: ${mutation.find}`)
      return { ...loaded, source: parts.join(mutation.replace) }
    },
  })
}
