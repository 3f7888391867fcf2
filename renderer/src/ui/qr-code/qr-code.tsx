import { encodeQr, type QrModules } from './encode.ts'
import './qr-code.css'

/** Light modules all around, without which no camera finds the code (ISO/IEC 18004, 6.3.8). */
const QUIET = 4

/** One run of dark modules after the other, as a path. */
const pathOf = (modules: QrModules): string =>
  modules
    .flatMap((line, row) =>
      [
        ...line
          .map((dark) => (dark ? '1' : '0'))
          .join('')
          .matchAll(/1+/g),
      ].map(({ 0: run, index }) => `M${index + QUIET} ${row + QUIET}h${run.length}v1h-${run.length}z`),
    )
    .join('')

/** Dark on light in every theme, because cameras want it so. Nothing for a text that fits no code. */
export const QrCode = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const modules = encodeQr(text)
  if (modules === null) return null
  const size = modules.length + 2 * QUIET
  return (
    <svg className='qr-code' viewBox={`0 0 ${size} ${size}`} role='img' aria-label={label} shapeRendering='crispEdges'>
      <rect className='qr-light' width={size} height={size} />
      <path className='qr-dark' d={pathOf(modules)} />
    </svg>
  )
}
