/** What is known of something that the market holds. `problem` says why what is shown may be out of date. */
export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T; readonly problem: string | null }
  | { readonly status: 'failed'; readonly message: string }

export const loading = { status: 'loading' } as const
export const ready = <T>(value: T): Loaded<T> => ({ status: 'ready', value, problem: null })

/** What is shown stays on the screen; only the reason why it may be old is added. */
export const withProblem = <T>(loaded: Loaded<T>, message: string): Loaded<T> =>
  loaded.status === 'ready' ? { ...loaded, problem: message } : { status: 'failed', message }

export const valueOf = <T>(loaded: Loaded<T>): T | null => (loaded.status === 'ready' ? loaded.value : null)
