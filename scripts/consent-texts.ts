import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ConsentText } from '../core/compliance/consent-text.ts'
import { acceptNoOptions } from './no-options.ts'
import { rootPath, run } from './process.ts'

/**
 * The consent texts are Markdown in resources/consents, where people read and translate them. The core has to have them with it in
 * every form it runs in, bundled or not, so they are also a module; a test keeps the two the same.
 */
const modulePath = join(rootPath, 'core', 'compliance', 'consent-texts.ts')
const front = /^---\ndocument: ([a-z-]{1,64})\nversion: (\d{1,6})\nterms-read: (\d{4}-\d\d-\d\d)\n---\n([\s\S]+)\n$/

export const readConsentTexts = (): readonly ConsentText[] =>
  globSync('resources/consents/*.md', { cwd: rootPath })
    .toSorted()
    .map((file) => {
      const [, documentId, version, termsReadOn, text] = front.exec(readFileSync(join(rootPath, file), 'utf8')) ?? []
      if (documentId === undefined || termsReadOn === undefined || text === undefined || documentId !== basename(file, '.md'))
        throw new Error(`${file} must begin with its document (the file's name), version and terms-read between --- lines.`)
      return { documentId, version: Number(version), termsReadOn, text }
    })

const renderModule = (texts: readonly ConsentText[]): string =>
  [
    '/** Made of resources/consents by scripts/consent-texts.ts; change the Markdown, give it a new version, and run that. */',
    `export const consentTexts = ${JSON.stringify(Object.fromEntries(texts.map((text) => [text.documentId, text])), null, 2)} as const`,
    '',
  ].join('\n')

const main = async (): Promise<void> => {
  acceptNoOptions('consent-texts')
  writeFileSync(modulePath, renderModule(readConsentTexts()))
  const { code, output } = await run('oxfmt', [modulePath])
  if (code !== 0) console.error(output)
  process.exitCode = code
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
