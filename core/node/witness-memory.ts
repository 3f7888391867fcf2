import { z } from 'zod'
import type { Secrets } from '../identity/secrets.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { systemDisk } from '../platform/disk.ts'
import { readJsonFile, writeJsonFile } from '../platform/json-file.ts'
import { ok, type Failure, type Result } from '../platform/result.ts'
import type { WitnessMemory } from '../settlement/witness-store.ts'
import type { NodeConfig } from './nodes-config.ts'

/**
 * A witness that another program starts has no vault of its own: what it must remember of its votes (settlement.md §3.6) is no
 * secret and stands beside its folder, so that it outlives it. Like the vault it notices an older copy of the votes alone; all of the
 * data must never be restored.
 */
const schema = z.strictObject({ dbId: z.string().regex(/^[0-9a-f]{64}$/), generation: z.int().min(0).max(0xffff_ffff) })

type Witnessing = Pick<NodeConfig, 'dataFolder' | 'keyProtection'>
const fileOf = ({ dataFolder }: Witnessing) => ({
  disk: systemDisk,
  path: `${dataFolder}-memory.json`,
  maxBytes: 1_000,
  title: 'The memory of a witness',
  parse: (json: unknown): WitnessMemory | null => {
    const parsed = schema.safeParse(json)
    return parsed.success ? { dbId: fromHex(parsed.data.dbId), generation: parsed.data.generation } : null
  },
})
/** The key of a session's witness votes in one database and never again. */
const isLasting = ({ keyProtection }: Witnessing): boolean => keyProtection !== 'session'

/** It may have voted, and cannot tell where: no database is this one's. */
const forgotten: WitnessMemory = { dbId: new Uint8Array(32), generation: 0 }

export const recallWitness = async (config: Witnessing, secrets: Secrets): Promise<Result<Secrets, Failure>> => {
  const { witness } = secrets
  if (witness === null || !isLasting(config)) return ok(secrets)
  const memory = await readJsonFile(fileOf(config))
  if (!memory.ok && memory.error.code !== 'damaged') return memory
  return ok({ ...secrets, witness: { ...witness, memory: memory.ok ? memory.value : forgotten } })
}

export const rememberWitness = async (config: Witnessing, { dbId, generation }: WitnessMemory): Promise<Result<null, Failure>> => {
  if (!isLasting(config)) return ok(null)
  return writeJsonFile(fileOf(config), { dbId: toHex(dbId), generation })
}
