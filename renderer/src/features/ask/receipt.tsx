import { formatCount } from '../../format/number.ts'
import { formatDuration } from '../../format/time.ts'
import { rich, t } from '../../messages/translate.ts'
import type { TaskDetail } from '../../store/types.ts'
import { Facts } from '../../ui/facts.tsx'
import { Section } from '../../ui/page.tsx'
import { Peer } from '../../ui/peer.tsx'
import { Ruv } from '../../ui/ruv.tsx'

type ReceiptProps = {
  readonly receipt: NonNullable<TaskDetail['receipt']>
  readonly task: Pick<TaskDetail, 'priceMicro' | 'maxPriceMicro'>
}

/** What the provider signed for. */
export const Receipt = ({ receipt, task: { priceMicro, maxPriceMicro } }: ReceiptProps) => (
  <Section title={t('task.receipt')}>
    <Facts
      facts={[
        {
          name: priceMicro === null ? t('task.price') : t('task.paid'),
          value: rich('task.paidOf', {
            price: <Ruv key='price' micro={priceMicro ?? receipt.priceMicro} unit={false} />,
            cap: <Ruv key='cap' micro={maxPriceMicro} />,
          }),
        },
        {
          name: t('task.tokens'),
          value: t('task.tokensInOut', { input: formatCount(receipt.inputTokens), output: formatCount(receipt.outputTokens) }),
        },
        {
          name: t('task.firstToken'),
          value: t('task.afterDuration', { duration: formatDuration(Math.max(0, receipt.firstTokenAtMs - receipt.startedAtMs)) }),
        },
        { name: t('task.signedBy'), value: <Peer id={receipt.provider} /> },
      ]}
    />
  </Section>
)
