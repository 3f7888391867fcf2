import { expect } from '@playwright/test'
import { fakeLocalModel, startFakeOpenAi } from '../core/executors/fixtures/fake-openai.ts'
import { chooseAccount, foundAndInvite, passphrase } from './flows.ts'
import { test } from './harness/app.ts'
import { startDaemon, type Daemon } from './harness/daemon.ts'

const caps = {
  concurrent: 1,
  tasksPerDay: 10,
  outputTokensPerTask: 2_048,
  outputTokensPerDay: 10_000,
  moneyPerDayCents: 0,
  moneyPerMonthCents: 0,
  centsPerMillionInputTokens: 0,
  centsPerMillionOutputTokens: 0,
  weeklyHours: Array.from({ length: 7 }, () => 0xff_ffff),
}
const offer = {
  classKey: fakeLocalModel,
  pricing: { perTaskMicro: 1n, perThousandInputTokensMicro: 1n, perThousandOutputTokensMicro: 1n, minimumMicro: 0n },
  promise: { firstTokenMs: 5_000, totalMs: 60_000 },
}

/** What the provider's screens do, over the contract; every task waits for its word. */
const serve = async ({ client }: Daemon, baseUrl: string): Promise<void> => {
  const backend = { kind: 'local', baseUrl, model: fakeLocalModel } as const
  const document = await client.consents.document({ backend })
  const textHash = document.ok ? document.value.textHash : ''
  const given = await client.consents.give({ requestId: crypto.randomUUID(), backend, caps, textHash })
  const consentRef = given.ok ? given.value.consentId : null
  const choice = { requestId: crypto.randomUUID(), backend, consentRef, caps, offers: [offer], approveEachTask: true }
  expect(await client.provider.start(choice)).toMatchObject({ ok: true })
}

const accountIdOf = async ({ client }: Daemon): Promise<string> => {
  const current = await client.identity.current({})
  return current.ok ? (current.value.current?.accountId ?? '') : ''
}

test('a newcomer reads once who reads a task; one too large or beyond the wallet, even an empty one, is said so, and what was typed stays', async ({
  launchApp,
  newUserDataPath,
}) => {
  const founder = await startDaemon(await newUserDataPath(), [])
  const link = await foundAndInvite(founder, 'community')
  const model = await startFakeOpenAi()
  await serve(founder, `${model.url}/v1`)
  const { pages, page } = await launchApp()
  await pages.setup.pasteInvite(link)
  await pages.setup.goOn()
  await chooseAccount(pages)
  await pages.setup.press('Join Our team')
  await expect((await pages.market()).offers).toHaveCount(1)

  const asking = await pages.ask()
  const tooLarge = 'x'.repeat(262_145)
  await asking.ask(tooLarge)
  await expect(asking.problem).toContainText('1 characters too long')
  await expect(asking.prompt).toHaveValue(tooLarge)

  await asking.ask('A question of a newcomer', { cap: '26' })
  await expect(asking.readers).toBeVisible()
  await asking.confirmReaders()
  await expect(asking.readers).toBeHidden()
  await expect(asking.problem).toContainText('more than is available')
  await expect(asking.prompt).toHaveValue('A question of a newcomer')

  const wallet = await pages.wallet()
  const availableMicro = async () => (await wallet.amounts()).availableMicro
  await expect.poll(availableMicro).toBe(25_000_000n)
  await wallet.send(await accountIdOf(founder), '25')
  await expect.poll(availableMicro).toBe(0n)
  await pages.ask()
  await asking.ask('A question of an empty wallet', { cap: '1' })
  await expect(asking.problem).toContainText('Your wallet is empty: nothing is available to pay an answer with.')
  await expect(asking.prompt).toHaveValue('A question of an empty wallet')

  const more = await founder.client.invites.create({ requestId: crypto.randomUUID(), amountMicro: 5_000_000n })
  await pages.wallet()
  await wallet.claim(more.ok ? more.value.link : '')
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await expect.poll(availableMicro).toBe(5_000_000n)

  await pages.ask()
  await asking.ask('A question that can be paid', { cap: '1' })
  await expect(asking.task).toBeVisible()
  await founder.stop()
  await model.close()
})

test('without a network it says so, loses nothing that was typed or ordered, and goes on when the witnesses are back', async ({
  launchApp,
  newUserDataPath,
}) => {
  const founderPath = await newUserDataPath()
  const founder = await startDaemon(founderPath, [])
  const link = await foundAndInvite(founder)
  const { pages, page } = await launchApp()
  await pages.setup.pasteInvite(link)
  await pages.setup.goOn()
  await chooseAccount(pages)
  await pages.setup.press('Join Our team')
  const availableMicro = async () => (await (await pages.wallet()).amounts()).availableMicro
  await expect.poll(availableMicro).toBe(25_000_000n)
  const to = await accountIdOf(founder)
  await founder.stop()

  const asking = await pages.ask()
  await asking.prompt.fill('A question without a network')
  await expect(pages.notice).toContainText('No witness answers; until 3 do, nothing can be settled.')
  const wallet = await pages.wallet()
  await wallet.order(to, '2')
  await expect(wallet.sending.or(wallet.problem)).toBeVisible()

  const again = await startDaemon(founderPath, [])
  await again.client.setup.unlock({ requestId: crypto.randomUUID(), passphrase })
  await expect.poll(async () => (await wallet.amounts()).availableMicro, { timeout: 60_000 }).toBe(23_000_000n)
  await expect(pages.notice).toBeHidden()
  await expect(wallet.sending).toBeHidden()
  await page.keyboard.press('Escape')
  await expect((await pages.ask()).prompt).toHaveValue('A question without a network')
  await again.stop()
})
