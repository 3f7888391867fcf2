import { expect, test } from 'vitest'
import { createSecretGuard } from './secret-guard.ts'
import { secretForms } from './secret-forms.ts'

const guard = createSecretGuard()
/** Look-alikes are put together here, so that no scanner takes this file for a leak. */
const join = (...parts: readonly string[]) => parts.join('')
const mixed = (length: number) => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY2zZ'.repeat(80).slice(0, length)
const hex = (length: number) => 'ab12'.repeat(80).slice(0, length)

const foundIn = async (text: string): Promise<readonly string[]> => {
  const result = await guard.inspectPrompt(text)
  return result.ok ? [] : result.error.findings.map(({ start, end }) => text.slice(start, end))
}

test.each([
  ['', join('sk%2Dant%2Dapi03%2D', mixed(40)), ''],
  ['', join('SK-ANT-API03-', mixed(40)), '.'],
  ['', join('sk-ant-api03-', mixed(10), '\n', mixed(70)), ' thanks'],
  ['key ', join('sk-proj-', mixed(48)), ''],
  ['', join('sk-or-v1-', hex(64)), ''],
  ['', join('xai-', mixed(80)), ''],
  ['https://maps.example/?key=', join('AIza', mixed(35)), ''],
  ['', join('ya29.', mixed(60)), ''],
  ['', join('GOCSPX-', mixed(28)), ''],
  ['', join('pypi-', 'AgEIcHlwaS5vcmc', mixed(60)), ''],
  ['//registry.example/:_authToken=', mixed(36), ''],
  ['', join('123456789', ':AA', mixed(33)), ''],
  ['', join('MTIzNDU2Nzg5MDEyMzQ1Njc4', '.GaBcDe.', mixed(38)), ''],
  ['', join('dop_v1_', hex(64)), ''],
  ['', join('ATATT', '3xFfGF0', mixed(170)), ''],
  ['AccountName=x;AccountKey=', join(mixed(86), '=='), ''],
  ['https://x.blob.example/?sv=2&sig=', join(mixed(43), '%3D'), ''],
  ['Authorization: Basic ', 'YWxpY2U6U3VwZXJTZWNyZXQxMjM0NTY=', ''],
  ['Cookie: ', join('session=', mixed(60), '; theme=dark'), '\nAccept: */*'],
  ['', join('MII', 'EvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQ', mixed(64), '\n', mixed(64)), '\nBye'],
  ['client-key-data: ', join('LS0tLS1CRUdJTi', 'BSU0EgUFJJVkFURSBLRVktLS0tLQ', mixed(200)), ''],
  ['', join('-----BEGIN PGP PRIVATE ', 'KEY BLOCK-----\n\n', mixed(64), '\n-----END PGP PRIVATE ', 'KEY BLOCK-----'), ' Bye'],
  ['Encryption: none\n', join('Private-', 'Lines: 1\n', mixed(48), '\nPrivate-MAC: ', hex(64)), '\nBye'],
  ['', join('AGE-SECRET-', 'KEY-1', 'QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQY'), ''],
  ['{"kty":"OKP","d":"', 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', '"}'],
  ['', join('KwDiBf89QgGbjEhKnhXJuH7L', 'rciVrZi3qYjgd9M7rFU73sVHnoWn'), ''],
  ['', join('xprv', mixed(107)), ''],
  ['My private key is ', join('0x', hex(64)), '.'],
  ['', join('eyJ', 'hbGciOiJkaXIifQ', '..', mixed(16), '.', mixed(60), '.', mixed(22)), ''],
  ['', join('key-', hex(32)), ''],
  ['', join('dp.pt.', mixed(43)), ''],
  ['', join('sq0atp-', mixed(22)), ''],
  ['password = "', 'SuperSecret123!', '"'],
  ['DB_PASSWORD=', 'Super$ecret123', '\nDB_HOST=x'],
  ['Server=x;Uid=y;Pwd=', 'hunter2secret', ''],
  ['Kennwort: ', 'Sommer2026', ''],
  ['token => ', mixed(700), ''],
  ['', 'ábaco abdomen abeja abierto abogado abono aborto abrazo abrir abuelo abuso acabar', ''],
  ['', 'then ability able about above absent absorb abstract absurd abuse access accident', ''],
  ['', 'abandon ability able about above absent and absorb abstract absurd abuse access then accident', ''],
])('is hidden to its last character, and nothing else: %s%s%s', async (before, secret, after) => {
  expect(await foundIn(before + secret + after)).toEqual([secret])
})

test.each(['"SecretAccessKey": "', 'aws_secret_access_key =', `aws_secret_access_key ${' '.repeat(19)}=${' '.repeat(19)}`])(
  'an AWS secret is hidden to its last character, with as much of its label as secretlint takes for it: %s',
  async (before) => {
    const secret = 'kJ8sd7Hq2LmN4pR6tV8xZw9Rt6Vy3Bc5Ue1G7ToP'
    const text = `${before}${secret}`
    expect((await foundIn(text)).at(-1)?.endsWith(secret)).toBe(true)
  },
)

test.each([
  'commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904, id 3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  `"integrity": "sha512-${mixed(86)}=="`,
  `-----BEGIN PUBLIC KEY-----\n${join('MII', 'BIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA')}${mixed(64)}`,
  `certificate-authority-data: ${join('LS0tLS1CRUdJTi', 'BDRVJUSUZJQ0FURS0tLS0t')}${mixed(200)}`,
  'const token = await getToken2(request); const secret = readSecret1(x)',
  'password: string, secret: Uint8Array, token: string | null; apiKey = process.env.API_KEY2',
  'const secretKey = oauth2.client.secret; private_key: /etc/ssl/keys/server1.pem',
  'max_tokens=1000000000, maxTokens: 262144, tokenCount: "12345678", token_url: https://auth0.example/token2',
  'password: ${{ secrets.DB_PASSWORD1 }}, token = <your-token-1>, "password": "********"',
  'PWD=/home/user1/project2 and the password is long enough, the token: everything',
  'Basic understanding of internationalization, a cookie: sweet, sk-or-v1-… and AIza…',
  'xai-grok is fast; MNO.abcdef.ghi; 12345678:AA; "d": "M10 10 L20 20"',
  'The private key is never sent. The secret key: 32 bytes of hex.',
  'abandon ability able about above absent and absorb abstract absurd abuse access',
])('is not seen in: %s', async (text) => {
  expect(await foundIn(text)).toEqual([])
})

test('every repetition is bounded, so no text takes more steps than its length times a constant', () => {
  for (const { pattern } of secretForms) {
    const outsideClasses = pattern.source.replaceAll(/\\./g, '').replaceAll(/\[[^\]]*\]/g, '')
    expect(outsideClasses).not.toMatch(/[*+]|\{\d+,\}/)
  }
})

test('a megabyte made of the beginnings of secrets is read to its end', async () => {
  const pieces = [
    'token=',
    'token=a(',
    'sk-ant-api03-',
    'sk-ant-api03-a\n',
    'cookie: a=',
    'MIIEvgIBADAN',
    'authorization: basic ',
    'private key ',
    '?sig=',
  ]
  for (const piece of pieces) {
    const text = piece.repeat(1_048_576 / piece.length)
    for (const { pattern } of secretForms)
      for (const { index, 0: match } of text.matchAll(pattern)) expect(index + match.length).toBeLessThanOrEqual(text.length)
  }
})
