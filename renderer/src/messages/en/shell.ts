export const shell = {
  'app.name': 'Claude Market',
  'app.skip': 'Skip to the content',
  'app.practice': 'Practice',
  'app.practiceHint': 'Answers are simulated and RUV are worth nothing outside.',
  'app.noKey.title': 'This address has no key',
  'app.noKey.body': 'Open the whole address that the market printed when it started: the part after # is the key to it.',
  'app.lost': 'The connection to the market was lost. Trying again; what you see may be old.',
  'app.failed.title': 'The market could not be opened',
  'app.crashed.title': 'This screen has stopped',
  'app.crashed.body': 'Something in it went wrong. Nothing was lost: your market goes on running.',
  'app.crashed.reload': 'Load it again',

  'remark.started-again': 'Claude Market was running already: this is it.',
  'remark.settings-reset':
    'Your settings were damaged and could not be read, so all of them are as in the beginning; the damaged file is kept as settings.json.damaged. Please choose in Settings again what you had chosen.',
  'remark.unreadable':
    'The market could not read something that this window sent. Nothing was done, and what you typed is still here: try again, and restart Claude Market if it stays so.',
  'remark.foreign':
    'Something that is not this window tried to use your market and was refused. Nothing was done; if you do not know what it was, restart Claude Market.',
  'remark.putAway': 'OK',

  'nav.label': 'Areas',
  'nav.home': 'Home',
  'nav.ask': 'Ask',
  'nav.market': 'Market',
  'nav.provide': 'Provide',
  'nav.wallet': 'Wallet',
  'nav.escrows': 'Escrows',
  'nav.reputation': 'Reputation',
  'nav.network': 'Network',
  'nav.settings': 'Settings',
  'nav.waiting': '{count, plural, one {# waits for you} other {# wait for you}}',

  'witnesses.connecting': 'Connecting…',
  'witnesses.reachable': '{reachable} of {all} witnesses',
  'witnesses.short': '{reachable} of {all} witnesses, {quorum} needed',
  'witnesses.silent':
    '{reachable, plural, =0 {No witness answers} one {Only # of {all} witnesses answers} other {Only # of {all} witnesses answer}}; until {quorum} do, nothing can be settled. Check that this computer is online. It is tried again by itself, and nothing is lost.',

  'witnesses.tooFewVotes':
    '{reachable} of {all} witnesses answer, but only {voting} vote; until {quorum} do, nothing can be settled. The Network page says why and what helps.',
  'clock.behind':
    'The clock of this computer is {by} behind those of the witnesses, so deadlines do not hold as shown. Set it right, best by turning on automatic time in the settings of the system.',
  'clock.ahead':
    'The clock of this computer is {by} ahead of those of the witnesses, so deadlines do not hold as shown. Set it right, best by turning on automatic time in the settings of the system.',

  'release.newer':
    '{count, plural, one {# of {all} witnesses says that it runs} other {# of {all} witnesses say that they run}} version {version} or later; this is {own}. Get it where you got this one; what is new in it is not checked by this app.',
  'release.putAway': 'Dismiss',

  'palette.title': 'Command palette',
  'palette.placeholder': 'What do you want to do?',
  'palette.nothing': 'Nothing is called that.',
  'palette.goTo': 'Go to {page}',
  'palette.preferences': 'Change settings',
  'palette.theme': 'Theme: {theme}',
  'palette.tour': 'Take the tour',
  'palette.shortcuts': 'Keyboard shortcuts',
  'keys.ctrl': 'Ctrl',
  'keys.enter': 'Enter',
  'keys.escape': 'Esc',
  'keys.send': 'Send what is written',
  'keys.close': 'Close what is open',
} as const
