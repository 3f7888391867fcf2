/** A broken assumption of the program itself, never of its input. The command that meets one stops; the process stays up. */
export class AssertionError extends Error {
  override name = 'AssertionError'
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** The end of an exhaustive switch: the type checker proves it is never reached. */
export const unreachable = (value: never): never => {
  throw new AssertionError(`unreachable: ${String(value)}`)
}
