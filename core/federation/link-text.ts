import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { concatBytes, equalBytes, sha256, toBase64Url } from '../platform/bytes.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'

/** What people pass on as text: a prefix that says what it is, and a checked, packed payload in one spelling. */
export type LinkKind = {
  readonly prefix: string
  /** As a sentence names it, with its article apart: `an`, `invite link`. */
  readonly article: 'a' | 'an'
  readonly noun: string
  readonly version: number
  readonly maxCharacters: number
  readonly maxPayloadBytes: number
}
export type LinkFailure = Failure<'not-a-link' | 'too-long' | 'truncated' | 'damaged' | 'newer-version' | 'invalid'>

/** version (1) ‖ length of the body (4) ‖ checksum (8) ‖ body. Every version keeps this header; here the body is the deflated payload. */
const headerBytes = 13
const checksumOf = (version: number, body: Uint8Array): Uint8Array => sha256(new Uint8Array([version]), body).subarray(0, 8)

export const renderLink = ({ prefix, version }: LinkKind, payload: Uint8Array): string => {
  const body = new Uint8Array(deflateRawSync(payload, { level: 9 }))
  const header = new Uint8Array(headerBytes)
  header[0] = version
  new DataView(header.buffer).setUint32(1, body.length)
  header.set(checksumOf(version, body), 5)
  return prefix + toBase64Url(concatBytes(header, body))
}

/** Reads pasted text: the link in it, whatever stands around it and wherever mail programs broke or quoted its lines. Never throws. */
export const readLink = (kind: LinkKind, text: string): Result<Uint8Array, LinkFailure> => {
  const body = bodyOf(kind, text)
  if (!body.ok) return body
  const payload = inflateWithin(body.value, kind.maxPayloadBytes)
  return payload === null ? fail('invalid', `This ${kind.noun} cannot be unpacked. Ask for a new one.`) : ok(payload)
}

const bodyOf = ({ prefix, article, noun, version: ownVersion, maxCharacters }: LinkKind, text: string): Result<Uint8Array, LinkFailure> => {
  const truncated = fail('truncated', `The end of this ${noun} is missing. Copy all of it.`)
  const damaged = fail('damaged', `This ${noun} was changed on its way: a character is wrong, added or missing. Copy it again.`)
  if (text.length > maxCharacters) return fail('too-long', `This is too long for ${article} ${noun}. Copy it alone.`)
  const encoded = encodedIn(prefix, text)
  if (encoded === null) return fail('not-a-link', `This is not ${article} ${noun}. One begins with ${prefix}`)
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64url'))
  if (!/^[\w-]*$/.test(encoded)) return damaged
  if (bytes.length < headerBytes) return truncated
  const [version = 0] = bytes
  const body = bytes.subarray(headerBytes)
  const expectedLength = new DataView(bytes.buffer).getUint32(1)
  if (body.length < expectedLength) return truncated
  // The last character's spare bits are not in the checksum, hence the comparison of the text.
  const intact = body.length === expectedLength && equalBytes(bytes.subarray(5, headerBytes), checksumOf(version, body))
  if (!intact || version < ownVersion || toBase64Url(bytes) !== encoded) return damaged
  if (version === ownVersion) return ok(body)
  return fail('newer-version', `This ${noun} was made by a newer version of Claude Market. Update the app, then use it again.`)
}

/** What follows the prefix, without the words and marks around the link; null where there is no prefix. */
const encodedIn = (prefix: string, text: string): string | null => {
  const unquoted = text.replace(/(?<=^|\s)>+(?=\s)/g, '')
  const broken = new RegExp(
    prefix
      .split('')
      .map((letter) => letter.replace(/\W/, '\\$&'))
      .join('\\s*'),
  )
  const found = broken.exec(unquoted)
  if (found === null) return null
  const rest = unquoted.slice(found.index + found[0].length)
  const alone = untilItsEnd(rest)
  // A mark that closes what the link stands in is not a part of it; anything else that touches it is.
  return alone ?? rest.replace(/(?<=[\w-])["'’”»>)\]},.;:!?]+(?=\s|$)[^]*$/, '').replace(/\s/g, '')
}

/** As many characters as the header says, where a space follows them; null where it cannot be told. */
const untilItsEnd = (rest: string): string | null => {
  const letters = [...rest.matchAll(/\S/g)]
  const header = Buffer.from(
    letters
      .slice(0, Math.ceil((headerBytes * 4) / 3))
      .map(([letter]) => letter)
      .join(''),
    'base64url',
  )
  if (header.length < headerBytes) return null
  const count = Math.ceil(((headerBytes + header.readUInt32BE(1)) * 4) / 3)
  const end = letters[count - 1]?.index
  if (end === undefined || !/^\s/.test(rest.slice(end + 1))) return null
  return rest.slice(0, end + 1).replace(/\s/g, '')
}

/** Null for what is no deflate stream or would unpack to more: a bomb costs no more than `maxBytes`. */
const inflateWithin = (body: Uint8Array, maxBytes: number): Uint8Array | null => {
  try {
    return new Uint8Array(inflateRawSync(body, { maxOutputLength: maxBytes }))
  } catch {
    return null
  }
}
