import type { Dice } from './dice.ts'
import type { Fleet, FleetMember } from './fleet.ts'
import type { Hosts } from './hosts.ts'
import { pause } from './load.ts'

export type Harm = { readonly kills: ReadonlyMap<string, number>; readonly cuts: number }

export type KillerDeps = {
  readonly fleet: Fleet
  readonly members: readonly FleetMember[]
  /** Null where network namespaces cannot be had: then nothing is cut. */
  readonly hosts: Hosts | null
  readonly dice: Dice
  readonly kills: number
  readonly say: (line: string) => void
}

/** Of ten strokes: a cable is pulled, or a process of that kind dies. */
const strokes = ['cut', 'witness', 'witness', 'witness', 'witness', 'provider', 'provider', 'provider', 'client', 'client'] as const

/** Kills at random moments and starts again after random pauses; two witnesses at most are away at once, which is one too many. */
export const runKiller = async ({ fleet, members, hosts, dice, kills, say }: KillerDeps): Promise<Harm> => {
  const away = new Set<string>()
  const count = new Map<string, number>()
  const returning: Promise<void>[] = []
  let cuts = 0
  const leave = (name: string, comeBack: () => Promise<void>): void => {
    away.add(name)
    returning.push(comeBack().then(() => void away.delete(name)))
  }
  const present = (kind: FleetMember['kind']): readonly FleetMember[] => {
    const here = members.filter((member) => member.kind === kind && !away.has(member.config.name))
    const isEnough = kind !== 'witness' || here.length > members.filter((member) => member.kind === 'witness').length - 2
    return isEnough ? here : []
  }
  for (let killed = 0; killed < kills;) {
    await pause(dice.between(50, 2_000))
    const stroke = dice.pick(strokes) ?? 'witness'
    const victim = dice.pick(present(stroke === 'cut' ? 'witness' : stroke))
    if (victim === undefined) continue
    const { name } = victim.config
    if (stroke === 'cut') {
      if (hosts === null) continue
      cuts += 1
      leave(name, () => cutFor(hosts, hostOf(members, name), dice.between(500, 6_000)))
      continue
    }
    killed += 1
    count.set(victim.kind, (count.get(victim.kind) ?? 0) + 1)
    if (killed % 10 === 0) say(`${killed} of ${kills} kills, ${cuts} cuts`)
    await fleet.kill(name)
    const awayMs = dice.between(0, 3_000)
    leave(name, () => pause(awayMs).then(() => fleet.start(victim)))
  }
  await Promise.all(returning)
  return { kills: count, cuts }
}

/** Witnesses come first, and each has the host of its number. */
const hostOf = (members: readonly FleetMember[], name: string): number => members.findIndex(({ config }) => config.name === name)

const cutFor = async (hosts: Hosts, host: number, forMs: number): Promise<void> => {
  hosts.cut(host)
  await pause(forMs)
  hosts.heal(host)
}
