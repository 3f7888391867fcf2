import { verifySignature, type Signer } from '../identity/signing.ts'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import { genesisCredits } from '../settlement/account.ts'
import type { Epochs } from '../settlement/epochs.ts'
import type { Bytes32, Committee, Credit, Governance } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import {
  federationIdOf,
  genesisBounds,
  genesisCodec,
  noFederation,
  signedGenesisCodec,
  type Genesis,
  type SignedGenesis,
} from './genesis.ts'
import { genesisProblem } from './genesis-rules.ts'

/** A federation that can be lived in: its document is within the rules and signed by its founder. */
export type Federation = SignedGenesis & { readonly id: Bytes32 }
export type GenesisFailure = Failure<'malformed' | 'against-the-rules' | 'bad-signature'>

/** The one way to a `Federation`; whatever comes from outside goes through here. */
export const acceptGenesis = ({ genesis, signature }: SignedGenesis): Result<Federation, GenesisFailure> => {
  const problem = genesisProblem(genesis)
  if (problem !== null) return fail('against-the-rules', `This is no valid federation: ${problem}`)
  if (!verifySignature('RUV1/GENESIS', noFederation, encodeBytes(genesisCodec, genesis), signature, genesis.founderKey))
    return fail(
      'bad-signature',
      'This federation does not carry the signature of its founder: it was changed after it was signed. Ask for a fresh copy.',
    )
  return ok({ genesis, signature, id: federationIdOf(genesis) })
}

/** Signs a new federation into being; refused when the founder's choices break a rule or a bound. */
export const foundFederation = (choices: Omit<Genesis, 'version' | 'founderKey'>, founder: Signer): Result<Federation, GenesisFailure> => {
  const genesis: Genesis = { version: 1, founderKey: founder.publicKey, ...choices }
  const bytes = encodeBytes(genesisCodec, genesis)
  const decoded = decodeBytes(genesisCodec, bytes, genesisBounds.bytes, 'genesis')
  return decoded.ok ? acceptGenesis({ genesis: decoded.value, signature: founder.sign('RUV1/GENESIS', noFederation, bytes) }) : decoded
}

export const encodeFederation = ({ genesis, signature }: SignedGenesis): Uint8Array =>
  encodeBytes(signedGenesisCodec, { genesis, signature })

export const decodeFederation = (bytes: Uint8Array): Result<Federation, GenesisFailure> => {
  const decoded = decodeBytes(signedGenesisCodec, bytes, genesisBounds.bytes, 'federation')
  return decoded.ok ? acceptGenesis(decoded.value) : decoded
}

/** Epoch 0, in which every account of the genesis document is born. */
export const governanceOf = ({ id }: Federation): Governance => ({ federationId: id, epoch: 0 })

/** The first committee, and the roster whose accounts are born with it. */
export const committeeOf = (federation: Federation): Committee => {
  const birth = governanceOf(federation)
  const { witnesses, faults, arbiters } = federation.genesis
  return {
    ...birth,
    witnesses,
    faults,
    arbiters: arbiters.map((arbiter) => ({ ...arbiter, account: accountIdOf(birth, arbiter.publicKey) })),
  }
}

export const settlementRulesOf = ({ id, genesis }: Federation, epochs: Epochs): SettlementRules => ({
  federationId: id,
  limits: genesis.limits,
  epochs,
})

/** The credits the first holders of the supply may claim. */
export const creditsOfFederation = (federation: Federation): readonly Credit[] =>
  genesisCredits(governanceOf(federation), federation.genesis.supply)
