/** A map that forgets the oldest entries. */
export const createRecent = <T>(maxSize: number) => {
  const entries = new Map<string, T>()
  return {
    get: (key: string): T | undefined => entries.get(key),
    set: (key: string, value: T): void => {
      entries.set(key, value)
      const oldest = entries.keys().next().value
      if (entries.size > maxSize && oldest !== undefined) entries.delete(oldest)
    },
  }
}
