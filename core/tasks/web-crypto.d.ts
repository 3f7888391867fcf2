import type { webcrypto } from 'node:crypto'

/** @hpke/core names the Web Crypto types as globals, which only the DOM library declares; the core is built without it. */
declare global {
  type CryptoKey = webcrypto.CryptoKey
  type CryptoKeyPair = webcrypto.CryptoKeyPair
}
