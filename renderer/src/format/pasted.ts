/** A pasted link comes with line breaks and with characters that nobody sees; where it begins and ends among them, the core finds. */
export const onOneLine = (pasted: string): string =>
  pasted
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, '')
    .trim()
