import { expect, vi } from 'vitest'
import type { Daemon } from './daemon.ts'

export const patience = { timeout: 30_000, interval: 100 }
export const passphrase = 'three quiet words'
export const requestId = (): string => crypto.randomUUID()

export const statusOf = async ({ client }: Daemon) => {
  const status = await client.setup.status({})
  if (!status.ok) throw new Error(status.error.message)
  return status.value
}
export const reaches = (daemon: Daemon, phase: string) =>
  vi.waitFor(async () => {
    const status = await statusOf(daemon)
    expect(status).toMatchObject({ phase })
    return status
  }, patience)

/** New words and the proof that they were written down. */
export const newAccount = async ({ client }: Daemon) => {
  const made = await client.setup.newPhrase({ requestId: requestId() })
  if (!made.ok) throw new Error(made.error.message)
  const { words, ask } = made.value
  return { words, ask, account: { kind: 'new', proof: ask.map((place) => words[place - 1] ?? '') } as const }
}

export const foundingOf = (account: Awaited<ReturnType<typeof newAccount>>['account']) =>
  ({
    requestId: requestId(),
    name: 'Our team',
    kind: 'organisation',
    customer: 'Our company',
    supplyMicro: 1_000_000_000_000n,
    witnesses: { kind: 'here' },
    arbiters: [],
    account,
    passphrase,
  }) as const

export const expectBalance = (daemon: Daemon, availableMicro: bigint) =>
  vi.waitFor(async () => expect(await daemon.client.wallet.summary({})).toMatchObject({ ok: true, value: { availableMicro } }), patience)
