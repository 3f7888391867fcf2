import { expect } from '@playwright/test'
import { inMainProcess, test } from './harness/app.ts'

test('the log is read in the settings, by gravity and by words, and a secret that an error quotes is not in it', async ({ app }) => {
  await app.electron.evaluate(() => void Promise.reject(new Error('on purpose, with claude-market://invite/AQmoney')))
  const log = await (await app.pages.settings()).openLog()
  await expect(log.lines.first()).toBeVisible()
  await log.find('on purpose')
  await expect(log.lines).toHaveCount(1)
  await expect(log.lines).toContainText('claude-market://…')
  await log.show('Errors only')
  await expect(log.lines).toHaveCount(1)
  await log.find('nothing has these words')
  await expect(log.lines).toHaveCount(0)

  await inMainProcess(() =>
    app.electron.evaluate(({ shell }) => {
      shell.openPath = (path) => {
        process.title = path
        return Promise.resolve('')
      }
    }),
  )
  await log.openFolder()
  await expect.poll(() => inMainProcess(() => app.electron.evaluate(() => process.title))).toBe(`${app.userDataPath}/logs`)
})
