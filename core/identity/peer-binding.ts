import { statementKind } from './account-statement.ts'

/**
 * Ties a libp2p node to an account: the account's key signs the node's peer id. The other direction, that the node means this
 * account, is shown by the connection itself: whoever presents a binding must be the peer it names. So a binding is only worth
 * something over a connection whose remote peer id is the `subject` asked for, never as hearsay.
 */
export const peerBinding = statementKind({
  tag: 'RUV1/PEER',
  noun: 'The proof of who runs this node',
  maxSubjectCharacters: 64,
  // A node signs a new one at every start; a month covers one that never restarts.
  maxLifeMs: 31 * 24 * 60 * 60 * 1000,
})
