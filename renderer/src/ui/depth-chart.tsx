import './depth-chart.css'

export type Level = { readonly price: number; readonly orders: number }
type DepthChartProps = { readonly label: string; readonly bids: readonly Level[]; readonly asks: readonly Level[] }

const [WIDTH, HEIGHT] = [100, 40]

/** How many orders wait at each price or better, as two flights of steps. The levels stand beside it as a table. */
export const DepthChart = ({ label, bids, asks }: DepthChartProps) => {
  const levels = [...bids, ...asks]
  const [low, high] = [Math.min(...levels.map(({ price }) => price)), Math.max(...levels.map(({ price }) => price))]
  const most = Math.max(totalOf(bids), totalOf(asks), 1)
  const x = (price: number): number => (high === low ? WIDTH / 2 : ((price - low) / (high - low)) * WIDTH)
  const y = (orders: number): number => HEIGHT - (orders / most) * (HEIGHT - 2)
  return (
    <svg className='depth-chart' viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio='none' role='img' aria-label={label}>
      <path className='depth-bids' d={stepsOf(bids, x, y, 0)} />
      <path className='depth-asks' d={stepsOf(asks, x, y, WIDTH)} />
    </svg>
  )
}

const totalOf = (levels: readonly Level[]): number => levels.reduce((sum, { orders }) => sum + orders, 0)

/** From the best price outwards to the edge of the drawing. */
const stepsOf = (levels: readonly Level[], x: (price: number) => number, y: (orders: number) => number, edge: number): string => {
  const [best] = levels
  if (best === undefined) return ''
  let total = 0
  const steps = levels.map(({ price, orders }) => {
    total += orders
    return `H${x(price)}V${y(total)}`
  })
  return `M${x(best.price)} ${HEIGHT}${steps.join('')}H${edge}V${HEIGHT}Z`
}
