/** Structured log lines. Never pass a prompt, a result, a key or a credential as a field. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, string | number | boolean | bigint | null | undefined>>
export type Log = {
  readonly write: (level: LogLevel, event: string, fields?: LogFields) => void
  /** A log whose lines carry the domain's name. */
  readonly child: (domain: string) => Log
}

export const createLog = (sink: (line: string) => void, nowMs: () => number, domain = 'market'): Log => ({
  write: (level, event, fields = {}) => {
    const plain = Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, typeof v === 'bigint' ? v.toString() : v]))
    sink(JSON.stringify({ at: new Date(nowMs()).toISOString(), level, domain, event, ...plain }))
  },
  child: (name) => createLog(sink, nowMs, name),
})

export const silentLog: Log = { write: () => undefined, child: () => silentLog }
