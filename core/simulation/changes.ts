import { silentLog } from '../platform/log.ts'
import { createDriver } from '../settlement/driver.ts'
import { epochTx } from '../settlement/federation-chain.ts'
import { quorumOf, type AuthorisedTx } from '../settlement/objects.ts'
import { authorise } from '../settlement/signatures.ts'
import { createLife } from './life.ts'
import type { World } from './world.ts'

/** The members of a committee agree on the next one, and one of them brings it about. */
export const createChanges = (world: World) => {
  const { auditor, federation, network, scheduler } = world
  const { epochs, membersOf, rules, seats, witnessSigners } = federation
  const life = createLife(scheduler, 0, () => undefined)
  const driver = createDriver({ network: network.addNode('operator', { life }), epochs, clock: life.clock, log: silentLog })
  let last: Promise<void> = Promise.resolve()

  const orderFor = (witnesses: readonly number[]): AuthorisedTx | null => {
    const head = epochs.head()
    const members = membersOf(head.step)
    if (members === null) return null
    const tx = epochTx(head, {
      witnesses: witnesses.flatMap((witness) => seats[witness] ?? []),
      faults: (witnesses.length - 1) / 3,
      arbiters: head.committee.arbiters.map(({ name, publicKey, weight, operator }) => ({ name, publicKey, weight, operator })),
      startsAtMs: scheduler.nowMs() + rules.limits.epochNoticeMs + rules.limits.maxClockSkewMs + 1_000,
    })
    const endorsers = members.witnesses.slice(0, quorumOf(head.committee)).flatMap((witness) => witnessSigners[witness] ?? [])
    return { tx, authorisations: endorsers.map((signer) => authorise(tx, 'member', signer)) }
  }

  const change = async (witnesses: readonly number[]): Promise<void> => {
    const order = orderFor(witnesses)
    if (order === null) return
    const outcome = await driver.decide(order, [], { timeoutMs: 20_000 })
    world.note(`committee of ${witnesses.join(' ')}: ${outcome.ok ? 'decided' : outcome.error.code}`)
    if (outcome.ok) auditor.believe(outcome.value, 'the operator')
  }

  return {
    /** One after the other; what is not decided in time is given up. */
    propose: (witnesses: readonly number[]): void => {
      last = last.then(() => change(witnesses)).catch((error: unknown) => auditor.violate('thrown', String(error)))
    },
  }
}
