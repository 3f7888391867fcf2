import { exitWithUsage, parseOptions } from '../headless/options.ts'

/** For the scripts that take none: whatever was written after their name is refused, so that a typing error is not ignored. */
export const acceptNoOptions = (script: string): void => {
  const options = parseOptions(process.argv.slice(2), {}, `npm run ${script} takes no options.`)
  if (!options.ok) exitWithUsage(options.error)
}
