/** Computers of one account that can be linked and removed. */
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import type { DeviceRow } from '../store/types.ts'
import type { Emit, SceneHandlers } from './fake-market.ts'
import { ME, START_MS } from './rows.ts'

const CODE = contractExamples.devices.readCode.input.code

const linked = (key: string, name: string, isRevoked: boolean): DeviceRow => ({
  key: key.repeat(64),
  kind: 'linked',
  name,
  fingerprint: `${key.repeat(4).toUpperCase()}-34CD-56EF`,
  linkedAtMs: START_MS - 90 * 86_400_000,
  isRevoked,
  revokedAtMs: isRevoked ? START_MS - 2 * 86_400_000 : null,
  isThis: false,
})
const own: DeviceRow = {
  key: ME,
  kind: 'phrase',
  name: '',
  fingerprint: '12AB-34CD-56EF',
  linkedAtMs: null,
  isRevoked: false,
  revokedAtMs: null,
  isThis: true,
}

export const liveDevices = (emit: Emit, hasOthers: boolean): SceneHandlers['devices'] => {
  let revision = 1
  let rows: readonly DeviceRow[] = hasOthers ? [own, linked('a', 'Laptop', false), linked('b', 'Old laptop', true)] : [own]
  const change = (next: readonly DeviceRow[]): void => {
    rows = next
    revision += 1
    emit('devices.changed', { revision })
  }
  return {
    list: () => ({ ok: true, value: { revision, holdsPhrase: true, rows } }),
    readCode: ({ code }) =>
      code.trim() === CODE
        ? { ok: true, value: { name: 'Tablet', fingerprint: 'CCCC-34CD-56EF' } }
        : { ok: false, error: { code: 'malformed-code', message: 'This is not a device code. One begins with claude-market://device/' } },
    link: () => {
      change([...rows, linked('c', 'Tablet', false)])
      return { ok: true, value: contractExamples.devices.link.output }
    },
    revoke: ({ key }) => {
      change(rows.map((row) => (row.key === key ? { ...row, isRevoked: true, revokedAtMs: START_MS } : row)))
      return { ok: true, value: contractExamples.devices.revoke.output }
    },
  }
}
