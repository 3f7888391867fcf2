/** Colours for code, from a few languages that answers are written in. */
import { createLowlight } from 'lowlight'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'

/** A screenful many times over; what is longer is not read in colours. */
export const maxHighlightedLength = 20_000
/** Grammars search from each place of a line to its end. */
export const maxHighlightedLine = 1_000

const grammars = createLowlight({ bash, c, cpp, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml })

type Root = ReturnType<typeof grammars.highlight>
export type CodePart = Root['children'][number]

/** @returns null for what stays without colours */
export const highlight = (code: string, language: string): readonly CodePart[] | null => {
  const isTooLong = code.length > maxHighlightedLength || code.split('\n').some((line) => line.length > maxHighlightedLine)
  if (isTooLong || !grammars.registered(language)) return null
  return grammars.highlight(language, code).children
}
