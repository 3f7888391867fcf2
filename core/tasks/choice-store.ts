import type { ProviderChoice } from '../contract/provider.ts'
import type { Database } from '../storage/database.ts'
import { decodeChoice, encodeChoice, isSameBackend } from './choice.ts'

/** Names one of a provider's backends, for good: what it ran is counted to it. */
export type BackendId = number
export type StoredBackend = {
  readonly id: BackendId
  readonly choice: ProviderChoice
  /** Its owner's switch; it serves while provider mode is on as well. */
  readonly isOn: boolean
}
export type StoredSwitch = {
  readonly isOn: boolean
  /** Null while not paused; `untilMs` null until somebody resumes it. */
  readonly pause: { readonly untilMs: number | null } | null
}
type BackendRow = { readonly id: bigint; readonly choice: string; readonly is_on: bigint }
type SwitchRow = { readonly is_on: bigint; readonly paused_until_ms: bigint }
export type ChoiceStore = ReturnType<typeof createChoiceStore>

const notPaused = 0
const pausedForGood = -1

const storedOf = ({ id, choice: text, is_on }: BackendRow): readonly StoredBackend[] => {
  const choice = decodeChoice(text)
  return choice === null ? [] : [{ id: Number(id), choice, isOn: is_on === 1n }]
}

/** The backends of a provider and what each was last switched on with: they survive a restart, and name their keys without holding them. */
export const createChoiceStore = (db: Database) => {
  const selectBackends = db.prepare<[], BackendRow>('SELECT id, choice, is_on FROM provider_backend ORDER BY id')
  // No id is used again after a removal: what jobs are counted to stays what it was.
  const insertBackend = db.prepare<[string]>(
    `INSERT INTO provider_backend SELECT
       1 + max(coalesce((SELECT max(id) FROM provider_backend), 0), coalesce((SELECT max(backend_id) FROM job), 0)), ?, 0`,
  )
  const updateBackend = db.prepare<[string, number]>('UPDATE provider_backend SET choice = ?, is_on = 1 WHERE id = ?')
  const switchBackendOff = db.prepare<[number]>('UPDATE provider_backend SET is_on = 0 WHERE id = ?')
  const switchBackendsOff = db.prepare('UPDATE provider_backend SET is_on = 0')
  // Its number stays with it: what it has used of its caps counts when the same backend is added again.
  const removeBackend = db.prepare<[number]>(
    `UPDATE provider_backend SET choice = json_set(choice, '$.isRemoved', 1), is_on = 0 WHERE id = ?`,
  )
  const selectRemoved = db.prepare<[], BackendRow>(
    `SELECT id, json_remove(choice, '$.isRemoved') AS choice, is_on FROM provider_backend
     WHERE json_extract(choice, '$.isRemoved') = 1 ORDER BY id DESC`,
  )
  const bringBack = db.prepare<[string, number]>('UPDATE provider_backend SET choice = ? WHERE id = ?')
  const selectSwitch = db.prepare<[], SwitchRow>('SELECT is_on, paused_until_ms FROM provider_switch')
  const upsertSwitch = db.prepare<[number, number]>(
    `INSERT INTO provider_switch VALUES (1, ?, ?)
     ON CONFLICT DO UPDATE SET is_on = excluded.is_on, paused_until_ms = excluded.paused_until_ms`,
  )

  /** One that was removed, or that a program which knew other choices has written, is left out. */
  const list = (): readonly StoredBackend[] => selectBackends.all().flatMap(storedOf)
  const theSwitch = (): StoredSwitch => {
    const row = selectSwitch.get()
    const untilMs = Number(row?.paused_until_ms ?? notPaused)
    return {
      isOn: row?.is_on === 1n,
      pause: untilMs === notPaused ? null : { untilMs: untilMs === pausedForGood ? null : untilMs },
    }
  }
  const setPause = (pause: StoredSwitch['pause']): void =>
    void upsertSwitch.run(theSwitch().isOn ? 1 : 0, pause === null ? notPaused : (pause.untilMs ?? pausedForGood))

  return {
    list,
    get: (id: BackendId): StoredBackend | null => list().find((one) => one.id === id) ?? null,
    theSwitch,
    setPause,
    /** The backend of this kind, address, model and key: one that is there, or a new one that is off. */
    findOrAdd: (choice: ProviderChoice): { readonly id: BackendId; readonly isNew: boolean } => {
      const isThis = (one: StoredBackend): boolean => isSameBackend(one.choice.backend, choice.backend)
      const known = list().find(isThis)
      if (known !== undefined) return { id: known.id, isNew: false }
      const removed = selectRemoved.all().flatMap(storedOf).find(isThis)
      if (removed === undefined) return { id: Number(insertBackend.run(encodeChoice(choice)).lastInsertRowid), isNew: true }
      bringBack.run(encodeChoice(choice), removed.id)
      return { id: removed.id, isNew: true }
    },
    /** With these choices. After everything was switched off, what was on before does not come back with it. */
    switchOn: (id: BackendId, choice: ProviderChoice): void =>
      db.atomically(() => {
        if (!theSwitch().isOn) {
          switchBackendsOff.run()
          upsertSwitch.run(1, notPaused)
        }
        updateBackend.run(encodeChoice(choice), id)
      }),
    switchOff: (id: BackendId): void => void switchBackendOff.run(id),
    /** Each keeps its own switch, so that all of them can be resumed together. */
    switchAllOff: (): void => void upsertSwitch.run(0, notPaused),
    remove: (id: BackendId): void => void removeBackend.run(id),
  }
}
