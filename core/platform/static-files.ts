import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { fail, ok, type Failure, type Result } from './result.ts'

/** What the pages may do, whoever serves them: nothing inline, nothing evaluated, nothing from elsewhere. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

/** Of every answer, pages or not. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export type StaticFile = { readonly bytes: Uint8Array; readonly type: string }
/** By the path of the address; what is not in here is not served, whatever the disk holds. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Reads the built pages once, so that a request can only name what was there at the start. Source maps stay home. */
export const loadStaticFiles = (folder: string, indexName = 'index.html'): Result<StaticFiles, Failure<'no-pages'>> => {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const files = new Map<string, StaticFile>()
    for (const entry of entries) {
      const type = types[extname(entry.name)]
      const file = join(entry.parentPath, entry.name)
      if (type !== undefined) files.set(`/${relative(folder, file).split(sep).join('/')}`, { bytes: readFileSync(file), type })
    }
    const index = files.get(`/${indexName}`)
    if (index === undefined) return fail('no-pages', `There is no page in ${folder}. Build the app first with "npm run build".`)
    return ok(files.set('/', index))
  } catch {
    return fail('no-pages', `The pages in ${folder} cannot be read. Build the app first with "npm run build".`)
  }
}
