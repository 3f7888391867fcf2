import { useState } from 'react'
import { said, t } from '../../messages/translate.ts'
import type { SetupStatus } from '../../store/types.ts'
import { Failed, Locked } from './closed.tsx'
import { FirstStart } from './first-start.tsx'
import { Frame } from './frame.tsx'

/** In place of the screens until a market runs. */
export const SetupPage = ({ status }: { readonly status: SetupStatus }) => {
  const [keptAs, setKeptAs] = useState<string | null>(null)
  switch (status.phase) {
    case 'first-start':
      return <FirstStart keptAs={keptAs} needsPassphrase={status.keyStore === 'passphrase'} />
    case 'locked':
      return <Locked onStartOver={setKeptAs} problem={status.problem === null ? null : said(status.problem.message)} />
    case 'failed':
      return (
        <Failed onStartOver={setKeptAs} hasRun={status.problem?.code === 'nodes-ended'} problem={said(status.problem?.message ?? '')} />
      )
    case 'starting':
    case 'running':
      return <Frame isWorking title={t('setup.starting.title')} body={t('setup.starting.body')} />
  }
}
