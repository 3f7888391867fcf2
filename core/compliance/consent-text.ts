import { sha256, utf8 } from '../platform/bytes.ts'
import type { Bytes32 } from '../settlement/objects.ts'
import { consentTexts } from './consent-texts.ts'
import type { PolicyBackend } from './policy.ts'

/** A text that somebody reads and agrees to, as `resources/consents` has it. */
export type ConsentText = {
  readonly documentId: string
  /** Grows with every change of the text, which asks everybody again. */
  readonly version: number
  /** The day on which the vendor's published terms were last read for it, such as 2026-11-20. */
  readonly termsReadOn: string
  readonly text: string
}
export type ConsentDocument = ConsentText & { readonly textHash: Bytes32; readonly termsCheckedAtMs: number }

const documentOf = (documentId: keyof typeof consentTexts): ConsentDocument => {
  const text: ConsentText = consentTexts[documentId]
  return { ...text, textHash: sha256(utf8(text.text)), termsCheckedAtMs: Date.parse(`${text.termsReadOn}T00:00:00Z`) }
}

/** What a provider reads before anything of another person runs on this backend; null where nothing of the provider's is at stake. */
export const consentDocumentFor = (backend: PolicyBackend): ConsentDocument | null => {
  switch (backend) {
    case 'practice':
      return null
    case 'local-model':
    case 'claude-by-local-server':
      return documentOf('serve-local-model')
    case 'anthropic-api':
    case 'web-session':
      return documentOf('serve-anthropic-api')
    case 'claude-cli-api-key':
    case 'claude-cli-personal-login':
    case 'claude-cli-seat-login':
      return documentOf('serve-claude-cli')
  }
}

/** What a requester reads before the first task leaves this computer. */
export const requesterDocument: ConsentDocument = documentOf('ask-others')
/** What a member of an organisation says about itself. */
export const attestationDocument: ConsentDocument = documentOf('attest-organisation')
