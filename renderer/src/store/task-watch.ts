import type { MarketClient } from '../api/client.ts'
import { placePiece, type AnswerPiece } from './answer.ts'
import { createFollower } from './follower.ts'
import type { MarketStore, TaskDetail } from './market-store.ts'

export type TaskWatch = { readonly refresh: () => void; readonly stop: () => void }

/** Keeps one task on the screen: its steps by snapshot, its answer piece by piece. */
export const watchTask = (client: MarketClient, store: MarketStore, taskId: string): TaskWatch => {
  const shown = (): TaskDetail | null => {
    const { task } = store.getState()
    return task?.status === 'ready' && task.value.taskId === taskId ? task.value : null
  }
  const show = (value: TaskDetail): void => store.setState({ task: { status: 'ready', value, problem: null } })

  const follower = createFollower<TaskDetail>({
    fetch: () => client.tasks.get({ taskId }),
    revisionOf: ({ revision }) => revision,
    onValue: (value) => show(keepLongerAnswer(shown(), value)),
    onProblem: (message) => {
      const value = shown()
      store.setState({ task: value === null ? { status: 'failed', message } : { status: 'ready', value, problem: message } })
    },
  })

  const place = (piece: AnswerPiece): void => {
    const value = shown()
    if (value === null) return
    const answer = placePiece(value.answer, piece)
    if (answer === null) follower.refresh()
    else if (answer !== value.answer) show({ ...value, answer })
  }

  const ends = [
    client.tasks.changed((event) => {
      if (event.taskId === taskId) follower.hear(event.revision)
    }),
    client.tasks.output((event) => {
      if (event.taskId === taskId) place(event)
    }),
  ]
  store.setState({ task: { status: 'loading' } })
  follower.refresh()
  return {
    refresh: follower.refresh,
    stop: () => {
      ends.forEach((end) => end())
      follower.stop()
    },
  }
}

/** A snapshot may be older than the pieces that came while it was on its way; another escrow means another attempt. */
const keepLongerAnswer = (before: TaskDetail | null, snapshot: TaskDetail): TaskDetail => {
  if (before === null || before.escrowId !== snapshot.escrowId || !before.answer.startsWith(snapshot.answer)) return snapshot
  return { ...snapshot, answer: before.answer }
}
