import { acceptNoOptions } from './no-options.ts'
import { packageApp } from './package-app.ts'

acceptNoOptions('dist:dir')
const packaged = await packageApp((line) => console.log(line))
if (packaged.ok) console.log('The packaged app is in dist/.')
else console.error(packaged.error.message)
process.exitCode = packaged.ok ? 0 : 1
