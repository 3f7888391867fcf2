import { createMemoryTransport } from './memory-transport.ts'
import { describeTransport } from './testing/transport-compliance.ts'

describeTransport('memory', async ({ dispatcher }) => {
  const transport = createMemoryTransport(dispatcher)
  return { transport, close: transport.close, dispose: transport.close }
})
