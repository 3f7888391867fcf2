import { useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { links } from '../../ui/links.ts'
import { Page } from '../../ui/page.tsx'
import { Select } from '../../ui/select.tsx'
import { ClassPrices } from './class-prices.tsx'
import { ClassView } from './class-view.tsx'
import { MyOrders } from './my-orders.tsx'
import { Offers } from './offers.tsx'
import { Requests } from './requests.tsx'

const ALL = ''

export const MarketPage = () => {
  const [classKey, setClassKey] = useState(ALL)
  const shown = classKey === ALL ? null : classKey
  return (
    <Page
      title={t('market.title')}
      width='wide'
      shown={classKey}
      actions={
        <>
          <ClassFilter classKey={classKey} onChange={setClassKey} />
          <ButtonLink href={links.provideAdd}>{t('market.publish')}</ButtonLink>
        </>
      }
    >
      {shown === null ? <ClassPrices onChoose={setClassKey} /> : <ClassView classKey={shown} />}
      <MyOrders />
      <Offers classKey={shown} />
      <Requests classKey={shown} />
    </Page>
  )
}

/** Of the classes that were traded, and those that the first of all offers name. */
const ClassFilter = ({ classKey, onChange }: { readonly classKey: string; readonly onChange: (classKey: string) => void }) => {
  const offers = valueOf(useFollowed(useMarket().offers(null)))
  const traded = valueOf(useFollowed(useMarket().priceClasses))
  const known = new Set([...(offers?.rows ?? []).map(({ row }) => row.classKey), ...(traded?.rows ?? []).map((row) => row.classKey)])
  if (classKey !== ALL) known.add(classKey)
  const options = [{ value: ALL, name: t('market.class.all') }, ...[...known].toSorted().map((key) => ({ value: key, name: key }))]
  return <Select label={t('market.class')} isLabelUnseen options={options} value={classKey} onChange={onChange} />
}
