import type { ProviderChoice } from '../contract/provider.ts'
import type { Database } from '../storage/database.ts'
import { decodeChoice, encodeChoice } from './choice.ts'

export type StoredChoice = {
  readonly choice: ProviderChoice
  readonly isOn: boolean
  /** Null while not paused; `untilMs` null until somebody resumes it. */
  readonly pause: { readonly untilMs: number | null } | null
}
type Row = { readonly choice: string; readonly is_on: bigint; readonly paused_until_ms: bigint }
export type ChoiceStore = ReturnType<typeof createChoiceStore>

const notPaused = 0
const pausedForGood = -1

/** What provider mode was last switched on with: it survives a restart, and names its key without holding it. */
export const createChoiceStore = (db: Database) => {
  const select = db.prepare<[], Row>('SELECT choice, is_on, paused_until_ms FROM provider_choice')
  const upsert = db.prepare<[string]>(
    `INSERT INTO provider_choice VALUES (1, ?, 1, ${notPaused})
     ON CONFLICT DO UPDATE SET choice = excluded.choice, is_on = 1, paused_until_ms = ${notPaused}`,
  )
  const updatePause = db.prepare<[number]>('UPDATE provider_choice SET paused_until_ms = ?')
  const switchOff = db.prepare(`UPDATE provider_choice SET is_on = 0, paused_until_ms = ${notPaused}`)
  return {
    /** Null when there is none, or when it is of a program that knew other choices. */
    load: (): StoredChoice | null => {
      const row = select.get()
      if (row === undefined) return null
      const choice = decodeChoice(row.choice)
      if (choice === null) return null
      const untilMs = Number(row.paused_until_ms)
      return {
        choice,
        isOn: row.is_on === 1n,
        pause: untilMs === notPaused ? null : { untilMs: untilMs === pausedForGood ? null : untilMs },
      }
    },
    switchOn: (choice: ProviderChoice): void => void upsert.run(encodeChoice(choice)),
    switchOff: (): void => void switchOff.run(),
    setPause: (pause: StoredChoice['pause']): void => void updatePause.run(pause === null ? notPaused : (pause.untilMs ?? pausedForGood)),
  }
}
