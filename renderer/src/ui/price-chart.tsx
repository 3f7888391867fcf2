import { useEffect, useRef } from 'react'
import type { CandlestickData, HistogramData, IChartApi, UTCTimestamp } from 'lightweight-charts'
import { locale } from '../format/locale.ts'
import { formatChartTime } from '../format/time.ts'
import { useMedia } from './use-media.ts'
import './price-chart.css'

/** In RUV: a picture needs no more digits than a number has. */
export type Candle = {
  readonly fromMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}
type PriceChartProps = { readonly label: string; readonly candles: readonly Candle[] }

const SECOND_MS = 1_000
const RUV_DIGITS = 4

/** A drawing of prices and volumes. What it shows stands beside it in words and as a table: a screen reader is told its name alone. */
export const PriceChart = ({ label, candles }: PriceChartProps) => {
  const box = useRef<HTMLDivElement>(null)
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const theme = document.documentElement.dataset['theme'] ?? (isDark ? 'dark' : 'light')
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    let chart: IChartApi | null = null
    let isGone = false
    // Only this screen needs it, and it is half as large as all the others together.
    void import('lightweight-charts').then((library) => {
      if (!isGone) chart = draw(library, element, candles)
    })
    return () => {
      isGone = true
      chart?.remove()
    }
  }, [candles, theme])
  return <div className='price-chart' ref={box} role='img' aria-label={label} />
}

const draw = (library: typeof import('lightweight-charts'), element: HTMLElement, candles: readonly Candle[]): IChartApi => {
  const colours = coloursOf(element)
  const chart = library.createChart(element, {
    autoSize: true,
    layout: {
      background: { color: 'transparent' },
      textColor: colours.soft,
      fontFamily: getComputedStyle(element).fontFamily,
      // Its style element is against the content policy; the notice stands in Settings, About.
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colours.line } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.28 } },
    timeScale: {
      borderColor: colours.line,
      timeVisible: true,
      tickMarkFormatter: (time: UTCTimestamp) => formatChartTime(time * SECOND_MS),
    },
    localization: {
      locale: locale(),
      priceFormatter: (price: number) =>
        new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: RUV_DIGITS }).format(price),
      timeFormatter: (time: UTCTimestamp) => formatChartTime(time * SECOND_MS),
    },
  })
  const prices = chart.addSeries(library.CandlestickSeries, {
    upColor: colours.rise,
    borderUpColor: colours.rise,
    wickUpColor: colours.rise,
    downColor: colours.fall,
    borderDownColor: colours.fall,
    wickDownColor: colours.fall,
    priceFormat: { type: 'price', precision: RUV_DIGITS, minMove: 10 ** -RUV_DIGITS },
  })
  const volumes = chart.addSeries(library.HistogramSeries, {
    color: colours.volume,
    priceScaleId: 'volume',
    lastValueVisible: false,
    priceLineVisible: false,
  })
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.8, bottom: 0 } })
  prices.setData(candles.map(({ fromMs, open, high, low, close }): CandlestickData => ({ time: timeOf(fromMs), open, high, low, close })))
  volumes.setData(candles.map(({ fromMs, volume }): HistogramData => ({ time: timeOf(fromMs), value: volume })))
  chart.timeScale().fitContent()
  return chart
}

const timeOf = (fromMs: number): UTCTimestamp => Math.floor(fromMs / SECOND_MS) as UTCTimestamp

/** The tokens as the browser computes them: a canvas understands neither variables nor light-dark(). */
const coloursOf = (element: HTMLElement) => {
  const probe = document.createElement('span')
  element.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const colours = {
    soft: read('--text-soft'),
    line: read('--line'),
    rise: read('--accent'),
    fall: read('--red'),
    volume: read('--line-strong'),
  }
  probe.remove()
  return colours
}
