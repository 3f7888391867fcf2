import { skipAfterMs } from '../settlement/register.ts'
import type { Plan } from './plan.ts'

/** How long the views of one more decision may take on a network that works: f leaders may lie, and one of those after them does not (settlement.md §3.4). */
export const decisionBoundMs = ({ size }: Plan, highestView: number): number => {
  const faults = Math.floor((size - 1) / 3)
  return Array.from({ length: faults + 2 }, (_, at) => skipAfterMs(highestView + at)).reduce((sum, ms) => sum + ms, 0)
}
