/**
 * What a model says is text and nothing else: characters that move a terminal's cursor, hide, or turn the direction of what is read are
 * taken out. Tab and line breaks stay, and the two joiners that scripts and emoji need.
 */
const misleading =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

export const plainText = (text: string): string => text.replaceAll(misleading, '')
