/** Addresses inside the app. The browser's own history leads back and forth between them. */
export const links = {
  home: '#/home',
  tour: '#/home/tour',
  ask: '#/ask',
  task: (taskId: string) => `#/ask/${taskId}`,
  /** Ask the provider of one standing offer alone. */
  askOffer: (offerId: string) => `#/ask/offer-${offerId}`,
  market: '#/market',
  provide: '#/provide',
  provideAdd: '#/provide/add',
  provideBackend: (backendId: number) => `#/provide/backend-${backendId}`,
  wallet: '#/wallet',
  /** With the dialog open that makes an invite. */
  invite: '#/wallet/invite',
  statement: '#/wallet/statement',
  escrows: '#/escrows',
  escrow: (escrowId: string) => `#/escrows/${escrowId}`,
  /** The same with the wizard of its dispute open. */
  dispute: (escrowId: string) => `#/escrows/dispute-${escrowId}`,
  desk: '#/escrows/desk',
  case: (escrowId: string) => `#/escrows/case-${escrowId}`,
  reputation: '#/reputation',
  network: '#/network',
  settings: '#/settings',
} as const

export const goTo = (link: string): void => {
  window.location.hash = link
}
