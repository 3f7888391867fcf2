import { formatCount, formatPercent } from '../../format/number.ts'
import { formatLimit } from '../../format/time.ts'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import type { OwnerRules as Rules } from '../../store/types.ts'
import { useCommand } from '../../store/use-command.ts'
import { Switch } from '../../ui/choice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { LoadedView, Section } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { TogetherCaps } from './together-caps.tsx'
import './outlook.css'

const RESERVES = [0, 10, 25, 50, 75, 90]
const IDLE_MINUTES = [0, 5, 10, 30, 60, 240]

/** The owner comes first: when others are not served although everything else would allow it. Each takes effect at once. */
export const OwnerRules = () => {
  const { ownerRules } = useMarket()
  return (
    <Section title={t('provide.rules')}>
      <LoadedView of={useFollowed(ownerRules)} lines={4} onRetry={ownerRules.refresh}>
        {(value) => <Fields value={value} />}
      </LoadedView>
    </Section>
  )
}

const Fields = ({ value: { rules, known, ownToday } }: { readonly value: Rules }) => {
  const { client } = useMarket()
  const set = useCommand(client.provider.setRules)
  const change = async (changed: Partial<Rules['rules']>): Promise<boolean> => (await set.run({ ...rules, ...changed })) !== null
  const amongThem = (usual: readonly number[], chosen: number): readonly number[] =>
    usual.includes(chosen) ? usual : [...usual, chosen].toSorted((a, b) => a - b)
  const unknown = (isKnown: boolean) => (isKnown ? {} : { hint: t('provide.rules.unknown') })
  return (
    <div className='owner-rules'>
      {set.problem !== null && <Notice tone='error'>{set.problem}</Notice>}
      <Select
        label={t('provide.rules.reserve')}
        options={amongThem(RESERVES, rules.reservePercent).map((percent) => ({
          value: String(percent),
          name: percent === 0 ? t('provide.rules.none') : formatPercent(percent * 10_000),
        }))}
        value={String(rules.reservePercent)}
        onChange={(chosen) => void change({ reservePercent: Number(chosen) })}
      />
      <Select
        label={t('provide.rules.idle')}
        options={amongThem(IDLE_MINUTES, rules.idleMinutes).map((minutes) => ({
          value: String(minutes),
          name: minutes === 0 ? t('provide.rules.always') : t('provide.rules.after', { time: formatLimit(minutes * 60_000) }),
        }))}
        value={String(rules.idleMinutes)}
        onChange={(chosen) => void change({ idleMinutes: Number(chosen) })}
      />
      <Switch
        isSelected={rules.onBattery === 'hold'}
        onChange={(isHeld) => void change({ onBattery: isHeld ? 'hold' : 'serve' })}
        {...unknown(known.battery)}
      >
        {t('provide.rules.battery')}
      </Switch>
      <Switch
        isSelected={rules.onMetered === 'hold'}
        onChange={(isHeld) => void change({ onMetered: isHeld ? 'hold' : 'serve' })}
        {...unknown(known.metered)}
      >
        {t('provide.rules.metered')}
      </Switch>
      <TogetherCaps together={rules.together} isPending={set.isPending} problem={set.problem} set={(together) => change({ together })} />
      <p className='soft small'>
        {t('provide.rules.own', { tasks: formatCount(ownToday.tasks), tokens: formatCount(ownToday.outputTokens) })}
      </p>
    </div>
  )
}
