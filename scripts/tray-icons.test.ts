import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { rootPath } from './process.ts'
import { drawTrayImage, trayImageSizes, trayStates, trayThemes } from './tray-icons.ts'

/** The rows of a PNG as the script writes it: one IDAT, no filter. */
const pixelsOf = (file: string): { readonly size: number; readonly pixels: Buffer } => {
  const png = readFileSync(file)
  const [size, at] = [png.readUInt32BE(16), png.indexOf('IDAT')]
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  return {
    size,
    pixels: Buffer.concat(Array.from({ length: size }, (_, row) => rows.subarray(row * (size * 4 + 1) + 1, (row + 1) * (size * 4 + 1)))),
  }
}
const every = trayStates.flatMap((state) => trayThemes.map((theme) => [state, theme] as const))

test.each(every)('the image of %s on a %s panel is the one that the script draws', (state, theme) => {
  for (const [suffix, size] of Object.entries(trayImageSizes)) {
    const file = pixelsOf(join(rootPath, 'resources', 'tray', `${state}-${theme}${suffix}.png`))
    expect(file.size).toBe(size)
    expect(file.pixels.equals(drawTrayImage(state, theme, size)), 'run scripts/tray-icons.ts').toBe(true)
  }
})

describe('without its colours', () => {
  test.each(trayThemes)('no state looks like another on a %s panel', (theme) => {
    const shapes = trayStates.map((state) => {
      const pixels = drawTrayImage(state, theme, 16)
      return Array.from({ length: 256 }, (_, at) => ((pixels[at * 4 + 3] ?? 0) > 110 ? '#' : '.')).join('')
    })
    const alike = shapes.flatMap((shape, a) =>
      shapes.slice(a + 1).map((other) => Array.from(shape).filter((pixel, at) => pixel !== other[at]).length),
    )
    expect(Math.min(...alike)).toBeGreaterThan(3)
  })
})
