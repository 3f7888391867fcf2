import './mark.css'

/** The app's sign: a committee of four of which three have signed. */
export const Mark = () => (
  <svg className='mark' viewBox='0 0 18 18' aria-hidden='true'>
    <rect width='8' height='8' rx='1.75' />
    <rect x='10' width='8' height='8' rx='1.75' />
    <rect y='10' width='8' height='8' rx='1.75' />
    <rect x='10' y='10' width='8' height='8' rx='1.75' opacity='0.35' />
  </svg>
)
