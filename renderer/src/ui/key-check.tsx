import { useState } from 'react'
import { groupedId } from '../format/id.ts'
import { t } from '../messages/translate.ts'
import { useFollowed, useMarket } from '../store/context.tsx'
import { valueOf } from '../store/loaded.ts'
import { Copyable } from './copy.tsx'
import { Dialog } from './dialog.tsx'
import { KeyPicture } from './key-picture.tsx'
import { LinkButton } from './link-button.tsx'
import { Peer } from './peer.tsx'
import './key-check.css'

/** A key as two people compare it: a picture for the eye, words for the voice, and all its digits. */
export const KeyCheck = ({ id, copyLabel = t('common.key.copy') }: { readonly id: string; readonly copyLabel?: string }) => {
  const face = valueOf(useFollowed(useMarket().face(id)))
  return (
    <div className='key-check' data-testid='key-check'>
      {face === null ? <span className='key-picture' /> : <KeyPicture digits={face.picture} />}
      <div>
        <ol className='key-words' aria-label={t('common.key.words')} lang='en' translate='no' data-testid='key-words'>
          {face?.words.map((word, index) => (
            <li key={index}>{word}</li>
          ))}
        </ol>
        <div className='key-digits'>
          <Copyable text={id} shown={groupedId(id)} label={copyLabel} />
        </div>
      </div>
    </div>
  )
}

type ComparablePeerProps = { readonly id: string; readonly own?: boolean }

/** Somebody by the first digits of the key, and a way to compare the whole of it. */
export const ComparablePeer = ({ id, own = false }: ComparablePeerProps) => {
  const [isOpen, setOpen] = useState(false)
  return (
    <span className='comparable'>
      <Peer id={id} own={own} /> <LinkButton onPress={() => setOpen(true)}>{t('common.key.compare')}</LinkButton>
      <Dialog title={t('common.key.title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className='soft'>{t('common.key.how')}</p>
        <KeyCheck id={id} />
      </Dialog>
    </span>
  )
}
