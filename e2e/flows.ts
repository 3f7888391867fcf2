import { expect } from '@playwright/test'
import type { Daemon } from './harness/daemon.ts'
import type { Pages } from './pages/pages.ts'

export const passphrase = 'three quiet words'

export const chooseAccount = async ({ setup }: Pages): Promise<readonly string[]> => {
  const words = await setup.writeDownAndProve()
  await setup.goOn()
  await setup.fill('Passphrase', passphrase)
  await setup.fill('The same again', passphrase)
  return words
}

/** What the founder's screens do, over the contract. @returns an invite link with 25 RUV */
export const foundAndInvite = async ({ client }: Daemon, kind: 'organisation' | 'community' = 'organisation'): Promise<string> => {
  const phrase = await client.setup.newPhrase({ requestId: crypto.randomUUID() })
  const { words, ask } = phrase.ok ? phrase.value : { words: [], ask: [] }
  await client.setup.found({
    requestId: crypto.randomUUID(),
    name: 'Our team',
    kind,
    customer: kind === 'organisation' ? 'Our company' : null,
    supplyMicro: 1_000_000_000n,
    witnesses: { kind: 'here' },
    arbiters: [],
    account: { kind: 'new', proof: ask.map((place) => words[place - 1] ?? '') },
    passphrase,
  })
  let link = ''
  await expect(async () => {
    const made = await client.invites.create({ requestId: crypto.randomUUID(), amountMicro: 25_000_000n })
    expect(made).toMatchObject({ ok: true })
    link = made.ok ? made.value.link : ''
  }).toPass({ timeout: 30_000 })
  return link
}

/** The whole main job on the screens, in whichever window shows them. */
export const expectSettledTrade = async (pages: Pages): Promise<void> => {
  await expect((await pages.market()).offers).toHaveCount(3)
  const wallet = await pages.wallet()
  await expect(wallet.conservation).toHaveAttribute('data-holds', 'true')
  const before = await wallet.amounts()

  const asking = await pages.ask()
  await asking.ask('Why is the sky blue, and why does it turn red in the evening?')
  await expect(asking.bids.first()).toBeVisible()
  await expect(asking.answer).not.toBeEmpty()
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  for (const name of ['requested', 'bids', 'locked', 'sent', 'received', 'running', 'delivered', 'settled'])
    await expect(asking.step(name)).toHaveAttribute('data-state', 'done')
  await expect(asking.answer).toContainText(/simulated/i)
  await expect(asking.bids.filter({ hasText: 'won' })).toHaveCount(1)

  const escrows = await pages.escrows()
  const escrow = escrows.rows.first()
  await expect(escrow).toHaveAttribute('data-phase', 'settled')
  await escrows.open(escrow)
  await expect(escrows.certificates).toHaveCount(2)

  await pages.wallet()
  await expect.poll(async () => (await wallet.amounts()).lockedMicro).toBe(0n)
  await expect(wallet.conservation).toHaveAttribute('data-holds', 'true')
  const after = await wallet.amounts()
  const paidMicro = before.availableMicro + before.onTheWayMicro - after.availableMicro - after.onTheWayMicro
  expect(paidMicro > 0n && paidMicro < 1_000_000n, `paid ${paidMicro} µRUV`).toBe(true)
}
