import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { crc32, deflateSync } from 'node:zlib'
import { acceptNoOptions } from './no-options.ts'
import { rootPath } from './process.ts'

/**
 * The tray's images, drawn here so that all of them follow one hand: the app's sign, and in its corner what it wants to say. Each state
 * differs in shape and not in colour alone. A panel is light or dark, so each is there twice.
 */
export const trayStates = ['off', 'ready', 'working', 'needs-me', 'paused', 'problem'] as const
export type TrayImageState = (typeof trayStates)[number]
export const trayThemes = ['light', 'dark'] as const
export type TrayTheme = (typeof trayThemes)[number]

type Colour = readonly [red: number, green: number, blue: number]
/** How far a point lies inside a shape, in units of the 16 by 16 field; below 0 it is outside. */
type Shape = (x: number, y: number) => number
type Layer = { readonly shape: Shape; readonly colour: Colour; readonly opacity: number } | { readonly shape: Shape; readonly clear: true }

const palette: Readonly<Record<TrayTheme, { readonly ink: Colour; readonly sign: Colour; readonly amber: Colour; readonly red: Colour }>> =
  {
    light: { ink: [60, 66, 66], sign: [11, 107, 93], amber: [180, 83, 9], red: [185, 28, 28] },
    dark: { ink: [226, 230, 229], sign: [94, 211, 190], amber: [251, 191, 36], red: [248, 113, 113] },
  }

const rectangle =
  (left: number, top: number, width: number, height: number, radius: number): Shape =>
  (x, y) => {
    const [dx, dy] = [Math.abs(x - left - width / 2) - width / 2 + radius, Math.abs(y - top - height / 2) - height / 2 + radius]
    return radius - Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - Math.min(Math.max(dx, dy), 0)
  }
const circle =
  (centreX: number, centreY: number, radius: number): Shape =>
  (x, y) =>
    radius - Math.hypot(x - centreX, y - centreY)

const squares = [rectangle(1, 1, 6.2, 6.2, 1.4), rectangle(8.8, 1, 6.2, 6.2, 1.4), rectangle(1, 8.8, 6.2, 6.2, 1.4)]
const lastSquare = rectangle(8.8, 8.8, 6.2, 6.2, 1.4)
const paint = (shape: Shape, colour: Colour, opacity = 1): Layer => ({ shape, colour, opacity })

/** From the bottom up. */
const layersOf = (state: TrayImageState, theme: TrayTheme): readonly Layer[] => {
  const { ink, sign, amber, red } = palette[theme]
  const mark = (colour: Colour, opacity = 1): readonly Layer[] => squares.map((shape) => paint(shape, colour, opacity))
  const corner = (...layers: readonly Layer[]): readonly Layer[] => [{ shape: circle(11.6, 11.6, 5.2), clear: true }, ...layers]
  switch (state) {
    case 'off':
      return [...mark(ink, 0.45), paint(lastSquare, ink, 0.25)]
    case 'ready':
      return [...mark(sign), paint(lastSquare, sign, 0.4)]
    case 'working':
      return [...mark(sign), paint(circle(11.9, 11.9, 3.1), sign)]
    case 'paused':
      return [...mark(ink, 0.6), ...corner(paint(rectangle(8.6, 8.4, 2.2, 6.6, 0.7), ink), paint(rectangle(12.2, 8.4, 2.2, 6.6, 0.7), ink))]
    case 'needs-me':
      return [...mark(sign), ...corner(paint(circle(11.6, 11.6, 4.2), amber))]
    case 'problem':
      return [
        ...mark(ink, 0.6),
        { shape: rectangle(8, 7, 7.2, 8.8, 1), clear: true },
        paint(rectangle(10.4, 7.6, 2.5, 4.9, 0.8), red),
        paint(circle(11.65, 14.2, 1.35), red),
      ]
  }
}

/** So many samples a side of each pixel. */
const samples = 4

/** RGBA, one row after the other, not premultiplied. */
export const drawTrayImage = (state: TrayImageState, theme: TrayTheme, size: number): Uint8Array => {
  const layers = layersOf(state, theme)
  const pixels = new Uint8Array(size * size * 4)
  for (let at = 0; at < size * size; at++) {
    const sum = [0, 0, 0, 0]
    for (let sample = 0; sample < samples * samples; sample++) {
      const x = (((at % size) + ((sample % samples) + 0.5) / samples) * 16) / size
      const y = ((Math.floor(at / size) + (Math.floor(sample / samples) + 0.5) / samples) * 16) / size
      const [red, green, blue, alpha] = colourAt(layers, x, y)
      for (const [channel, value] of [red * alpha, green * alpha, blue * alpha, alpha].entries()) sum[channel] = (sum[channel] ?? 0) + value
    }
    const [red = 0, green = 0, blue = 0, alpha = 0] = sum
    if (alpha > 0) pixels.set([red / alpha, green / alpha, blue / alpha, (alpha / samples ** 2) * 255].map(Math.round), at * 4)
  }
  return pixels
}

const colourAt = (layers: readonly Layer[], x: number, y: number): readonly [number, number, number, number] => {
  const top = layers.findLast(({ shape }) => shape(x, y) > 0)
  return top === undefined || 'clear' in top ? [0, 0, 0, 0] : [...top.colour, top.opacity]
}

/** PNG (ISO/IEC 15948): signature, header, the compressed rows, end. */
const encodePng = (pixels: Uint8Array, size: number): Buffer => {
  const rows = Buffer.concat(
    Array.from({ length: size }, (_, row) => Buffer.concat([Buffer.alloc(1), pixels.subarray(row * size * 4, (row + 1) * size * 4)])),
  )
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
const chunk = (type: string, data: Buffer): Buffer => {
  const [length, sum, body] = [Buffer.alloc(4), Buffer.alloc(4), Buffer.concat([Buffer.from(type, 'latin1'), data])]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

export const trayImageSizes = { '': 16, '@2x': 32 } as const

const main = (): void => {
  acceptNoOptions('tray-icons')
  const folder = join(rootPath, 'resources', 'tray')
  mkdirSync(folder, { recursive: true })
  for (const state of trayStates)
    for (const theme of trayThemes)
      for (const [suffix, size] of Object.entries(trayImageSizes))
        writeFileSync(join(folder, `${state}-${theme}${suffix}.png`), encodePng(drawTrayImage(state, theme, size), size))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
