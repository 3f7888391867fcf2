/** The package points at types that are not there. What the benchmark uses of it: */
declare module 'nodejs-order-book' {
  export class OrderBook {
    limit(order: { readonly id: string; readonly side: 'buy' | 'sell'; readonly size: number; readonly price: number }): {
      readonly err: Error | null
    }
    market(order: { readonly side: 'buy' | 'sell'; readonly size: number }): { readonly done: readonly object[] }
    cancel(id: string): object | undefined
  }
}
