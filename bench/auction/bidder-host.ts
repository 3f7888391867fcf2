import { createInterface } from 'node:readline'
import type { Network } from '../../core/network/port.ts'
import { defaultLimits } from '../../core/federation/limits.ts'
import { draftBid } from '../../core/orders/matching.ts'
import { bids } from '../../core/orders/model.ts'
import { pricingOf } from '../../core/orders/testing/fixtures.ts'
import { offerDraft } from '../../core/orders/testing/world.ts'
import { ok } from '../../core/platform/result.ts'
import { systemClock } from '../../core/platform/clock.ts'
import { systemRandom } from '../../core/platform/random.ts'
import { signTerms } from '../../core/settlement/signatures.ts'
import { federationId, hash, signerOf } from '../../core/settlement/testing/world.ts'
import { benchPanel, createOrdersOf } from '../floor/bench-orders.ts'
import { openBenchNetwork } from '../bench-network.ts'

/** Bidders in one process, each with a node of its own; every honest program's answer, without a backend behind it. */
export type BidderReady = { readonly nodes: readonly { readonly peerId: string; readonly port: number }[] }

const count = Number(process.argv[2])
const networks: Network[] = []
for (let index = 0; index < count; index++) {
  const network = await openBenchNetwork({ privateKeySeed: hash(`node of bidder ${index}`), scope: 'bench' })
  networks.push(network)
}
const nodes = networks.map((network) => ({ peerId: network.self().peerId, port: Number(network.self().addresses[0]?.split('/').at(-1)) }))
process.stdout.write(`${JSON.stringify({ nodes } satisfies BidderReady)}\n`)

/** One line brings the addresses at which the requester dials them. */
createInterface({ input: process.stdin }).once('line', (line) => {
  const addresses = JSON.parse(line) as readonly string[]
  for (const [index, network] of networks.entries()) {
    const self = { peerId: network.self().peerId, addresses: [addresses[index] ?? ''] }
    const signer = signerOf(`bidder ${index}`)
    const orders = createOrdersOf({ ...network, self: () => self }, federationId, signer)
    orders.start()
    orders.publishOffer(offerDraft({ pricing: pricingOf(1_000n + BigInt(index)), validForMs: 3_600_000 }))
    orders.setBidder({
      closed: () => undefined,
      bid: async (request) => {
        const { maxWorkMs, minReviewMs, minRuleMs } = defaultLimits.practice
        const draft = draftBid(
          request,
          {
            offers: orders.book.offers.ofMember(signer.publicKey),
            busySlots: 0,
            nowMs: systemClock.nowMs(),
            refusalByPolicy: () => null,
            panelFor: benchPanel,
            limits: { maxWorkMs, reviewMs: minReviewMs, ruleMs: minRuleMs },
          },
          { nonce: systemRandom.bytes(16), taskKey: systemRandom.bytes(32) },
        )
        if (!draft.ok) return draft
        const acceptSignature = signTerms(federationId, draft.value.terms, signer)
        return ok(bids.sign({ ...draft.value, acceptSignature }, signer, federationId))
      },
    })
  }
  process.stdout.write('published\n')
})
process.on('SIGTERM', () => {
  void Promise.all(networks.map((network) => network.stop())).finally(() => process.exit(0))
})
