import { writeFileSync } from 'node:fs'
import { parseArbiterCard } from '../core/federation/arbiter-card.ts'
import { foundFederation, governanceOf, type Federation } from '../core/federation/federation.ts'
import { renderGenesisFile } from '../core/federation/genesis-file.ts'
import { defaultLimits, type FederationKind } from '../core/federation/limits.ts'
import { parseWitnessCard } from '../core/federation/witness-card.ts'
import { createKeyTree } from '../core/identity/keys.ts'
import { createSigner, type Signer } from '../core/identity/signing.ts'
import { formatRuv, parseRuv, type AmountMicro } from '../core/platform/amount.ts'
import { toHex } from '../core/platform/bytes.ts'
import { systemClock } from '../core/platform/clock.ts'
import { fail, ok, type Failure, type Result } from '../core/platform/result.ts'
import { accountIdOf } from '../core/settlement/account-id.ts'
import type { NamedArbiter, Witness } from '../core/settlement/objects.ts'
import { openOwnVault } from './member.ts'
import { exitWithFailure, exitWithUsage, listOption, parseOptions, textOption, type UsageFailure } from './options.ts'

const help =
  "Usage: found --data FOLDER --name NAME --kind organisation|community|practice [--customer NAME] [--supply RUV] --witness 'PUBLICKEY,PEERID,SEED,MULTIADDR' (3f+1 times) [--arbiter 'ACCOUNTKEY,NAME[,OPERATOR]'] --out FILE."
const spec = {
  data: { type: 'string' },
  name: { type: 'string' },
  kind: { type: 'string' },
  customer: { type: 'string' },
  supply: { type: 'string' },
  witness: { type: 'string', multiple: true },
  arbiter: { type: 'string', multiple: true },
  out: { type: 'string' },
} as const
const defaultSupplyRuv = '1000000'

type Choices = {
  readonly dataFolder: string
  readonly out: string
  readonly name: string
  readonly kind: FederationKind
  readonly customer: string | null
  readonly supplyMicro: AmountMicro
  readonly witnesses: readonly Witness[]
  readonly arbiters: readonly NamedArbiter[]
}

const usage = (message: string): Result<never, UsageFailure> => fail('usage', `${message} ${help}`)

const readChoices = (args: readonly string[]): Result<Choices, UsageFailure> => {
  const parsed = parseOptions(args, spec, help)
  if (!parsed.ok) return parsed
  const { values } = parsed.value
  const [dataFolder, out, name] = [textOption(values, 'data'), textOption(values, 'out'), textOption(values, 'name')]
  if (dataFolder === null || out === null || name === null) return usage('--data, --name and --out are needed.')
  const kind = (['organisation', 'community', 'practice'] as const).find((known) => known === values['kind'])
  if (kind === undefined) return usage('--kind must be organisation, community or practice.')
  const supply = parseRuv(textOption(values, 'supply') ?? defaultSupplyRuv)
  if (!supply.ok) return usage(supply.error.message)
  const witnesses = allOf(listOption(values, 'witness').map(parseWitnessCard))
  if (!witnesses.ok) return usage(witnesses.error.message)
  const arbiters = allOf(listOption(values, 'arbiter').map(parseArbiterCard))
  if (!arbiters.ok) return usage(arbiters.error.message)
  return ok({
    dataFolder,
    out,
    name,
    kind,
    customer: textOption(values, 'customer'),
    supplyMicro: supply.value,
    witnesses: witnesses.value,
    arbiters: arbiters.value,
  })
}

const allOf = <T>(results: readonly Result<T, Failure>[]): Result<readonly T[], Failure> => {
  const failed = results.find((result) => !result.ok)
  return failed ?? ok(results.flatMap((result) => (result.ok ? [result.value] : [])))
}

/** Signs a federation into being and writes its file; the founder's account holds the whole supply. Prints one JSON line. */
export const runFound = async (args: readonly string[]): Promise<void> => {
  const choices = readChoices(args)
  if (!choices.ok) return exitWithUsage(choices.error)
  const { dataFolder, out, supplyMicro } = choices.value
  const vault = await openOwnVault(dataFolder)
  if (!vault.ok) return exitWithFailure(vault.error)
  const founder = createSigner(createKeyTree(vault.value.secrets().accountEntropy).accountKey(0))
  vault.value.close()
  const federation = found(choices.value, founder)
  if (!federation.ok) return exitWithFailure(federation.error)
  const written = writeNew(out, renderGenesisFile(federation.value))
  if (!written.ok) return exitWithFailure(written.error)
  const accountId = toHex(accountIdOf(governanceOf(federation.value), founder.publicKey))
  process.stdout.write(
    `${JSON.stringify({ federationId: toHex(federation.value.id), file: out, accountId, supplyRuv: formatRuv(supplyMicro) })}\n`,
  )
}

const found = ({ name, kind, customer, supplyMicro, witnesses, arbiters }: Choices, founder: Signer): Result<Federation, Failure> =>
  foundFederation(
    {
      name,
      kind,
      witnesses,
      arbiters,
      organisation: customer === null ? null : { customer },
      faults: Math.max(0, Math.floor((witnesses.length - 1) / 3)),
      supply: [{ firstKey: founder.publicKey, amountMicro: supplyMicro }],
      feePpm: 0,
      createdAtMs: systemClock.nowMs(),
      limits: defaultLimits[kind],
    },
    founder,
  )

/** Never over another file: it may be the only copy of another federation. */
const writeNew = (path: string, text: string): Result<null, Failure> => {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return ok(null)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    return code === 'EEXIST'
      ? fail('file-exists', `There is a file ${path} already, and it is never replaced. Choose another name.`)
      : fail('cannot-write', `The federation file ${path} cannot be written (${code}). Choose another place.`)
  }
}
