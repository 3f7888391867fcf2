/**
 * WebCrypto works on other threads and so in real time. A test whose own clock runs faster must not let it run on while a key is
 * being made, or a loaded machine would look like a slow provider.
 */
type Method = (...parameters: unknown[]) => Promise<unknown>
const methods = [
  'decrypt',
  'deriveBits',
  'deriveKey',
  'digest',
  'encrypt',
  'exportKey',
  'generateKey',
  'importKey',
  'sign',
  'verify',
] as const

let underWay = 0
let isWatched = false

export const isCryptoBusy = (): boolean => underWay > 0

/** Counts, from now on, every operation that has not answered yet. */
export const watchCrypto = (): void => {
  if (isWatched) return
  isWatched = true
  const prototype = Object.getPrototypeOf(globalThis.crypto.subtle) as Record<(typeof methods)[number], Method>
  for (const name of methods) {
    const original = prototype[name]
    Object.defineProperty(prototype, name, {
      configurable: true,
      value(this: unknown, ...parameters: unknown[]) {
        underWay++
        return original.apply(this, parameters).finally(() => underWay--)
      },
    })
  }
}
