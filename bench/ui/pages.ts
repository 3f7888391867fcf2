/** What is done in the pages that are measured. */
import type { Page } from 'playwright'

export const orderRows = 10_000
/** Ten rows a frame: faster than anybody reads. */
const pixelsAFrame = 400

/** As many lines of plain text, under no events: what scrolling costs at the least. */
export const plainRowsUrl = (): string => {
  const line = '<div style="height:40px">A provider, a class of models, three prices and a promise</div>'
  const script = `document.querySelector('main').innerHTML=${JSON.stringify(line)}.repeat(${orderRows})`
  const html = `<main class="content" style="height:100vh;overflow:auto"></main><script>${script}</script>`
  return `data:text/html,${encodeURIComponent(html)}`
}

export type Scrolled = { readonly frameMs: readonly number[]; readonly rows: number }

/** From the top to the end, also of what is only fetched on the way. */
export const scrollToEnd = (page: Page): Promise<Scrolled> =>
  page.evaluate(async (pixels) => {
    const content = document.querySelector('.content')
    if (content === null) throw new Error('the page has nothing that scrolls')
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    const frameMs: number[] = []
    let before = await frame()
    // What is at its end and is still there a second later has ended.
    for (let still = 0; still < 60;) {
      const top = content.scrollTop
      content.scrollTop = top + pixels
      const now = await frame()
      frameMs.push(now - before)
      before = now
      still = content.scrollTop === top ? still + 1 : 0
    }
    const table = document.querySelector('[data-testid=offer]')?.closest('[role=table]')
    return { frameMs, rows: Number(table?.getAttribute('aria-rowcount') ?? 1) - 1 }
  }, pixelsAFrame)

const AREAS = ['home', 'ask', 'market', 'provide', 'wallet', 'escrows', 'reputation', 'network', 'settings'] as const

/** Goes through every area so often; as fast as a person who is in a hurry. */
export const wander = async (page: Page, rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    for (const area of AREAS) {
      await page.evaluate((name) => {
        window.location.hash = `#/${name}`
      }, area)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
    }
  }
}

/** What JavaScript holds once everything that is not needed has gone, in MB (10⁶ bytes). */
export const heapMb = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 1e6
}
