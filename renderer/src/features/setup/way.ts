import type { SetupDraft } from './draft.ts'

/** What every way through the first start gets. */
export type WayProps = {
  readonly draft: SetupDraft
  readonly change: (changed: Partial<SetupDraft>) => void
  readonly needsPassphrase: boolean
  /** The words of a new account: fetched when they are first wanted, kept through every step back. */
  readonly words: { readonly want: () => void; readonly problem: string | null; readonly retry: () => void }
  readonly onLeave: () => void
}
