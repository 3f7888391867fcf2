import { expect, it } from 'vitest'
import { runCampaign } from './campaign.ts'
import { mutants } from './mutants.ts'

/** The simulation has to be able to fail: each of these bugs is planted where the file is loaded, and has to be found. */
it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
  'a planted bug is found: %s',
  async (name, { profile, withinSeeds }) => {
    const { failures } = await runCampaign({
      profile,
      from: 1,
      count: withinSeeds,
      workers: 1,
      mutant: name,
      stopsAtFailure: true,
      shrinks: false,
    })
    expect(failures.length).toBe(1)
  },
  600_000,
)
