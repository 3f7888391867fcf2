/** Tests run in an Electron whose SQLite file lies elsewhere. */
export const sqliteBinding = (): { readonly nativeBinding?: string } => {
  const nativeBinding = process.env['CLAUDE_MARKET_SQLITE']
  return nativeBinding === undefined ? {} : { nativeBinding }
}
