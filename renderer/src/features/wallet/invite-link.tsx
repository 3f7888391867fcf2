import { formatRuv } from '../../format/amount.ts'
import { t } from '../../messages/translate.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PlainText } from '../../ui/plain-text.tsx'
import { QrCode } from '../../ui/qr-code/qr-code.tsx'
import './invite-link.css'

type InviteLinkProps = { readonly link: string; readonly amountMicro: bigint; readonly onClose: () => void }

/** To be copied or scanned. An alert, so that a click beside it does not put it away. */
export const InviteLink = ({ link, amountMicro, onClose }: InviteLinkProps) => (
  <Dialog
    kind='alert'
    title={t('wallet.invite.done.title')}
    isOpen
    onClose={onClose}
    actions={
      <>
        <Button onPress={onClose}>{t('wallet.done')}</Button>
        <CopyButton text={link} label={t('wallet.invite.copy')} />
      </>
    }
  >
    <p className='soft'>{t('wallet.invite.done.body', { amount: formatRuv(amountMicro) })}</p>
    <div className='invite-link'>
      <QrCode text={link} label={t('wallet.invite.qr')} />
      <PlainText isMono isSelectedWhole label={t('wallet.invite.link')} text={link} testId='invite-link' />
    </div>
  </Dialog>
)
