import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { ExportButton } from '../../ui/export-button.tsx'

/** The whole log as lines of JSON, as `headless audit verify` reads them. */
export const ExportDecisions = () => {
  const { client } = useMarket()
  return (
    <ExportButton
      label={t('settings.decisions.export')}
      fileName='claude-market-decisions.jsonl'
      type='application/x-ndjson'
      read={async (cursor) => {
        const answer = await client.audit.export({ afterSeq: cursor === null ? null : Number(cursor) })
        if (!answer.ok) return answer
        const { lines, nextSeq } = answer.value
        return {
          ok: true,
          value: { part: lines.map((line) => `${line}\n`).join(''), nextCursor: nextSeq === null ? null : String(nextSeq) },
        }
      }}
    />
  )
}
