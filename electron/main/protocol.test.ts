import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { contentSecurityPolicy, loadStaticFiles } from '../../core/platform/static-files.ts'
import { createAppHandler } from './protocol.ts'

const folder = mkdtempSync(join(tmpdir(), 'claude-market-pages-'))
mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true })
writeFileSync(join(folder, 'renderer', 'index.html'), '<p>page</p>')
writeFileSync(join(folder, 'renderer', 'assets', 'app.js'), 'export {}')
writeFileSync(join(folder, 'renderer', 'assets', 'app.js.map'), '{}')
writeFileSync(join(folder, 'secret.html'), 'secret')
afterAll(() => rmSync(folder, { recursive: true }))

const files = loadStaticFiles(join(folder, 'renderer'))
const handle = createAppHandler(files.ok ? files.value : new Map())

test('serves the built files with their type, under the content policy', async () => {
  const page = handle(new Request('app://market/'))
  expect([page.status, await page.text()]).toEqual([200, '<p>page</p>'])
  expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  expect(page.headers.get('x-content-type-options')).toBe('nosniff')
  const script = handle(new Request('app://market/assets/app.js'))
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test.each([
  ['a file beside the pages', 'app://market/../secret.html'],
  ['the same, encoded', 'app://market/%2e%2e%2fsecret.html'],
  ['a file of another kind', 'app://market/assets/app.js.map'],
  ['a folder', 'app://market/assets/'],
  ['another host', 'app://elsewhere/index.html'],
])('refuses %s, still under the content policy', (_name, url) => {
  const response = handle(new Request(url))
  expect([response.status, response.headers.get('content-security-policy')]).toEqual([404, contentSecurityPolicy])
})

test('refuses to be written to', () => {
  expect(handle(new Request('app://market/', { method: 'POST', body: 'x' })).status).toBe(404)
})
