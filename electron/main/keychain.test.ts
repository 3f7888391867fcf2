import { describe, expect, test } from 'vitest'
import { osProtectorOf, type KeyStore } from './keychain.ts'

const mirrored = (text: string): string => text.split('').toReversed().join('')

const syncStore = (backend: string): KeyStore => ({
  isEncryptionAvailable: () => true,
  encryptString: (text) => Buffer.from(mirrored(text)),
  decryptString: (sealed) => mirrored(sealed.toString()),
  getSelectedStorageBackend: () => backend,
})

const deprecated = (): never => {
  throw new Error('a deprecated call was made')
}
const asyncStore: KeyStore = {
  isEncryptionAvailable: deprecated,
  encryptString: deprecated,
  decryptString: deprecated,
  isAsyncEncryptionAvailable: () => Promise.resolve(true),
  encryptStringAsync: (text) => Promise.resolve(Buffer.from(mirrored(text))),
  decryptStringAsync: (sealed) => Promise.resolve({ result: mirrored(sealed.toString()) }),
}

describe('the key store of the operating system', () => {
  const key = new Uint8Array([0, 1, 127, 128, 255])

  test.each([
    ['older', syncStore('gnome_libsecret')],
    ['newer', asyncStore],
  ])('keeps a key through the %s interface', async (_name, store) => {
    const protector = await osProtectorOf(store)
    const sealed = await protector?.encrypt(key)
    expect(sealed).not.toEqual(key)
    expect(await protector?.decrypt(sealed ?? new Uint8Array())).toEqual(key)
  })

  test.each(['basic_text', 'unknown'])('is not used where it is %s, which keeps the key readable', async (backend) => {
    expect(await osProtectorOf(syncStore(backend))).toBeNull()
  })

  test('is not used where it is missing', async () => {
    expect(await osProtectorOf({ ...asyncStore, isAsyncEncryptionAvailable: () => Promise.resolve(false) })).toBeNull()
    expect(await osProtectorOf({ ...syncStore('kwallet6'), isEncryptionAvailable: () => false })).toBeNull()
  })
})
