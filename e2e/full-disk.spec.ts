import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from './harness/app.ts'

const mount = (...args: readonly string[]): boolean => spawnSync('mount', ['-t', 'tmpfs', ...args], { stdio: 'ignore' }).status === 0

/** Writes until nothing more fits. */
const fill = (path: string): void => {
  const file = openSync(path, 'w')
  for (const size of [65_536, 4_096]) {
    const chunk = Buffer.alloc(size)
    try {
      for (;;) writeSync(file, chunk)
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' })
    }
  }
  closeSync(file)
}

test('a full disk is said so at the first start and in the middle of work, and what was typed and paid stays', async ({
  userDataPath,
  launchApp,
}) => {
  const data = join(userDataPath, 'market')
  mkdirSync(data)
  test.skip(!mount('-o', 'size=6m', 'tmpfs', data), 'Only root on Linux may mount a small disk.')
  const { pages, page, electron } = await launchApp()
  try {
    await pages.setup.practice()
    await expect(pages.setup.problem).toContainText(/the disk is full/i)
    expect(mount('-o', 'remount,size=200m', 'tmpfs', data)).toBe(true)
    await pages.setup.press('Try again')
    await expect((await pages.market()).offers).toHaveCount(3)
    const before = await (await pages.wallet()).amounts()

    const asking = await pages.ask()
    fill(join(data, 'ballast'))
    await asking.ask('A question on a full disk')
    await expect(asking.problem).toContainText('The disk is full, so nothing was saved. Free some space and try again.')
    await expect(asking.prompt).toHaveValue('A question on a full disk')
    await expect(pages.notice).toContainText('what was under way has stopped')

    rmSync(join(data, 'ballast'))
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await expect(asking.task).toHaveAttribute('data-state', 'settled')
    expect((await (await pages.wallet()).amounts()).availableMicro).toBeLessThan(before.availableMicro)
    expect(electron.process().exitCode).toBeNull()
  } finally {
    await electron.close()
    spawnSync('umount', [data])
  }
})
