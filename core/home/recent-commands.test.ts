import { expect, test, vi } from 'vitest'
import { fail, ok, type Ok } from '../platform/result.ts'
import { createRecentCommands } from './recent-commands.ts'

const input = { requestId: 'request-000000001', name: 'Lab' }
const otherInput = { ...input, name: 'Another' }

test('a command that is sent again, also while it runs, is done once and answers the same', async () => {
  const commands = createRecentCommands()
  const work = vi.fn<() => Promise<Ok<string>>>(async () => ok('done'))
  const answers = await Promise.all([commands.run('setup.found', input, work), commands.run('setup.found', input, work)])
  expect([...answers, await commands.run('setup.found', input, work)]).toEqual([ok('done'), ok('done'), ok('done')])
  expect(work).toHaveBeenCalledTimes(1)
})

test('the same id for another call or another input is refused', async () => {
  const commands = createRecentCommands()
  await commands.run('setup.found', input, async () => ok(null))
  const others = [
    await commands.run('setup.join', input, async () => ok(null)),
    await commands.run('setup.found', otherInput, async () => ok(null)),
  ]
  expect(others).toMatchObject(others.map(() => ({ ok: false, error: { code: 'request-id-reused' } })))
})

test('what was refused or threw may be tried again', async () => {
  const commands = createRecentCommands()
  const work = vi
    .fn<() => Promise<ReturnType<typeof ok<string>> | ReturnType<typeof fail<'no'>>>>()
    .mockResolvedValueOnce(fail('no', 'Not yet.'))
    .mockRejectedValueOnce(new Error('thrown'))
    .mockResolvedValue(ok('done'))
  expect(await commands.run('a', input, work)).toMatchObject({ ok: false })
  await expect(commands.run('a', input, work)).rejects.toThrow('thrown')
  expect(await commands.run('a', input, work)).toEqual(ok('done'))
})
