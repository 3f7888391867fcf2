import type { Database } from '../storage/database.ts'

/** The one question that was typed and not asked yet. */
export const createDraftStore = (db: Database) => {
  const select = db.prepare<[], { readonly text: string }>('SELECT text FROM task_draft')
  const upsert = db.prepare<[string]>('INSERT INTO task_draft VALUES (1, ?) ON CONFLICT DO UPDATE SET text = excluded.text')
  const remove = db.prepare('DELETE FROM task_draft')
  return {
    get: (): string | null => select.get()?.text ?? null,
    /** An empty one is none. */
    put: (text: string): void => void (text === '' ? remove.run() : upsert.run(text)),
  }
}
