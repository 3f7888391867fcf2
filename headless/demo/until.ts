/** Resolves once `isDone`, which is asked again after every change that is announced, and once a second in case an event was missed. */
export const until = (changed: (listener: () => void) => () => void, isDone: () => Promise<boolean>): Promise<void> =>
  new Promise((resolve, reject) => {
    let isAsking = false
    let isStale = false
    const ask = async (): Promise<void> => {
      isStale = true
      if (isAsking) return
      isAsking = true
      while (isStale) {
        isStale = false
        if (await isDone()) return finish()
      }
      isAsking = false
    }
    const askOrReject = (): void => void ask().catch(fail)
    const stopListening = changed(askOrReject)
    const timer = setInterval(askOrReject, 1_000)
    const stop = (): void => {
      clearInterval(timer)
      stopListening()
    }
    const finish = (): void => {
      stop()
      resolve()
    }
    const fail = (error: unknown): void => {
      stop()
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    askOrReject()
  })
