/** Runs one piece of work at a time, in the order asked; a failure of one does not stop the next. */
export type SerialQueue = { readonly run: <T>(work: () => Promise<T>) => Promise<T> }

export const createSerialQueue = (): SerialQueue => {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run: (work) => {
      const next = last.then(work)
      last = next.catch(() => undefined)
      return next
    },
  }
}

/** A serial queue for each key, kept only while it has work. */
export type KeyedQueue = { readonly run: <T>(key: string, work: () => Promise<T>) => Promise<T> }

export const createKeyedQueue = (): KeyedQueue => {
  const lasts = new Map<string, Promise<void>>()
  const forget = (key: string, last: Promise<void>): void => {
    if (lasts.get(key) === last) lasts.delete(key)
  }
  return {
    run: (key, work) => {
      const next = (lasts.get(key) ?? Promise.resolve()).then(work)
      const last: Promise<void> = next.then(
        () => forget(key, last),
        () => forget(key, last),
      )
      lasts.set(key, last)
      return next
    },
  }
}
