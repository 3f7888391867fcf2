/** What the core says, in German: every pattern of its English sentences and what stands in its place. */
import { backends } from './sentences/backends.ts'
import { documents } from './sentences/documents.ts'
import { ground } from './sentences/ground.ts'
import { home } from './sentences/home.ts'
import { provide } from './sentences/provide.ts'
import { settlement } from './sentences/settlement.ts'
import { tasks } from './sentences/tasks.ts'
import { trade } from './sentences/trade.ts'

export const german = {
  pairs: [...documents, ...home, ...ground, ...tasks, ...trade, ...provide, ...backends, ...settlement],
  lists: [
    [', ', ', '],
    [' and ', ' und '],
    ['; ', '; '],
  ],
} as const
