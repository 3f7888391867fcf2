import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from './harness/app.ts'

/** Whether it worked: by whoever may, or by sudo where that asks for no password. */
const asRoot = (...command: readonly string[]): boolean => {
  const [program = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command]
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
const mount = (options: string, path: string): boolean =>
  asRoot('mount', '-t', 'tmpfs', '-o', `${options},uid=${process.getuid?.() ?? 0}`, 'tmpfs', path)

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
  test.skip(!mount('size=6m', data), 'Only Linux, and there root or sudo without a password, can mount a small disk.')
  const { pages, page, electron } = await launchApp()
  try {
    await pages.setup.practice()
    await expect(pages.setup.problem).toContainText(/the disk is full/i)
    expect(mount('remount,size=200m', data)).toBe(true)
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
    asRoot('umount', data)
  }
})
