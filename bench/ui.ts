/** The window itself, in the real Electron: its start, its longest task, its memory. */
import type { Page } from 'playwright'
import { openDisplay } from '../scripts/display.ts'
import { obtainElectronRuntime } from '../scripts/electron-runtime.ts'
import { openGallery } from '../scripts/gallery.ts'
import { rootPath } from '../scripts/process.ts'
import { medianOf, percentileOf, type Benchmark, type Measurement } from './benchmark.ts'
import { withMarket, withPage } from './ui/electron.ts'
import { heapMb, orderRows, plainRowsUrl, scrollToEnd, wander, type Scrolled } from './ui/pages.ts'
import { tasksDuring, type Task } from './ui/tasks.ts'

const starts = 5
const goalMs = 2_500
/** Longer tasks are felt (W3C, Long Tasks API). */
const longTaskMs = 50
const wanderings = 40
const mostGrowth = 1.2

const timed = async (work: () => Promise<void>): Promise<number> => {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}

const readyButton = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).waitFor()

const measureStart = async (): Promise<Measurement> => {
  const figures: number[] = []
  const floors: number[] = []
  const blank = 'data:text/html,<button>Ready</button>'
  // In turns; the first of each fills the disk cache and is not counted.
  for (let round = 0; round <= starts; round++) {
    const began = performance.now()
    const floor = await withPage(blank, async ({ page }) => {
      await readyButton(page, 'Ready')
      return performance.now() - began
    })
    const again = performance.now()
    const figure = await withMarket(rootPath, async ({ page }) => {
      await readyButton(page, 'Start practising')
      return performance.now() - again
    })
    if (round === 0) continue
    floors.push(floor)
    figures.push(figure)
  }
  const figure = medianOf(figures)
  return {
    figure,
    floor: medianOf(floors),
    figureIs: `the app from its start until the first button of the first start is there, with Playwright attached, median of ${starts}`,
    floorIs: `the same Electron with one button on an empty page, in the same way, median of ${starts}`,
    unit: 'ms',
    goalText: `under ${goalMs} ms`,
    goalMet: figure < goalMs,
  }
}

type Tried = { readonly scrolled: Scrolled; readonly tasks: readonly Task[] }

const scrollIn = (url: string, begin: (page: Page) => Promise<void>): Promise<Tried> =>
  withPage(url, async ({ electron, page }) => {
    await begin(page)
    let scrolled: Scrolled = { frameMs: [], rows: 0 }
    const tasks = await tasksDuring(electron, async () => {
      scrolled = await scrollToEnd(page)
    })
    return { scrolled, tasks }
  })

const longestOf = (times: readonly number[]): number => times.reduce((longest, ms) => Math.max(longest, ms), 0)

const measureScrolling = async (origin: string): Promise<Measurement> => {
  const floor = await scrollIn(plainRowsUrl(), (page) => page.locator('.content > div').last().waitFor({ state: 'attached' }))
  const { scrolled, tasks } = await scrollIn(`${origin}/gallery.html?scene=storm#/market`, (page) =>
    page.getByTestId('offer').first().waitFor(),
  )
  if (scrolled.rows !== orderRows) throw new Error(`The table held ${scrolled.rows} rows, not ${orderRows}.`)
  const processor = ({ processorMs }: Task): number => processorMs
  const figure = longestOf(tasks.map(processor))
  return {
    figure,
    floor: longestOf(floor.tasks.map(processor)),
    figureIs: `longest task of the page, in time of the processor, while ${orderRows} orders are scrolled through, ten rows a frame, under 200 events a second (the fake market works in the same page)`,
    floorIs: `longest task of a page with as many lines of plain text, scrolled in the same way`,
    unit: 'ms',
    goalText: `no task over ${longTaskMs} ms`,
    goalMet: figure <= longTaskMs,
    details: [
      { name: 'tasks over 50 ms', value: tasks.filter((task) => processor(task) > longTaskMs).length, unit: '' },
      { name: '99 of 100 tasks within', value: percentileOf(tasks.map(processor), 99), unit: 'ms' },
      { name: 'longest task by the clock', value: longestOf(tasks.map(({ clockMs }) => clockMs)), unit: 'ms' },
      { name: 'median time of a frame', value: medianOf(scrolled.frameMs), unit: 'ms' },
      { name: '99 of 100 frames within', value: percentileOf(scrolled.frameMs, 99), unit: 'ms' },
      { name: 'the same of plain text', value: percentileOf(floor.scrolled.frameMs, 99), unit: 'ms' },
    ],
  }
}

const measureMemory = (origin: string): Promise<Measurement> =>
  withPage(`${origin}/gallery.html?scene=storm#/home`, async ({ page }) => {
    await wander(page, 2)
    const floor = await heapMb(page)
    const tookMs = await timed(() => wander(page, wanderings))
    const figure = await heapMb(page)
    return {
      figure,
      floor,
      figureIs: `what the page's JavaScript holds after every screen was opened ${wanderings} times in ${Math.round(tookMs / 1_000)} s under 200 events a second`,
      floorIs: 'the same after every screen was opened twice',
      unit: 'MB',
      goalText: `at most ${mostGrowth} times the floor`,
      goalMet: figure <= floor * mostGrowth,
    }
  })

export const ui: Benchmark = {
  name: 'ui',
  about: `the window: until it can be used (goal < ${goalMs} ms), its longest task under load (goal ≤ ${longTaskMs} ms), its memory after much use`,
  run: async () => {
    const runtime = await obtainElectronRuntime({ rootPath, allowTestRuntime: true, report: (line) => console.error(line) })
    if (!runtime.ok) throw new Error(runtime.error.message)
    // Where Electron's own package looks, and Playwright through it.
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] = runtime.value.folderPath
    const closeDisplay = await openDisplay()
    const gallery = await openGallery()
    try {
      return [await measureStart(), await measureScrolling(gallery.origin), await measureMemory(gallery.origin)]
    } finally {
      await gallery.close()
      closeDisplay()
    }
  },
}
