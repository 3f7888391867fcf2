import { fail, ok, type Failure, type Result } from '../platform/result.ts'

declare const brand: unique symbol
/** A key of the Claude API that this program may use: `sk-ant-api` plus two digits (policy.md). */
export type AnthropicApiKey = string & { readonly [brand]: 'anthropic-api-key' }

export type CredentialRefusal = Failure<'login-token' | 'admin-key' | 'not-an-api-key'>

/** Reads what the user pasted. No sentence repeats any of it. */
export const parseApiKey = (text: string): Result<AnthropicApiKey, CredentialRefusal> => {
  const candidate = text.trim()
  if (/^sk-ant-(?:oat|ort|sid)/.test(candidate))
    return fail('login-token', 'This is a token of a personal login, which may not serve anyone. Use an API key of the Claude Console.')
  if (candidate.startsWith('sk-ant-admin'))
    return fail('admin-key', 'This is an admin key, which can change the whole organisation. Use an ordinary API key.')
  if (!isApiKey(candidate)) return fail('not-an-api-key', 'This is no Claude API key. Such a key begins with sk-ant-api and two digits.')
  return ok(candidate)
}

const isApiKey = (text: string): text is AnthropicApiKey => /^sk-ant-api\d\d-[A-Za-z0-9_-]{16,256}$/.test(text)
