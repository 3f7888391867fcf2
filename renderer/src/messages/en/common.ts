export const common = {
  'common.cancel': 'Cancel',
  'common.back': 'Back',
  'common.continue': 'Continue',
  'common.close': 'Close',
  'common.tryAgain': 'Try again',
  'common.copied': 'Copied',
  'common.you': 'you',
  'common.ruv': 'RUV',
  'common.amountRuv': '{amount} RUV',
  'common.loading': 'Loading',
  'common.stale': 'This may be out of date. {reason}',
  'common.moreRows': 'Loading more…',
} as const
