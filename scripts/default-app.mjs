// Stands in for the default app that Electron's official builds bring and the test runtime lacks: loads what -r names, then the app
// whose path is on the command line, as `electron -r module path/to/app` does.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const options = process.argv.slice(1)
const required = options.flatMap((option, index) => (options[index - 1] === '-r' ? [option] : []))
const appPath = resolve(options.find((option) => !option.startsWith('-') && !required.includes(option)) ?? '.')

/** @type {unknown} */
const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))
const field = (/** @type {string} */ key) => String(Reflect.get(Object(manifest), key))
// Electron's own default app sets the last two as well; its types leave them out.
const settings = /** @type {{ setVersion: (version: string) => void, setAppPath: (path: string) => void }} */ (/** @type {unknown} */ (app))
app.setName(field('name'))
settings.setVersion(field('version'))
settings.setAppPath(appPath)

for (const path of required) createRequire(import.meta.url)(resolve(path))
await import(pathToFileURL(join(appPath, field('main'))).href)
