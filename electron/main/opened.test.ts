import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openedBy } from './opened.ts'

const link = 'claude-market://invite/AQ'

describe('what the program was asked to open', () => {
  test.each([
    ['nothing', ['.', '--practice', '--user-data-dir=/tmp/x'], null],
    ['a link', ['--allow-file-access', link], { kind: 'link', link }],
    ['the last of several', [link, `${link}B`], { kind: 'link', link: `${link}B` }],
    ['a link whatever it says after its scheme', ['CLAUDE-MARKET:x y'], { kind: 'link', link: 'CLAUDE-MARKET:x y' }],
    ['a file, from the folder it was named in', ['a b.claude-market'], { kind: 'file', path: '/home/me/a b.claude-market' }],
    ['a backup file', ['/srv/account.claude-market-backup'], { kind: 'file', path: '/srv/account.claude-market-backup' }],
    ['a file by its address', ['file:///srv/Our%20lab.claude-market'], { kind: 'file', path: '/srv/Our lab.claude-market' }],
    ['no file of another computer', ['file://elsewhere/lab.claude-market'], null],
    ['no file of another kind', ['/etc/passwd', 'federation.json'], null],
    ['no page', ['https://example.org/?claude-market://invite/AQ'], null],
    ['no switch', ['--gpu-launcher=claude-market://invite/AQ'], null],
  ])('is %s', (_what, argv, opened) => {
    expect(openedBy(argv, '/home/me')).toEqual(opened)
  })
})

test('the packages register the same scheme and the same endings', () => {
  const config = readFileSync(join(import.meta.dirname, '..', '..', 'electron-builder.yml'), 'utf8')
  expect(config).toContain('schemes: [claude-market]')
  expect(config).toContain('ext: claude-market\n')
  expect(config).toContain('ext: claude-market-backup\n')
})
