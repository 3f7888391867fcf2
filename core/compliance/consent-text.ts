/** The text that a provider reads before anything of another person runs here. A changed text is a new version and asks again. */
export const consentText = {
  documentId: 'serve-others',
  version: 1,
  /** 2026-11-20: when the vendor's published terms were last read for this text. */
  termsCheckedAtMs: Date.UTC(2026, 10, 20),
  text: [
    'You are about to run tasks of other people on this computer, with the backend and within the caps shown here.',
    'You will be able to read their tasks, and they will read the answers. What the backend costs, you pay; you receive RUV, which are points and have no price.',
    'Your credential stays on this computer. Serving others on a personal subscription is refused; an API key serves only your organisation.',
    'You can stop at any moment: offers are withdrawn, running tasks end and are refunded. You stay responsible for your account.',
  ].join('\n'),
} as const
