/** Every widget in every state, on one page: `gallery.html?scene=catalogue`. */
import { useState, type ReactNode } from 'react'
import { formatDate } from '../format/time.ts'
import { Button, ButtonLink, IconButton } from '../ui/button.tsx'
import { Checkbox, Choices, Segments, Switch } from '../ui/choice.tsx'
import { Copyable, CopyButton } from '../ui/copy.tsx'
import { DepthChart } from '../ui/depth-chart.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { CloseIcon, CopyIcon } from '../ui/icons.ts'
import { Interval } from '../ui/interval.tsx'
import { ComparablePeer, KeyCheck } from '../ui/key-check.tsx'
import { KeyPicture } from '../ui/key-picture.tsx'
import { Countdown, When } from '../ui/moment.tsx'
import { Notice } from '../ui/notice.tsx'
import { Empty, LoadedView, Page, Section } from '../ui/page.tsx'
import { Peer } from '../ui/peer.tsx'
import { PriceChart } from '../ui/price-chart.tsx'
import { Ruv } from '../ui/ruv.tsx'
import { ScrollContext } from '../ui/scroll.tsx'
import { Seal } from '../ui/seal.tsx'
import { Select } from '../ui/select.tsx'
import { ShortcutList } from '../ui/shortcut-list.tsx'
import { Status } from '../ui/status.tsx'
import { Tag } from '../ui/tag.tsx'
import { chartCandles } from '../features/market/prices.ts'
import { candles } from './price-rows.ts'
import { ME, START_MS } from './rows.ts'
import './catalogue.css'

const Row = ({ children }: { readonly children: ReactNode }) => <div className='catalogue-row'>{children}</div>

export const Catalogue = () => {
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  return (
    <main ref={setScroller}>
      <ScrollContext value={scroller}>
        <Page title='Catalogue'>
          <Buttons />
          <Fields />
          <Told />
          <Drawn />
        </Page>
      </ScrollContext>
    </main>
  )
}

const CANDLES = chartCandles(candles('claude-small', 3_600_000))
const PICTURES = ['0000000000000000', 'ffffffffffffffff', '0123456789abcdef', 'b708cba5c71a71cf', '5a00585488bbb4a6']
const LOOKS = ['primary', 'plain', 'quiet', 'danger'] as const

const Buttons = () => (
  <Section title='Buttons'>
    {(['normal', 'small'] as const).map((size) => (
      <Row key={size}>
        {LOOKS.map((look) => (
          <Button key={look} look={look} size={size}>
            {look}
          </Button>
        ))}
        <Button size={size} icon={CopyIcon}>
          with an icon
        </Button>
        <Button size={size} isDisabled>
          disabled
        </Button>
        <Button size={size} look='primary' isPending>
          pending
        </Button>
        <ButtonLink size={size} href='#/home'>
          a link
        </ButtonLink>
        <IconButton size={size} icon={CloseIcon} label='Close' />
      </Row>
    ))}
  </Section>
)

const Fields = () => {
  const [text, setText] = useState('')
  const [isOn, setOn] = useState(true)
  const [isOpen, setOpen] = useState(false)
  const [choice, setChoice] = useState<'one' | 'two'>('one')
  const options = [
    { value: 'one', name: 'One', hint: 'The first of them, with a sentence that says why.' },
    { value: 'two', name: 'Two' },
  ] as const
  return (
    <Section title='Fields'>
      <div className='catalogue-grid'>
        <TextField label='Text' value={text} onChange={setText} hint='What belongs in.' />
        <TextField label='Amount' value='1.50' onChange={setText} unit='RUV' error='That is more than you have.' />
        <TextField label='Disabled' value='nothing to do' onChange={setText} isDisabled />
        <Select label='Select' options={options} value={choice} onChange={setChoice} />
        <Select label='Nothing to select' options={[]} value={null} onChange={setText} placeholder='None yet' isDisabled />
        <TextArea label='More text' value={text} onChange={setText} placeholder='Several lines' />
      </div>
      <Segments label='Segments' options={options} value={choice} onChange={setChoice} />
      <Choices label='Choices' options={options} value={choice} onChange={setChoice} />
      <Checkbox isSelected={isOn} onChange={setOn} hint='A checkbox starts unticked where it gives consent.'>
        Checkbox
      </Checkbox>
      <Switch isSelected={isOn} onChange={setOn} hint='Takes effect at once.'>
        Switch
      </Switch>
      <Row>
        <Button onPress={() => setOpen(true)}>Open a dialog</Button>
      </Row>
      <Dialog
        title='A question'
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button look='primary' onPress={() => setOpen(false)}>
            Answer
          </Button>
        }
      >
        <p>With everything one needs to answer it.</p>
      </Dialog>
    </Section>
  )
}

const Told = () => (
  <Section title='What is told'>
    {(['info', 'good', 'warning', 'error'] as const).map((tone) => (
      <Notice key={tone} tone={tone} action={<Button size='small'>Act</Button>}>
        A notice of tone {tone}, and what to do about it.
      </Notice>
    ))}
    <Row>
      {(['good', 'running', 'waiting', 'warning', 'bad', 'neutral'] as const).map((tone) => (
        <Status key={tone} tone={tone}>
          {tone}
        </Status>
      ))}
      {(['plain', 'accent', 'amber', 'red'] as const).map((tone) => (
        <Tag key={tone} tone={tone}>
          {tone}
        </Tag>
      ))}
    </Row>
    <Facts
      facts={[
        { name: 'Amount', value: <Ruv micro={1_234_567_891n} /> },
        { name: 'Coming', value: <Ruv micro={2_500_000n} signed /> },
        { name: 'Member', value: <Peer id={ME} own /> },
        { name: 'Seal', value: <Seal size={4} signers={[0, 1, 3]} /> },
        { name: 'When', value: <When atMs={START_MS} /> },
        { name: 'Date', value: formatDate(START_MS) },
        { name: 'Left', value: <Countdown toMs={START_MS + 90_000} over='over' /> },
        { name: 'Copy', value: <Copyable text={ME} label='Copy the account' /> },
      ]}
    />
    <CopyButton text='text' label='Copy the link' />
    <Empty title='Nothing here yet' action={<Button>Begin</Button>}>
      What would be here, why it is not, and how it comes.
    </Empty>
    <LoadedView of={{ status: 'loading' }}>{() => null}</LoadedView>
    <LoadedView of={{ status: 'failed', message: 'Why it could not be read.' }} onRetry={() => undefined}>
      {() => null}
    </LoadedView>
  </Section>
)

const Drawn = () => (
  <Section title='What is drawn'>
    <PriceChart label='Prices of an example, the same as a table elsewhere' candles={CANDLES} />
    <DepthChart
      label='Three offers above and two requests below the price'
      bids={[
        { price: 0.28, orders: 1 },
        { price: 0.26, orders: 1 },
      ]}
      asks={[
        { price: 0.31, orders: 2 },
        { price: 0.33, orders: 1 },
      ]}
    />
    <Interval lowPpm={610_000} midPpm={800_000} highPpm={930_000} label='between 61% and 93%' />
    <KeyCheck id={ME} />
    <Row>
      <ComparablePeer id={ME} own />
      {PICTURES.map((digits) => (
        <KeyPicture key={digits} digits={digits} />
      ))}
    </Row>
    <ShortcutList label='Keys' shortcuts={[{ name: 'Do something', keys: ['Ctrl', 'K'] }]} />
  </Section>
)
