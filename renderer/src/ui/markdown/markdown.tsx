/**
 * Markdown of a stranger, drawn as elements of our own: no HTML, nothing that loads, nothing that leads anywhere. What is not named
 * here stays the text that it was.
 */
import type { Token, Tokens } from 'marked'
import { createElement, memo, useDeferredValue, useMemo, type ReactNode } from 'react'
import { t } from '../../messages/translate.ts'
import { useCopied } from '../copy.tsx'
import { CheckIcon, CopyIcon } from '../icons.ts'
import { LinkButton } from '../link-button.tsx'
import { Icon } from '../icon.tsx'
import { CodeBlock } from './code-block.tsx'
import { isList, isTable, plainAddress, readMarkdown, withoutEntities } from './read-markdown.ts'
import './markdown.css'

type MarkdownProps = { readonly text: string; readonly isGrowing?: boolean }

/** While it grows it is read as often as the page keeps up; blocks that did not change are not drawn again. */
export const Markdown = ({ text, isGrowing = false }: MarkdownProps) => {
  const shown = useDeferredValue(text)
  const read = useMemo(() => readMarkdown(shown), [shown])
  const growing = isGrowing ? ' markdown-growing' : ''
  if (read.kind === 'too-complex')
    return (
      <div className={`markdown foreign${growing}`}>
        <p className='faint small'>{t('markdown.tooComplex')}</p>
        <p className='markdown-plain'>{text}</p>
      </div>
    )
  return <div className={`markdown foreign${growing}`}>{read.blocks.map((block, index) => drawBlock(block, index))}</div>
}

const drawBlock = (token: Token, key: number): ReactNode =>
  token.type === 'space' || token.type === 'def' ? null : <Block key={key} token={token} />

/** Equal text is an equal block, but for links whose address is given elsewhere: those are few and come with the text around them. */
const Block = memo(
  ({ token }: { readonly token: Token }) => <>{blockOf(token)}</>,
  (before, after) => before.token.raw === after.token.raw && linksOf(before.token) === linksOf(after.token),
)
Block.displayName = 'Block'

const innerOf = (token: Token): readonly Token[] => (token as { readonly tokens?: readonly Token[] }).tokens ?? []
const linksOf = (token: Token): number => innerOf(token).filter(({ type }) => type === 'link').length

/** The answer stands under the second level of the page. */
const headingLevel = (depth: number): number => Math.min(6, depth + 2)

const blockOf = (token: Token): ReactNode => {
  if (isTable(token)) return <Table table={token} />
  if (isList(token)) return <List list={token} />
  switch (token.type) {
    case 'heading':
      return createElement(`h${headingLevel((token as Tokens.Heading).depth)}`, null, drawInline(innerOf(token)))
    case 'code':
      return <CodeBlock code={(token as Tokens.Code).text} language={languageOf(token as Tokens.Code)} />
    case 'blockquote':
      return <blockquote>{innerOf(token).map(drawBlock)}</blockquote>
    case 'hr':
      return <hr />
    case 'paragraph':
      return <p>{drawInline(innerOf(token))}</p>
    // What stands in an item without a paragraph of its own.
    case 'text':
      return drawInline([token])
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ '
    default:
      return <p className='markdown-plain'>{token.raw}</p>
  }
}

const languageOf = ({ lang = '' }: Tokens.Code): string => /^\S{1,40}/.exec(lang)?.[0] ?? ''

const List = ({ list }: { readonly list: Tokens.List }) => {
  const items = list.items.map((item, index) => (
    <li key={index} className={item.task ? 'markdown-task' : undefined}>
      {item.tokens.map(drawBlock)}
    </li>
  ))
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
}

const ALIGN_CLASSES = { left: 'align-start', center: 'align-center', right: 'align-end' } as const

const Table = ({ table }: { readonly table: Tokens.Table }) => {
  const classOf = (align: Tokens.TableCell['align']): string | undefined => (align === null ? undefined : ALIGN_CLASSES[align])
  return (
    <div className='markdown-table' role='region' aria-label={t('markdown.table')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope='col' className={classOf(cell.align)}>
                {drawInline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={classOf(cell.align)}>
                  {drawInline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const drawInline = (tokens: readonly Token[]): readonly ReactNode[] => tokens.map((token, key) => inlineOf(token, key))

const inlineOf = (token: Token, key: number): ReactNode => {
  switch (token.type) {
    case 'text':
    case 'escape':
      return innerOf(token).length > 0 ? drawInline(innerOf(token)) : withoutEntities((token as Tokens.Text).text)
    case 'strong':
      return <strong key={key}>{drawInline(innerOf(token))}</strong>
    case 'em':
      return <em key={key}>{drawInline(innerOf(token))}</em>
    case 'del':
      return <del key={key}>{drawInline(innerOf(token))}</del>
    case 'codespan':
      return <code key={key}>{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br key={key} />
    case 'checkbox':
      return (token as Tokens.Checkbox).checked ? '☑ ' : '☐ '
    case 'link':
      return <Address key={key} href={(token as Tokens.Link).href} text={drawInline(innerOf(token))} raw={token.raw} />
    case 'image':
      return (
        <Address
          key={key}
          href={(token as Tokens.Image).href}
          text={t('markdown.image', { name: (token as Tokens.Image).text })}
          raw={token.raw}
        />
      )
    default:
      return token.raw
  }
}

type AddressProps = { readonly href: string; readonly text: ReactNode; readonly raw: string }

/** It leads nowhere: its address can be read, and taken along. What is no address of the web stays as it was written. */
const Address = ({ href, text, raw }: AddressProps) => {
  const { isCopied, copy } = useCopied()
  const address = plainAddress(href)
  if (address === null) return raw
  const isBare = raw === href || raw === `<${href}>`
  return (
    <>
      {!isBare && <span>{text} </span>}
      <span className='markdown-address'>
        <LinkButton label={t('markdown.copyAddress', { address })} onPress={() => void copy(address)}>
          {address}
        </LinkButton>
        <Icon of={isCopied ? CheckIcon : CopyIcon} size={12} />
        <span className='unseen' role='status'>
          {isCopied && t('common.copied')}
        </span>
      </span>
    </>
  )
}
