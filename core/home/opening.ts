import type { Federation } from '../federation/federation.ts'
import type { FederationKind } from '../federation/limits.ts'
import type { LastingProtector, OsProtector } from '../identity/protection.ts'
import { openVault, readProtection, type Vault } from '../identity/vault.ts'
import type { Practice } from '../node/practice.ts'
import { vaultDeps } from '../node/vault-deps.ts'
import { readJsonFile } from '../platform/json-file.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { holdingOf, keysLost, readFederation } from './member-files.ts'
import type { MemberChoices, OpenDeps, OpenMarket } from './open-market.ts'
import { practiceFile } from './practice-file.ts'

/** How a market is opened, once what it needs has been read or made. The node behind it, which is most of the program, loads then. */
export type Opening = { readonly kind: FederationKind; readonly open: (deps: OpenDeps) => Promise<Result<OpenMarket, Failure>> }

export type Found =
  | { readonly kind: 'nothing' }
  /** `problem` says why the passphrase that was given did not do. */
  | { readonly kind: 'locked'; readonly federation: Federation; readonly problem: Failure | null }
  | { readonly kind: 'opening'; readonly opening: Opening }

export type Keys = {
  /** The key store of the operating system; null where it does not protect. */
  readonly osProtector: () => Promise<OsProtector | null>
  /** Opens a vault without asking; null asks. */
  readonly passphrase: string | null
  readonly member: MemberChoices
}

export const practiceOpening = (practice: Practice): Opening => ({
  kind: 'practice',
  open: async (deps) => (await import('./open-market.ts')).openPractice(deps, practice),
})

export const memberOpening = (federation: Federation, vault: Vault, choices: MemberChoices): Opening => ({
  kind: federation.genesis.kind,
  open: async (deps) => (await import('./open-market.ts')).openMember(deps, federation, vault, choices),
})

/** What a data folder holds, and whether it can be opened without asking. Changes nothing. */
export const lookInto = async (dataFolder: string, keys: Keys): Promise<Result<Found, Failure>> => {
  switch (holdingOf(dataFolder)) {
    case 'nothing':
      return ok({ kind: 'nothing' })
    case 'keys-alone':
      return fail(
        'no-federation',
        `The data folder ${dataFolder} holds a key file and no federation.json. Put back a copy of it and try again; any other member has the same one.`,
      )
    case 'keys-lost':
      return keysLost(dataFolder)
    case 'practice': {
      const practice = await readJsonFile(practiceFile(dataFolder))
      if (!practice.ok) return practice
      return practice.value === null ? ok({ kind: 'nothing' }) : ok({ kind: 'opening', opening: practiceOpening(practice.value) })
    }
    case 'member':
      return lookIntoMember(dataFolder, keys)
  }
}

const lookIntoMember = async (dataFolder: string, keys: Keys): Promise<Result<Found, Failure>> => {
  const federation = await readFederation(dataFolder)
  if (!federation.ok) return federation
  const protection = await readProtection(vaultDeps(dataFolder))
  if (!protection.ok) return protection
  const protector = await protectorOf(protection.value, keys)
  if (!protector.ok) return protector
  if (protector.value === null) return ok({ kind: 'locked', federation: federation.value, problem: null })
  const opening = await openingWith(dataFolder, protector.value, federation.value, keys.member)
  if (opening.ok) return ok({ kind: 'opening', opening: opening.value })
  return opening.error.code === 'wrong-passphrase' ? ok({ kind: 'locked', federation: federation.value, problem: opening.error }) : opening
}

/** Null when somebody has to be asked. */
const protectorOf = async (kind: 'os' | 'passphrase', keys: Keys): Promise<Result<LastingProtector | null, Failure>> => {
  if (kind === 'passphrase') return ok(keys.passphrase === null ? null : { kind, passphrase: keys.passphrase })
  const os = await keys.osProtector()
  if (os !== null) return ok(os)
  return fail(
    'os-refused',
    "The key file is protected by the system's key store, which is not there now. Log in to your desktop as usual and try again, or start over with the recovery phrase.",
  )
}

export const openingWith = async (
  dataFolder: string,
  protector: LastingProtector,
  federation: Federation,
  choices: MemberChoices,
): Promise<Result<Opening, Failure>> => {
  const vault = await openVault(vaultDeps(dataFolder), protector)
  return vault.ok ? ok(memberOpening(federation, vault.value, choices)) : vault
}
