import { createBook, maxOffersPerMember } from '../../core/orders/book.ts'
import { offerOf } from '../../core/orders/testing/fixtures.ts'
import type { Measurement } from '../benchmark.ts'

const flood = 3_000
const others = 200

/** One member announces thousands of offers, to be most of what everybody sees. */
export const orderFlood = (): Measurement => {
  const { offers } = createBook()
  for (let index = 0; index < others; index++) offers.insert(offerOf(`member ${index}`))
  for (let index = 0; index < flood; index++) offers.insert(offerOf('flooder'))
  const share = (100 * (offers.count(null) - others)) / offers.count(null)
  return {
    figure: share,
    floor: (100 * flood) / (flood + others),
    figureIs: `of the book that belongs to one member who announces ${flood} offers beside ${others} others`,
    floorIs: 'of the book without a bound for one member',
    unit: '%',
    goalText: `at most ${maxOffersPerMember} offers of one member`,
    goalMet: offers.count(null) - others <= maxOffersPerMember,
  }
}
