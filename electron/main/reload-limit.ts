/** A page that dies this often within a minute dies of itself. */
const maxReloads = 3
const withinMs = 60_000

/** Whether a page that is gone may be shown once more. */
export const createReloadLimit = (nowMs: () => number): (() => boolean) => {
  let recent: readonly number[] = []
  return () => {
    recent = recent.filter((atMs) => nowMs() - atMs < withinMs)
    if (recent.length >= maxReloads) return false
    recent = [...recent, nowMs()]
    return true
  }
}
