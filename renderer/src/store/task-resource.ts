import type { MarketClient } from '../api/client.ts'
import { placePiece } from './answer.ts'
import { createResource, type Followed, type Source } from './resource.ts'
import type { TaskDetail } from './types.ts'

/** One task: its steps by snapshot, its answer piece by piece. */
export const watchTask = (source: Source, client: MarketClient, taskId: string): Followed<TaskDetail> =>
  createResource<TaskDetail>(source, {
    fetch: () => client.tasks.get({ taskId }),
    revisionOf: ({ revision }) => revision,
    merge: keepLongerAnswer,
    listen: (hear, patch) => {
      const ends = [
        client.tasks.changed((event) => {
          if (event.taskId === taskId) hear(event.revision)
        }),
        client.tasks.output((event) => {
          if (event.taskId === taskId) patch((task) => withPiece(task, event))
        }),
      ]
      return () => ends.forEach((end) => end())
    },
  })

const withPiece = (task: TaskDetail, piece: { readonly offset: number; readonly text: string }): TaskDetail | 'stale' => {
  const answer = placePiece(task.answer, piece)
  if (answer === null) return 'stale'
  return answer === task.answer ? task : { ...task, answer }
}

/** A snapshot may be older than the pieces that came while it was on its way; another escrow means another attempt. */
const keepLongerAnswer = (shown: TaskDetail, snapshot: TaskDetail): TaskDetail =>
  shown.escrowId === snapshot.escrowId && shown.answer.startsWith(snapshot.answer) ? { ...snapshot, answer: shown.answer } : snapshot
