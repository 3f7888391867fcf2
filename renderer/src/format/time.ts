/** `0.04 s`, `12.3 s`, `4 min 05 s`: three significant digits are enough to follow a trade. */
export const formatDuration = (durationMs: number): string => {
  if (durationMs < 10_000) return `${(durationMs / 1000).toFixed(2)} s`
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
export const formatClock = (atMs: number): string => clock.format(atMs)
