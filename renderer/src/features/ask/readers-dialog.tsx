import { useEffect, useState } from 'react'
import { t } from '../../messages/translate.ts'
import { useMarket } from '../../store/context.tsx'
import { useCommand } from '../../store/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlainText } from '../../ui/plain-text.tsx'

type Loaded = { readonly text: string; readonly textHash: string } | { readonly problem: string }
type ReadersDialogProps = { readonly onAcknowledged: () => void; readonly onClose: () => void }

/** Who will read a task, read once before the first one leaves this computer. */
export const ReadersDialog = ({ onAcknowledged, onClose }: ReadersDialogProps) => {
  const { client } = useMarket()
  const acknowledge = useCommand(client.consents.acknowledge)
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  useEffect(() => {
    void client.consents
      .standing({})
      .then((answer) => setLoaded(answer.ok ? answer.value.requester.document : { problem: answer.error.message }))
  }, [client])
  const isReady = loaded !== null && 'textHash' in loaded
  const confirm = async (): Promise<void> => {
    if (isReady && (await acknowledge.run({ textHash: loaded.textHash })) !== null) onAcknowledged()
  }
  const problem = loaded !== null && 'problem' in loaded ? loaded.problem : acknowledge.problem
  return (
    <Dialog
      kind='alert'
      width='wide'
      title={t('ask.readers.title')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button takesFocus onPress={onClose}>
            {t('common.cancel')}
          </Button>
          <Button isDisabled={!isReady} isPending={acknowledge.isPending} onPress={() => void confirm()}>
            {t('ask.readers.confirm')}
          </Button>
        </>
      }
    >
      {isReady && <PlainText label={t('ask.readers.title')} text={loaded.text} />}
      {problem !== null && <Notice tone='error'>{problem}</Notice>}
    </Dialog>
  )
}
