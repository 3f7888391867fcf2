import type { Failure, Result } from '../platform/result.ts'

/**
 * Every place of the contract in which somebody writes freely, and what becomes of it. `leaves`: it goes to other members, so it is
 * searched for secrets before anything is done with it. `task`: the same, after what is found was replaced, where that is wanted.
 * `stays`: it is for this computer alone. A test walks the contract: a new place has to be put down here.
 */
export const freeText = {
  'wallet.transfer': { memo: 'leaves' },
  'tasks.ask': { prompt: 'task' },
  'tasks.take': { prompt: 'task' },
  'tasks.preview': { prompt: 'stays' },
  'tasks.keepDraft': { text: 'stays' },
  'tasks.search': { words: 'stays' },
  'escrow.dispute': { statement: 'leaves' },
  'escrow.respond': { statement: 'leaves' },
  'provider.start': { 'backend.model': 'leaves', 'backend.keyRef': 'stays', 'backend.key.keyRef': 'stays', consentRef: 'stays' },
  'provider.check': { 'backend.keyRef': 'stays', 'backend.key.keyRef': 'stays' },
  'provider.tryOut': { prompt: 'task', 'backend.model': 'stays', 'backend.keyRef': 'stays', 'backend.key.keyRef': 'stays' },
  'consents.document': { 'backend.model': 'stays', 'backend.keyRef': 'stays', 'backend.key.keyRef': 'stays' },
  'consents.give': { 'backend.model': 'stays', 'backend.keyRef': 'stays', 'backend.key.keyRef': 'stays' },
  'consents.recordVendorApproval': { reference: 'stays', approvedOn: 'stays', scope: 'stays' },
  'credentials.put': { ref: 'stays', secret: 'stays' },
  'credentials.remove': { ref: 'stays' },
  'invites.claim': { link: 'stays' },
  'identity.tryPhrase': { phrase: 'stays' },
  // Cards, codes and links are read here; what goes on is what they say.
  'federation.propose': { 'changes.card': 'stays' },
  'devices.readCode': { code: 'stays' },
  'devices.link': { code: 'stays' },
  'setup.checkAccount': { 'account.proof': 'stays', 'account.phrase': 'stays' },
  'setup.readInvite': { link: 'stays' },
  'setup.join': { link: 'stays', 'account.proof': 'stays', 'account.phrase': 'stays', passphrase: 'stays' },
  'setup.readBackup': { content: 'stays' },
  'setup.checkRestore': { federation: 'stays', phrase: 'stays' },
  'setup.restore': { federation: 'stays', phrase: 'stays', passphrase: 'stays' },
  'setup.deviceCode': { name: 'leaves' },
  'setup.checkLink': { accountCode: 'stays' },
  'setup.link': { accountCode: 'stays', passphrase: 'stays' },
  'setup.found': {
    name: 'leaves',
    customer: 'leaves',
    'witnesses.cards': 'stays',
    arbiters: 'stays',
    'account.proof': 'stays',
    'account.phrase': 'stays',
    passphrase: 'stays',
  },
  'setup.unlock': { passphrase: 'stays' },
  'settings.log': { words: 'stays' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, 'leaves' | 'task' | 'stays'>>>>

type Handler = (input: unknown) => unknown
type Areas = Readonly<Record<string, Readonly<Record<string, Handler>>>>
/** The secret guard, for a text that can still be read. */
export type InspectText = (text: string) => Promise<Result<void, Failure<'secret-found'>>>

/** The same calls, none of which does anything with a text that would take a secret out of this computer. */
export const guardFreeText = <H extends object>(handlers: H, inspect: InspectText): H => {
  const guarded = Object.entries(handlers as Areas).map(([area, calls]) => [
    area,
    Object.fromEntries(Object.entries(calls).map(([name, handler]) => [name, guardCall(`${area}.${name}`, handler, inspect)])),
  ])
  return Object.fromEntries(guarded) as H
}

const guardCall = (name: string, handler: Handler, inspect: InspectText): Handler => {
  const places: Readonly<Record<string, string>> = Object.hasOwn(freeText, name) ? freeText[name as keyof typeof freeText] : {}
  const leaving = Object.keys(places).filter((place) => places[place] === 'leaves')
  if (leaving.length === 0) return handler
  return async (input) => {
    for (const text of leaving.flatMap((place) => textAt(input, place))) {
      const inspected = await inspect(text)
      if (!inspected.ok) return { ok: false, error: { code: 'invalid-input', message: inspected.error.message } }
    }
    return handler(input)
  }
}

const textAt = (input: unknown, place: string): readonly string[] => {
  const value = place.split('.').reduce<unknown>((at, field) => (isObject(at) ? at[field] : null), input)
  return typeof value === 'string' ? [value] : []
}
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
