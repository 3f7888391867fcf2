/** The operating system's key store as the vault's protector, where it really protects. */
import type { OsProtector } from '../../core/identity/protection.ts'

/** The part of Electron's safeStorage that is used. The asynchronous calls came with Electron 42; the others are deprecated there. */
export type KeyStore = {
  readonly isEncryptionAvailable: () => boolean
  readonly encryptString: (text: string) => Uint8Array
  readonly decryptString: (sealed: Buffer) => string
  /** Linux only. */
  readonly getSelectedStorageBackend?: () => string
  readonly isAsyncEncryptionAvailable?: () => Promise<boolean>
  readonly encryptStringAsync?: (text: string) => Promise<Uint8Array>
  readonly decryptStringAsync?: (sealed: Buffer) => Promise<{ readonly result: string }>
}

/** Without a key store Chromium on Linux scrambles with a key that is printed in its source. */
const UNPROTECTED_BACKENDS = ['basic_text', 'unknown']

/** @returns null where the key would be readable on disk: then a passphrase is asked for, or the key is kept in memory only */
export const osProtectorOf = async (store: KeyStore): Promise<OsProtector | null> => {
  if (UNPROTECTED_BACKENDS.includes(store.getSelectedStorageBackend?.() ?? 'system')) return null
  const isAvailable = (await store.isAsyncEncryptionAvailable?.()) ?? store.isEncryptionAvailable()
  if (!isAvailable) return null
  return {
    kind: 'os',
    encrypt: async (bytes) => {
      const text = Buffer.from(bytes).toString('base64')
      return new Uint8Array(await (store.encryptStringAsync?.(text) ?? store.encryptString(text)))
    },
    decrypt: async (bytes) => {
      const sealed = Buffer.from(bytes)
      const text = (await store.decryptStringAsync?.(sealed))?.result ?? store.decryptString(sealed)
      return new Uint8Array(Buffer.from(text, 'base64'))
    },
  }
}
