import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { useCommand } from '../store/use-command.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Keeps the page as a PDF; in a browser, the browser prints it. `fileName` has no ending. */
export const PdfButton = ({ fileName }: { readonly fileName: string }) => {
  const { client, settings } = useMarket()
  const save = useCommand(client.settings.savePdf)
  const surface = valueOf(useFollowed(settings))?.surface
  return (
    <>
      {save.problem !== null && <Notice tone='error'>{save.problem}</Notice>}
      <Button
        size='small'
        isPending={save.isPending}
        onPress={() => (surface === 'browser' ? window.print() : void save.run({ name: fileName }))}
      >
        {t('common.savePdf')}
      </Button>
    </>
  )
}
