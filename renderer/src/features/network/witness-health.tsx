import { useMarketState } from '../../store/context.tsx'
import { Seal } from '../../ui/seal.tsx'
import './witness-health.css'

/** How many witnesses answer: without a quorum nothing can be decided. */
export const WitnessHealth = () => {
  const network = useMarketState((state) => state.network)
  if (network.status !== 'ready') return null
  const { witnesses, quorum } = network.value
  const reachable = witnesses.filter((witness) => witness.reachable)
  const hasQuorum = reachable.length >= quorum
  return (
    <p className={hasQuorum ? 'witness-health' : 'witness-health witness-health-short'} role='status'>
      <Seal size={witnesses.length} signers={reachable.map(({ index }) => index)} />
      <span>
        {reachable.length} of {witnesses.length} witnesses
        {!hasQuorum && `, ${quorum} needed`}
      </span>
    </p>
  )
}
