import { memo, type ReactNode } from 'react'
import { t } from '../../messages/translate.ts'
import { CopyButton } from '../copy.tsx'
import { highlight, type CodePart } from './highlight.ts'

type CodeBlockProps = { readonly code: string; readonly language: string }

/** Code that can be scrolled by the keyboard and taken along. */
export const CodeBlock = memo(({ code, language }: CodeBlockProps) => (
  <div className='code-block'>
    <div className='code-head'>
      <span className='foreign clip'>{language}</span>
      <CopyButton text={code} label={t('markdown.copyCode')} look='quiet' size='small' />
    </div>
    <pre role='region' aria-label={t('markdown.code')} tabIndex={0}>
      <code>{highlight(code, language.toLowerCase())?.map(drawPart) ?? code}</code>
    </pre>
  </div>
))
CodeBlock.displayName = 'CodeBlock'

const drawPart = (part: CodePart, key: number): ReactNode => {
  if (part.type === 'text') return part.value
  if (part.type !== 'element') return null
  const names = part.properties['className']
  return (
    <span key={key} className={Array.isArray(names) ? names.join(' ') : undefined}>
      {part.children.map(drawPart)}
    </span>
  )
}
