/** What another language says for an area's texts: all of their keys, and no others. */
export type Translated<English> = { readonly [Key in keyof English]: string }
