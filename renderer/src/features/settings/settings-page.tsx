import { t } from '../../messages/translate.ts'
import { useFollowed, useMarket } from '../../store/context.tsx'
import { valueOf } from '../../store/loaded.ts'
import { Facts } from '../../ui/facts.tsx'
import { LoadedView, Page, Section } from '../../ui/page.tsx'
import { Backup } from './backup.tsx'
import { Consents } from './consents.tsx'
import { Credentials } from './credentials.tsx'
import { Data } from './data.tsx'
import { Decisions } from './decisions.tsx'
import { Devices } from './devices.tsx'
import { Opinions } from './opinions.tsx'
import { PhraseDrill } from './phrase-drill.tsx'
import { Preferences } from './preferences.tsx'
import './settings.css'

export const SettingsPage = () => {
  const { settings } = useMarket()
  return (
    <Page title={t('settings.title')}>
      <LoadedView of={useFollowed(settings)} lines={8} onRetry={settings.refresh}>
        {(value) => (
          <>
            <Preferences settings={value} />
            <Devices />
            <PhraseDrill />
            <Backup />
            <Consents />
            <Credentials />
            <Opinions />
            <Data settings={value} />
            <Decisions />
          </>
        )}
      </LoadedView>
      <About />
    </Page>
  )
}

const About = () => {
  const info = valueOf(useFollowed(useMarket().info))
  return (
    <Section title={t('settings.about')}>
      <div className='about'>
        <p>{t('settings.about.rule')}</p>
        <p className='soft'>{t('settings.about.keys')}</p>
        <p className='soft'>{t('settings.about.points')}</p>
        <p className='soft'>{t('settings.about.updates')}</p>
        <Facts
          facts={[
            ...(info === null ? [] : [{ name: t('settings.about.version'), value: info.version }]),
            { name: t('settings.about.license'), value: t('settings.about.licenses') },
          ]}
        />
      </div>
    </Section>
  )
}
