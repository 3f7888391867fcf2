import type { MarketContract } from '../contract/contract.ts'
import type { Handlers } from '../contract/dispatcher.ts'
import { maxOpinions } from '../contract/opinions.ts'
import { fromHex, toHex } from '../platform/bytes.ts'
import { record } from '../platform/codec.ts'
import { ok } from '../platform/result.ts'
import { runCommand } from '../storage/commands.ts'
import type { Database } from '../storage/database.ts'
import type { Opinions } from './service.ts'

type OpinionHandlersDeps = { readonly opinions: Opinions; readonly db: Database; readonly nowMs: () => number }

const nothing = record<Record<string, never>>({})

export const opinionHandlers = ({ opinions, db, nowMs }: OpinionHandlersDeps): Handlers<MarketContract>['opinions'] => ({
  list: () =>
    ok({
      revision: opinions.revision(),
      rows: opinions.newest(maxOpinions).map(({ account, ...opinion }) => ({ ...opinion, accountId: toHex(account) })),
    }),
  say: ({ requestId, ...input }) =>
    runCommand(db, { requestId, name: 'opinions.say', input, atMs: nowMs(), result: nothing }, () => {
      const said = opinions.say(fromHex(input.accountId), input.role, input.word)
      return said.ok ? ok({}) : said
    }),
})
