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
    const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(value)]))
    sink(JSON.stringify({ at: new Date(nowMs()).toISOString(), level, domain, event, ...plain }))
  },
  child: (name) => createLog(sink, nowMs, name),
})

const plainValue = (value: LogFields[string]): LogFields[string] => {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' ? withoutSecrets(value) : value
}

/** People send logs to strangers, and the message of an error may quote what it stumbled over. */
const withoutSecrets = (text: string): string =>
  text
    .replaceAll(/claude-market:(\/\/)?\S+/gi, 'claude-market:$1…')
    .replaceAll(/sk-ant-[\w-]+/g, 'sk-ant-…')
    .replaceAll(/\bBearer [\w.~+/=-]+/gi, 'Bearer …')

export const silentLog: Log = { write: () => undefined, child: () => silentLog }
