import { exitWithUsage } from '../headless/options.ts'
import { acceptNoOptions } from './no-options.ts'

acceptNoOptions('simulate')
exitWithUsage({
  code: 'not-there-yet',
  message:
    'There is no seeded simulation yet: it comes with views ≥ 1 of the register; until then the tests beside core/settlement are what checks it.',
})
