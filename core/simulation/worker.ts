import { parentPort, workerData } from 'node:worker_threads'
import { mutants } from './mutants.ts'
import { installSubstitutions } from './substitutions.ts'

/** A thread of a campaign. What it substitutes is substituted before anything of the shipping code is loaded. */
const { mutant } = workerData as { readonly mutant: string | null }
installSubstitutions(mutants.filter(({ name }) => name === mutant).flatMap(({ changes }) => changes))

const { runChunk } = await import('./chunk.ts')
parentPort?.on('message', (chunk: Parameters<typeof runChunk>[0]) => {
  void runChunk(chunk).then((result) => parentPort?.postMessage(result))
})
parentPort?.postMessage('ready')
