import './keys.css'

/** One key as it is printed on a keyboard. */
export type Key = string

export const Keys = ({ keys }: { readonly keys: readonly Key[] }) =>
  keys.length > 0 && (
    <span className='keys' translate='no'>
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
