import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type ReactNode } from 'react'
import { t, type PlainKey } from '../messages/translate.ts'
import type { Keyed } from '../store/paged-list.ts'
import { leavingFrom, trackList, without, type Track } from './columns.ts'
import { useScroller } from './scroll.tsx'
import './table.css'

export type Column<Row> = Track & {
  readonly name: PlainKey
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the end. */
  readonly align?: 'start' | 'end'
  /** Words of the app, which may take two lines; what others chose is clipped. */
  readonly wraps?: boolean
  readonly isNameUnseen?: boolean
}

type TableProps<Row> = {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Keyed<Row>[]
  /** Of all rows, also those that are not fetched yet. */
  readonly total: number
  readonly rowHeight?: number
  readonly testId?: string
  readonly onNearEnd?: () => void
  readonly isLoadingMore?: boolean
  readonly isChosen?: (row: Row) => boolean
  readonly attributesOf?: (row: Row) => Readonly<Record<`data-${string}`, string>>
}

const ROWS_AHEAD = 30

/** A table as long as the market makes it: only the rows in sight exist. */
export const Table = <Row,>(props: TableProps<Row>) => {
  const { label, rows, total, rowHeight = 40, testId, onNearEnd, isLoadingMore = false, isChosen, attributesOf } = props
  const table = useRef<HTMLDivElement>(null)
  const columns = useFitting(props.columns, table)
  const scroller = useScroller()
  const body = useRef<HTMLDivElement>(null)
  const margin = useMargin(body, scroller)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    scrollMargin: margin,
    // Each of several tables would draw by itself at every scroll, and the next one wait for the layout that it undid.
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const lastIndex = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (rows.length < total && lastIndex > rows.length - ROWS_AHEAD) onNearEnd?.()
  }, [lastIndex, rows.length, total, onNearEnd])

  const tracks = { '--columns': trackList(columns) } as CSSProperties
  return (
    <div className='table' role='table' aria-label={label} aria-rowcount={total + 1} style={tracks} ref={table}>
      <div role='rowgroup'>
        <div className='table-row table-head' role='row' aria-rowindex={1}>
          {columns.map(({ name, align = 'start', isNameUnseen = false }) => (
            <div key={name} role='columnheader' className={`table-cell table-cell-${align}`}>
              <span className={isNameUnseen ? 'unseen' : undefined}>{t(name)}</span>
            </div>
          ))}
        </div>
      </div>
      <div className='table-body' role='rowgroup' ref={body} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start, size }) => {
          const keyed = rows[index]
          if (keyed === undefined) return null
          return (
            <div
              key={key}
              className='table-row'
              role='row'
              aria-rowindex={index + 2}
              data-testid={testId}
              style={{ height: size, transform: `translateY(${start - margin}px)` }}
              {...(isChosen?.(keyed.row) === true ? { 'data-chosen': true } : {})}
              {...attributesOf?.(keyed.row)}
            >
              <Cells row={keyed.row} columns={columns as readonly Column<unknown>[]} />
            </div>
          )
        })}
      </div>
      {isLoadingMore && (
        <p className='table-more' role='status'>
          {t('common.moreRows')}
        </p>
      )}
    </div>
  )
}

/** Those of the columns that the table has room for, wherever it stands. */
const useFitting = <Row,>(columns: readonly Column<Row>[], table: { readonly current: HTMLElement | null }): readonly Column<Row>[] => {
  const [leaving, setLeaving] = useState(0)
  useLayoutEffect(() => {
    const element = table.current
    if (element === null) return undefined
    const measure = (): void => {
      const remPixels = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      setLeaving(leavingFrom(columns, element.clientWidth / remPixels))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [columns, table])
  return useMemo(() => without(columns, leaving), [columns, leaving])
}

/** Drawn again only when its row or the columns are others: give the same columns each time. */
const Cells = memo(({ row, columns }: { readonly row: unknown; readonly columns: readonly Column<unknown>[] }) =>
  columns.map(({ name, align = 'start', wraps = false, cell }) => (
    <div key={name} role='cell' className={`table-cell table-cell-${align}${wraps ? ' table-cell-wraps' : ''}`}>
      {cell(row)}
    </div>
  )),
)
Cells.displayName = 'Cells'

/** How far below the top of what scrolls the body begins; what stands above may grow and shrink. */
const useMargin = (body: { readonly current: HTMLElement | null }, outer: HTMLElement | null): number => {
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const inner = body.current
    if (inner === null || outer === null) return undefined
    const measure = (): void =>
      setMargin(Math.round(inner.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop))
    measure()
    const observer = new ResizeObserver(measure)
    if (outer.firstElementChild !== null) observer.observe(outer.firstElementChild)
    return () => observer.disconnect()
  }, [body, outer])
  return margin
}
