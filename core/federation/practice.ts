import { createKeyTree } from '../identity/keys.ts'
import { newSecrets, withNewWitness, type Secrets } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import { microPerRuv } from '../platform/amount.ts'
import type { Random } from '../platform/random.ts'
import type { Result } from '../platform/result.ts'
import { foundFederation, type Federation, type GenesisFailure } from './federation.ts'
import type { Bytes32, NamedArbiter } from '../settlement/objects.ts'
import { defaultLimits, type FederationLimits } from './limits.ts'
import { witnessOf } from './witness-card.ts'

type PracticeChoices = {
  readonly random: Random
  readonly nowMs: number
  /** First key of the user's own account, which starts with credit to spend. */
  readonly requesterKey: Bytes32
  /** One list of multiaddrs for each witness: four witnesses, or one inside a single process. May be empty lists. */
  readonly witnessAddresses: readonly (readonly string[])[]
  readonly providerCount?: number
  /** Makes it an organisation federation of this Anthropic customer, in which API keys may serve the members (policy.md). */
  readonly customer?: string
  /** Other than those of practice. */
  readonly limits?: Partial<FederationLimits>
}

/** A whole federation on one computer: its document, and the secrets its nodes start with. */
export type PracticeFederation = {
  readonly federation: Federation
  readonly witnesses: readonly Secrets[]
  readonly providers: readonly Secrets[]
  /** The founder's: it holds what nobody has been given yet. */
  readonly treasury: Secrets
}

/** A million RUV: enough that nobody playing has to think about it, small enough to read. */
const supplyMicro = 1_000_000n * microPerRuv
const requesterMicro = 1_000n * microPerRuv
/** A provider needs none to start with; some lets it ask as well. */
const providerMicro = 10n * microPerRuv
/** The smallest panel in which one arbiter alone decides nothing: two of three. */
const practiceArbiters = 3

export const createPracticeFederation = (choices: PracticeChoices): Result<PracticeFederation, GenesisFailure> => {
  const { random, nowMs, requesterKey, witnessAddresses, providerCount = 3, customer, limits } = choices
  const witnesses = witnessAddresses.map((addresses) => {
    const secrets = withNewWitness(newSecrets(random), random)
    return { secrets, witness: witnessOf(secrets, addresses) }
  })
  const providers = Array.from({ length: providerCount }, () => newSecrets(random))
  const treasury = newSecrets(random)
  const founder = createSigner(createKeyTree(treasury.accountEntropy).accountKey(0))
  const shares = [
    { firstKey: requesterKey, amountMicro: requesterMicro },
    ...providers.map(({ accountEntropy }) => ({
      firstKey: createKeyTree(accountEntropy).accountKey(0).publicKey,
      amountMicro: providerMicro,
    })),
  ]
  const given = shares.reduce((sum, share) => sum + share.amountMicro, 0n)
  const founded = foundFederation(
    {
      name: 'Practice',
      kind: customer === undefined ? 'practice' : 'organisation',
      organisation: customer === undefined ? null : { customer },
      witnesses: witnesses.map(({ witness }) => witness),
      faults: Math.floor((witnesses.length - 1) / 3),
      arbiters: witnesses.slice(0, practiceArbiters).map(({ secrets }, index) => arbiterOf(secrets, `Practice arbiter ${index + 1}`)),
      supply: [{ firstKey: founder.publicKey, amountMicro: supplyMicro - given }, ...shares],
      feePpm: 0,
      createdAtMs: nowMs,
      limits: { ...defaultLimits.practice, ...limits },
    },
    founder,
  )
  if (!founded.ok) return founded
  return { ok: true, value: { federation: founded.value, witnesses: witnesses.map(({ secrets }) => secrets), providers, treasury } }
}

const arbiterOf = ({ accountEntropy }: Secrets, name: string): NamedArbiter => ({
  name,
  publicKey: createKeyTree(accountEntropy).accountKey(0).publicKey,
  weight: 1,
  operator: '',
})
