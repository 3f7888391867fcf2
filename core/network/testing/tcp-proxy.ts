import net from 'node:net'

export type TcpProxy = {
  /** The multiaddr to dial instead of the real one. */
  readonly address: string
  /** Every connection through it breaks. */
  readonly cut: () => void
  /** While silent, nothing passes and nothing breaks, as when a laptop has changed its network. */
  readonly setSilent: (silent: boolean) => void
  readonly stop: () => Promise<void>
}

/** A line between two nodes with a delay each way. Bytes keep their order and do not wait for each other. */
export const createTcpProxy = async (targetPort: number, oneWayMs: number): Promise<TcpProxy> => {
  const sockets = new Set<net.Socket>()
  let silent = false
  const join = (from: net.Socket, to: net.Socket): void => {
    const later = (action: () => void): void => {
      if (oneWayMs > 0) setTimeout(action, oneWayMs)
      else action()
    }
    sockets.add(from)
    from.on('data', (data) => {
      if (!silent) later(() => void (to.writable && to.write(data)))
    })
    from.on('end', () => later(() => to.end()))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      later(() => to.destroy())
    })
  }
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    join(near, far)
    join(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    address: `/ip4/127.0.0.1/tcp/${address.port}`,
    cut,
    setSilent: (next) => {
      silent = next
    },
    stop: async () => {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
