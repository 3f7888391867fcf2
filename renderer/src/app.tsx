import { Composer } from './features/ask/composer.tsx'
import { EscrowList } from './features/escrows/escrow-list.tsx'
import { OrderBook } from './features/market/order-book.tsx'
import { WitnessHealth } from './features/network/witness-health.tsx'
import { TaskHistory } from './features/task/task-history.tsx'
import { TaskView } from './features/task/task-view.tsx'
import { Wallet } from './features/wallet/wallet.tsx'
import { useMarket, useMarketState } from './store/context.tsx'
import { Button } from './ui/button.tsx'
import { FullPageNotice, Notice } from './ui/notice.tsx'

export const App = () => {
  const { sync } = useMarket()
  const info = useMarketState((state) => state.info)
  if (info.status === 'failed') {
    return (
      <FullPageNotice title='The market could not be opened' action={<Button onClick={sync.refresh}>Try again</Button>}>
        {info.message}
      </FullPageNotice>
    )
  }
  return (
    <div className='app'>
      <a className='skip-link' href='#prompt'>
        Skip to the question
      </a>
      <Header />
      <ConnectionNotice />
      <main className='columns'>
        <div className='column'>
          <Composer />
          <TaskView />
          <TaskHistory />
        </div>
        <aside className='column' aria-label='Wallet, order book and escrows'>
          <Wallet />
          <OrderBook />
          <EscrowList />
        </aside>
      </main>
    </div>
  )
}

const Header = () => {
  const info = useMarketState((state) => state.info)
  const isPractice = info.status === 'ready' && info.value.practice
  return (
    <header className='app-header'>
      <h1 className='wordmark'>Claude Market</h1>
      {isPractice && (
        <p className='practice-label'>
          <strong>Practice</strong> <span>Answers are simulated and RUV are worth nothing outside.</span>
        </p>
      )}
      <WitnessHealth />
    </header>
  )
}

const ConnectionNotice = () => {
  const isConnected = useMarketState((state) => state.isConnected)
  const problem = useMarketState((state) => (state.info.status === 'ready' ? state.info.problem : null))
  if (!isConnected) return <Notice tone='warning'>The connection to the market was lost. Trying again; what you see may be old.</Notice>
  return problem === null ? null : <Notice tone='warning'>{problem}</Notice>
}
