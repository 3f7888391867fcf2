import { Button } from 'react-aria-components/Button'
import './link-button.css'

/** A small thing one can do, in the middle of a sentence. */
export const LinkButton = ({ children, onPress }: { readonly children: string; readonly onPress: () => void }) => (
  <Button className='link-button' onPress={onPress}>
    {children}
  </Button>
)
