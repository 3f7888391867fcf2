import { parseApiKey } from '../compliance/credential.ts'
import { backupPrefix, readBackup, renderBackup } from '../copies/backup-file.ts'
import { signCopy } from '../copies/model.ts'
import { callIdOf, clientFrame, marketFrame, type ClientFrame, type MarketFrame } from '../contract/channel-frames.ts'
import {
  accountCodePrefix,
  createAccountCode,
  createDeviceCode,
  deviceCodePrefix,
  readAccountCode,
  readDeviceCode,
} from '../devices/codes.ts'
import { parseArbiterCard } from '../federation/arbiter-card.ts'
import { decodeFederation, encodeFederation } from '../federation/federation.ts'
import { parseGenesisFile, renderGenesisFile } from '../federation/genesis-file.ts'
import { createInviteLink, inviteLinkPrefix, parseInviteLink } from '../federation/invite.ts'
import { readLink, renderLink, type LinkKind } from '../federation/link-text.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { parseWitnessCard, witnessCardOf } from '../federation/witness-card.ts'
import { readIncomingLink } from '../home/incoming.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { parsePhrase, phraseOfEntropy } from '../identity/phrase.ts'
import { decodeSecrets, encodeSecrets, newSecrets, withNewWitness } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import { parseVault, renderVault } from '../identity/vault-file.ts'
import { parseRuv } from '../platform/amount.ts'
import { assert } from '../platform/assert.ts'
import { toHex, utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { checkProof } from '../proofs/check.ts'
import { createStory, proofText } from '../proofs/testing/notary.ts'
import { ofEveryKind, text, type Subject } from './fuzz-subject.ts'

/** What people carry from one computer to another, open or type, and what a page and its market say to each other. */
export const carriedSubjects = (seed: number): readonly Subject[] => {
  const random = createSeededRandom(`fuzz ${seed}`)
  const secrets = withNewWitness(newSecrets(random), random)
  const made = createPracticeFederation({
    random,
    nowMs: 1_750_000_000_000,
    requesterKey: keyFromSeed(random.bytes(32)).publicKey,
    witnessAddresses: [[], [], [], []],
  })
  assert(made.ok, 'a practice federation can be founded')
  const { federation } = made.value
  const invite = { federation, seed: random.bytes(32), amountMicro: 5n, sponsor: random.bytes(32), expiresAtMs: 1_800_000_000_000 }
  const reading = { nowMs: 1_760_000_000_000, currentFederationId: null }
  const { alice } = createStory()
  const proof = proofText(alice.sources, { kind: 'account', id: alice.id })
  const card = `${witnessCardOf({ nodeSeed: random.bytes(32), witness: secrets.witness })},/ip4/127.0.0.1/tcp/1`
  const phrase = phraseOfEntropy(random.bytes(32)).join(' ')
  const vault = renderVault({ header: { kind: 'os', wrappedKey: 'AAAA' }, nonce: random.bytes(12), sealed: random.bytes(300) })
  const signer = createSigner(keyFromSeed(random.bytes(32)))
  const accountCode = createAccountCode({ federation, firstKey: random.bytes(32), deviceKey: random.bytes(32), copyKey: random.bytes(32) })
  const sealed = { account: random.bytes(32), slot: random.bytes(16), version: 3, enc: random.bytes(32), ciphertext: random.bytes(200) }
  const backup = renderBackup({ federation, madeAtMs: 1_760_000_000_000, copy: signCopy(sealed, signer, federation.id) })
  const pageFrames = ofEveryKind<ClientFrame>({
    call: { id: 1, name: 'wallet.send', input: {} },
    subscribe: { name: 'wallet.changed' },
    unsubscribe: { name: 'wallet.changed' },
    heard: { events: 3 },
  })
  const marketFrames = ofEveryKind<MarketFrame>({
    answer: { id: 1, answer: { ok: true, value: null } },
    event: { name: 'wallet.changed', payload: 4 },
    gap: {},
    refused: { what: 'foreign', id: null },
  })
  return [
    { name: 'genesis document', samples: [encodeFederation(federation)], read: decodeFederation, write: encodeFederation },
    { name: 'genesis file', samples: [utf8(renderGenesisFile(federation))], read: text(parseGenesisFile) },
    { name: 'invite link', samples: [utf8(createInviteLink(invite))], read: text((link) => parseInviteLink(link, reading)) },
    { name: 'witness card', samples: [utf8(card)], read: text(parseWitnessCard) },
    { name: 'secrets of a key file', samples: [encodeSecrets(secrets)], read: decodeSecrets, write: encodeSecrets },
    { name: 'key file', samples: [vault], read: parseVault },
    { name: 'proof for strangers', samples: [utf8(proof)], read: text((file) => checkProof(file)) },
    { name: 'recovery phrase', samples: [utf8(phrase)], read: text(parsePhrase) },
    { name: 'link that was opened', samples: [utf8(createInviteLink(invite))], read: text(incomingLink) },
    {
      name: 'arbiter card',
      samples: ['Ada', 'Ada,ada.example'].map((rest) => utf8(`${toHex(secrets.nodeSeed)},${rest}`)),
      read: text(parseArbiterCard),
    },
    { name: 'amount', samples: ['12', '0.000001'].map(utf8), read: text(amount) },
    { name: 'API key', samples: [utf8(`sk-ant-api03-${'A'.repeat(40)}`)], read: text(key) },
    insideOf('invite link', inviteLinkPrefix, createInviteLink(invite), (link) => parseInviteLink(link, reading)),
    insideOf('device code', deviceCodePrefix, createDeviceCode(signer, 'attic'), readDeviceCode),
    insideOf('account code', accountCodePrefix, accountCode, readAccountCode),
    insideOf('backup file', backupPrefix, backup, readBackup),
    { name: 'backup file', samples: [utf8(backup)], read: text(readBackup) },
    { name: 'device code', samples: [utf8(createDeviceCode(signer, 'attic'))], read: text(readDeviceCode) },
    { name: 'account code', samples: [utf8(accountCode)], read: text(readAccountCode) },
    { name: 'frame of a page', samples: pageFrames.map(json), read: text(frameOf(clientFrame)) },
    { name: 'frame of the market', samples: marketFrames.map(json), read: text(frameOf(marketFrame)) },
  ]
}

/** A checksum keeps damage out of what is packed in a link; whoever makes one can pack anything. */
const insideOf = (name: string, prefix: string, link: string, read: (link: string) => unknown): Subject => {
  const kind: LinkKind = { prefix, article: 'a', noun: name, version: 1, maxCharacters: 50_000, maxPayloadBytes: 50_000 }
  const payload = readLink(kind, link)
  assert(payload.ok, 'a good link can be read')
  return { name: `inside of ${name}`, samples: [payload.value], read: (bytes) => read(renderLink(kind, bytes)) }
}

const incomingLink = (link: string): unknown => {
  const item = readIncomingLink(link)
  return item.kind === 'refused' ? fail('refused', item.message) : item
}
/** What these give back is no object. */
const wrapped = <T>(result: Result<T, Failure>): unknown => (result.ok ? ok({ value: result.value }) : result)
const amount = (typed: string): unknown => wrapped(parseRuv(typed))
const key = (pasted: string): unknown => wrapped(parseApiKey(pasted))

const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
/** As both ends of the WebSocket read it. */
const frameOf =
  (schema: typeof clientFrame | typeof marketFrame) =>
  (message: string): unknown => {
    try {
      const frame: unknown = JSON.parse(message)
      const parsed = schema.safeParse(frame)
      const callId = callIdOf(frame)
      assert(!parsed.success || !('id' in parsed.data) || parsed.data.id === callId || parsed.data.id === null, 'a frame has one id')
      return parsed.success ? parsed.data : null
    } catch (error) {
      if (error instanceof SyntaxError) return null
      throw error
    }
  }
