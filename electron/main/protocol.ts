/** Serves the built pages from `app://market/`: the list read at the start, and nothing that is not on it. */
import type { CustomScheme } from 'electron'
import { pageHeaders, type StaticFiles } from '../../core/platform/static-files.ts'
import { APP_HOST, APP_SCHEME } from './security.ts'

export const SCHEME: CustomScheme = {
  scheme: APP_SCHEME,
  // Standard and secure give the page a real origin; nothing here bypasses the content policy.
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
}

export const createAppHandler =
  (files: StaticFiles) =>
  (request: Request): Response => {
    const url = new URL(request.url)
    const file = url.host === APP_HOST && request.method === 'GET' ? files.get(url.pathname) : undefined
    if (file === undefined) return new Response('Not found', { status: 404, headers: pageHeaders })
    return new Response(new Uint8Array(file.bytes), { headers: { ...pageHeaders, 'content-type': file.type } })
  }
