/** Enough of a 64-digit id to tell two apart at a glance; the whole one goes where it can be copied. */
export const shortId = (id: string): string => (id.length > 12 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id)

/** In groups of four, as people compare a key. */
export const groupedId = (id: string): string => id.replaceAll(/(.{4})(?=.)/g, '$1 ')
