import { atMs, badId, badRequestId, changed, decree, id, requestId, type ContractExamples } from './example-parts.ts'

export const devices: ContractExamples['devices'] = {
  list: {
    input: {},
    output: {
      revision: 2,
      holdsPhrase: true,
      rows: [
        {
          key: id('7'),
          kind: 'phrase',
          name: '',
          fingerprint: '12AB-34CD-56EF',
          linkedAtMs: null,
          isRevoked: false,
          revokedAtMs: null,
          isThis: true,
        },
        {
          key: id('8'),
          kind: 'linked',
          name: 'Laptop',
          fingerprint: '99AB-34CD-56EF',
          linkedAtMs: atMs,
          isRevoked: true,
          revokedAtMs: atMs + 1,
          isThis: false,
        },
      ],
    },
    bad: [[{ all: true }, 'has the unknown field "all"']],
  },
  readCode: {
    input: { code: 'claude-market://device/AQ' },
    output: { name: 'Laptop', fingerprint: '99AB-34CD-56EF' },
    bad: [[{ code: '' }, '"code" must not be empty']],
  },
  link: {
    input: { requestId, code: 'claude-market://device/AQ' },
    output: { name: 'Laptop', fingerprint: '99AB-34CD-56EF', accountCode: 'claude-market://linked/AQ' },
    bad: [badRequestId, [{ code: 'x'.repeat(601) }, '"code" must have at most 600 characters']],
  },
  revoke: { input: { requestId, key: id('8') }, output: decree, bad: [badRequestId, badId('key')] },
  changed,
}
