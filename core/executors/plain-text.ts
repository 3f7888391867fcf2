import { hiddenCharacter } from '../compliance/hidden-characters.ts'

/**
 * What a model says is text and nothing else: characters that move a terminal's cursor, hide, or turn the direction of what is read are
 * taken out. Tab and line breaks stay.
 */
const misleading = new RegExp(`[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]|${hiddenCharacter.source}`, 'gu')

export const plainText = (text: string): string => text.replaceAll(misleading, '')
