export const network = {
  'network.title': 'Network',
  'network.witnesses': 'Witnesses',
  'network.peers': 'Peers',
} as const
