/**
 * The forms of secrets that secretlint's rules leave out. A form with brackets hides what is in them, which stands at its end; the label
 * before it is no secret. Every repetition is bounded, so a hostile text costs time in proportion to its length.
 */
export type SecretForm = {
  readonly kind: 'anthropic-key' | 'access-token' | 'private-key' | 'credential'
  /** Who says that it looks like this. */
  readonly source: string
  readonly pattern: RegExp
}

const base58 = '[1-9A-HJ-NP-Za-km-z]'
const label =
  '(?:secret|token|passw(?:or)?d|passwort|kennwort|passphrase|(?<=[;_])pwd|(?:api|secret|access|private|account|signing|encryption|master)[_-]?key(?:_base)?)'
/** What programs write after such a label that is no secret: a path of names, a path of files, an address, a type. */
const name = '[A-Za-z_$][\\w$]{0,40}'
const path = `${name}(?:\\??\\.${name}){1,6}[;,]{0,2}(?:[\\s)\\]}]|$)`
const noSecret = '(?![~.]{0,2}/[a-z][\\w.-]{0,40}/|https?:|(?:Big)?(?:Uint|Int|Float)\\d{1,2}(?:Clamped)?Array)'
const value = '[^\\s"\'`()[\\]{}<>]'

export const secretForms: readonly SecretForm[] = [
  {
    kind: 'access-token',
    source: 'rfc-editor.org, RFC 7519, JSON Web Token',
    pattern: /\beyJ[\w-]{8,1000}\.eyJ[\w-]{8,4000}\.[\w-]{8,1000}/g,
  },
  {
    kind: 'access-token',
    source: 'rfc-editor.org, RFC 7516, an encrypted JSON Web Token',
    pattern: /\beyJ[\w-]{8,1000}\.[\w-]{0,1000}\.[\w-]{8,64}\.[\w-]{8,4000}\.[\w-]{16,64}/g,
  },
  { kind: 'access-token', source: 'rfc-editor.org, RFC 6750, Bearer', pattern: /\bbearer\s{1,8}([\w.~+/=-]{20,4000})/gi },
  // In a link, in capitals, or broken over lines by a terminal.
  {
    kind: 'anthropic-key',
    source: 'docs.anthropic.com, API keys',
    pattern: /sk(?:-|%2D)ant(?:-|%2D)[a-z]{3,8}\d\d(?:-|%2D)(?:[\w-]|%2D|%5F){16,200}/gi,
  },
  {
    kind: 'anthropic-key',
    source: 'docs.anthropic.com, API keys',
    pattern: /sk-ant-[a-z]{3,8}\d\d-[\w-]{1,120}(?:\\?\r?\n[ \t]{0,8}[\w-]{20,120}){1,3}/g,
  },
  { kind: 'access-token', source: 'platform.openai.com, project keys', pattern: /\bsk-(?:proj|svcacct|admin)-[\w-]{20,400}/g },
  { kind: 'access-token', source: 'openrouter.ai, authentication', pattern: /\bsk-or-v1-[0-9a-f]{64}/g },
  { kind: 'access-token', source: 'docs.x.ai', pattern: /\bxai-[A-Za-z0-9]{80}/g },
  { kind: 'access-token', source: 'cloud.google.com, API keys', pattern: /\bAIza[\w-]{35}/g },
  { kind: 'access-token', source: 'developers.google.com, OAuth 2.0 access tokens', pattern: /\bya29\.[\w-]{20,2000}/g },
  { kind: 'credential', source: 'developers.google.com, OAuth 2.0 client secrets', pattern: /\bGOCSPX-[\w-]{28}/g },
  { kind: 'access-token', source: 'docs.pypi.org, API tokens', pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/g },
  { kind: 'access-token', source: 'core.telegram.org/bots, authorizing your bot', pattern: /(?<!\w)\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  {
    kind: 'access-token',
    source: 'discord.com/developers, token structure',
    pattern: /(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w.-])/g,
  },
  { kind: 'access-token', source: 'docs.digitalocean.com, token prefixes', pattern: /\bdo[opr]_v1_[0-9a-f]{64}/g },
  { kind: 'access-token', source: 'support.atlassian.com, API tokens', pattern: /\bAT(?:ATT|CTT)3[\w=-]{60,300}/g },
  { kind: 'credential', source: 'learn.microsoft.com, shared access signatures', pattern: /[?&]sig=([A-Za-z0-9%+/]{40,100}(?:%3D|=))/g },
  {
    kind: 'credential',
    source: 'rfc-editor.org, RFC 7617, Basic',
    pattern: /authorization["']?\s{0,4}[:=]\s{0,4}["']?basic\s{1,4}([A-Za-z0-9+/_-]{8,4000}={0,2})/gi,
  },
  {
    kind: 'credential',
    source: 'rfc-editor.org, RFC 6265, the Cookie header',
    pattern: /(?<![\w-])(?:set-)?cookie["']?\s{0,4}:\s{0,4}["']?([\w.-]{1,64}=[^\s"'][^\r\n"']{7,8000})/gi,
  },
  {
    kind: 'private-key',
    source: 'rfc-editor.org, RFC 5208 and 8017, a key of PEM without its lines',
    pattern:
      /(?:MII[A-Za-z0-9+/]{2,5}IBA(?:DAN|AKC)|MIGHAgEAMBMGByqGSM49|MC4CAQAwBQYDK2V)[A-Za-z0-9+/]{16,20000}(?:\s{1,2}[A-Za-z0-9+/]{16,128}){0,200}/g,
  },
  {
    kind: 'private-key',
    source: 'kubernetes.io, kubeconfig: PEM in base64',
    pattern:
      /LS0tLS1CRUdJTiB(?:QUklWQVRFIEtFW|SU0EgUFJJVkFURSBLRV|FQyBQUklWQVRFIEtFW|PUEVOU1NIIFBSSVZBVEUgS0VZ|FTkNSWVBURUQgUFJJVkFURSBLRV)[A-Za-z0-9+/=]{0,20000}/g,
  },
  { kind: 'access-token', source: 'documentation.mailgun.com', pattern: /(?<!\w)key-[0-9a-f]{32}(?!\w)/g },
  {
    kind: 'access-token',
    source: 'docs.doppler.com, token formats',
    pattern: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}/g,
  },
  { kind: 'access-token', source: 'developer.squareup.com, access tokens', pattern: /\bsq0(?:atp|csp)-[\w-]{22,43}/g },
  { kind: 'private-key', source: 'age-encryption.org', pattern: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/gi },
  {
    kind: 'private-key',
    source: 'rfc-editor.org, RFC 7518 and 8037, the member d of a JSON Web Key',
    pattern: /"d"\s{0,4}:\s{0,4}"([\w-]{40,1000})(?=")/g,
  },
  {
    kind: 'private-key',
    source: 'en.bitcoin.it, wallet import format',
    pattern: new RegExp(`(?<!\\w)(?:5${base58}{50}|[KL]${base58}{51})(?!\\w)`, 'g'),
  },
  {
    kind: 'private-key',
    source: 'github.com/bitcoin/bips, BIP-32, and SLIP-132, extended private keys',
    pattern: new RegExp(`(?<!\\w)[xyztuv]prv${base58}{100,112}(?!\\w)`, 'g'),
  },
  {
    kind: 'private-key',
    source: 'a private key that is called one, in hex',
    pattern: /(?:private|secret)[ _-]?key\b\W{0,6}(?:(?:is|=)\s{0,2})?["']?((?:0x)?[0-9a-f]{64})(?!\w)/gi,
  },
  {
    kind: 'credential',
    source: 'an assignment to what is called a secret: eight characters or more with a letter and a digit, and no call of a function',
    // The value is looked ahead for and then taken as a whole, so that no shorter one is tried.
    pattern: new RegExp(
      `${label}["'\`]?\\s{0,20}(?::=|=>|[:=])\\s{0,20}(?:["'\`]|(?!${path}))${noSecret}(?=${value}{0,200}\\d)(?=${value}{0,200}[a-z])(?=(${value}{8,512}))\\1(?![([{<])`,
      'gi',
    ),
  },
]
