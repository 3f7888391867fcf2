import { lookup } from 'node:dns'
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'

/**
 * A local model is one on this computer or in its own network. The check is made on the address that is really connected to, so
 * that a name which answers differently the second time gains nothing. Link-local is left out: clouds serve credentials there.
 */
const local = new BlockList()
local.addSubnet('127.0.0.0', 8, 'ipv4')
local.addSubnet('10.0.0.0', 8, 'ipv4')
local.addSubnet('172.16.0.0', 12, 'ipv4')
local.addSubnet('192.168.0.0', 16, 'ipv4')
local.addAddress('::1', 'ipv6')
local.addSubnet('fc00::', 7, 'ipv6')

export const isLocalAddress = (address: string): boolean => {
  const unmapped = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(unmapped) !== 0 && local.check(unmapped, isIPv4(unmapped) ? 'ipv4' : 'ipv6')
}

/** For `http.request`: resolves a name and gives local addresses only, else an error with the code below. */
export const lookupLocal: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    const allowed = addresses.filter(({ address }) => isLocalAddress(address))
    const [first] = allowed
    if (first === undefined) return callback(Object.assign(new Error('not a local address'), { code: notLocalCode }), '', 0)
    return options.all === true ? callback(null, allowed) : callback(null, first.address, first.family)
  })
}
export const notLocalCode = 'ENOTLOCAL'

/** Reads what the user typed as the server's address: `http://127.0.0.1:11434`, with or without `/v1`. The result has no final slash. */
export const localBaseUrl = (text: string): Result<URL, Failure<'invalid-url' | 'not-local'>> => {
  const url = parse(text.trim())
  if (url === null || url.protocol !== 'http:' || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return fail('invalid-url', 'Write the address of the model server like http://127.0.0.1:11434, without user name or query.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isLocalAddress(host))
    return fail('not-local', 'Only a model server on this computer or in its own network may be used.')
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
  return ok(url)
}

const parse = (text: string): URL | null => (text.length <= 512 && URL.canParse(text) ? new URL(text) : null)
