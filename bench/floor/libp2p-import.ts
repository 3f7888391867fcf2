import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { gossipsub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import { createLibp2p } from 'libp2p'

// Naming them keeps the bundler from dropping what is only imported.
const parts = [createLibp2p, noise, tcp, yamux, gossipsub, identify]
process.stdout.write(`${JSON.stringify({ ready: parts.every((part) => typeof part === 'function') })}\n`)
