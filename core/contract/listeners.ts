/** Listeners by name. A listener that throws does not keep the others from hearing. */
export type Listeners<T> = {
  /** Gives back what removes it; the same function may be added twice. */
  readonly add: (name: string, listener: (value: T) => void) => () => void
  readonly tell: (name: string, value: T) => void
  readonly has: (name: string) => boolean
  readonly names: () => readonly string[]
}

export const createListeners = <T>(onThrown: (name: string, thrown: unknown) => void): Listeners<T> => {
  const byName = new Map<string, ReadonlySet<{ readonly listener: (value: T) => void }>>()
  return {
    add: (name, listener) => {
      const entry = { listener }
      byName.set(name, new Set(byName.get(name)).add(entry))
      return () => {
        const rest = new Set(byName.get(name))
        rest.delete(entry)
        if (rest.size === 0) byName.delete(name)
        else byName.set(name, rest)
      }
    },
    tell: (name, value) => {
      for (const { listener } of byName.get(name) ?? []) {
        try {
          listener(value)
        } catch (thrown) {
          onThrown(name, thrown)
        }
      }
    },
    has: (name) => byName.has(name),
    names: () => [...byName.keys()],
  }
}
