/** A process of its own for the lock test: takes the data folder and keeps it until it is killed. */
import { takeDataFolder } from '../data-folder.ts'

const taken = takeDataFolder({ path: process.argv[2] ?? '' })
process.stdout.write(`${taken.ok ? 'taken' : taken.error.code}\n`)
setInterval(() => undefined, 60_000)
