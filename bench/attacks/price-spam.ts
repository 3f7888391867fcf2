import { slotMs, takeSlot, type Position, type Trade } from '../../core/prices/model.ts'
import { weightOf } from '../../core/prices/suggestion.ts'
import type { Measurement } from '../benchmark.ts'
import { createChance } from '../price-discovery/chance.ts'
import { createSociety, honestClient, honestProvider, nowMs, reputationOf, trade, usualMicro } from './society.ts'

const slots = 30
const honestEach = 15
const spamEach = 45
const ring = 10

/** A ring closes three times as many trades as everybody else together, at ten times the price, to move what the federation thinks of as the price. */
export const priceSpam = (): Measurement => {
  const { facts, introductions } = createSociety()
  const spam = Array.from({ length: slots * spamEach }, (_, index) =>
    trade(`spammer ${index % ring}`, `spammer ${(index + 1) % ring}`, 'paid'),
  )
  const { context } = reputationOf([...facts, ...spam], introductions)
  const priceWith = (trust: (account: string) => number): number => {
    const chance = createChance(7)
    let position: Position | null = null
    for (let slot = 0; slot < slots; slot++) {
      const at = (index: number, client: string, provider: string, priceMicro: bigint): Trade => ({
        id: `${slot}.${String(index).padStart(4, '0')}.${client}`,
        atMs: nowMs + slot * slotMs,
        priceMicro,
        weight: weightOf(priceMicro, trust(client)),
        client,
        provider,
      })
      const honest = Array.from({ length: honestEach }, (_, index) =>
        at(
          index,
          honestClient(slot * honestEach + index),
          honestProvider(Math.floor(chance() * 30)),
          (usualMicro * BigInt(97 + Math.floor(7 * chance()))) / 100n,
        ),
      )
      const spammed = Array.from({ length: spamEach }, (_, index) =>
        at(index, `spammer ${index % ring}`, `spammer ${(index + 1) % ring}`, 10n * usualMicro),
      )
      position = takeSlot(position, { slot, trades: [...honest, ...spammed].filter(({ weight }) => weight > 0n) })
    }
    return Number(position?.estimate.priceMicro ?? 0n)
  }
  const alone = priceWith((account) => (account.startsWith('spammer') ? 0 : 1_000_000))
  const movedBy = (trust: (account: string) => number): number => 100 * Math.abs(priceWith(trust) / alone - 1)
  const [defended, capsOnly] = [movedBy(context.trustOf), movedBy(() => 1_000_000)]
  const average = 100 * ((honestEach + 10 * 10 * spamEach) / (honestEach + 10 * spamEach) - 1)
  return {
    figure: defended,
    floor: average,
    figureIs: `by how much a ring of ${ring} moves the price with three times everybody else's trades at ten times the price`,
    floorIs: 'by how much it moves a volume-weighted average',
    unit: '%',
    goalText: 'at most 2 %',
    goalMet: defended <= 2,
    details: [{ name: 'with the caps alone, were the ring trusted like members', value: capsOnly, unit: '%' }],
  }
}
