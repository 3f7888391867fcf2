import { gossipsub, StrictNoSign, TopicValidatorResult, type GossipSub } from '@libp2p/gossipsub'
import { sha256, utf8 } from '../platform/bytes.ts'
import { maxGossipBytes, maxGossipRpcBytes, maxInboundStreams, seenGossipMs } from './limits.ts'
import type { Topic, Verdict } from './port.ts'
import type { Standing } from './standing.ts'

const topics: readonly Topic[] = ['offers', 'requests', 'closings', 'facts', 'evidence']

/** Topics belong to one federation: a node of another one does not even subscribe to them. */
export const topicName = (prefix: string, topic: Topic): string => `${prefix}/${topic}/1`

const separator = new Uint8Array(1)

/**
 * Invalid messages (P4) are what counts here. P3 and P3b punish peers that deliver little, which on topics as quiet as ours is
 * every peer (gossipsub v1.1, "peer scoring").
 */
const topicScore = {
  topicWeight: 1,
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1000,
  timeInMeshCap: 300,
  firstMessageDeliveriesWeight: 0.5,
  firstMessageDeliveriesDecay: 0.9,
  firstMessageDeliveriesCap: 20,
  meshMessageDeliveriesWeight: 0,
  meshMessageDeliveriesDecay: 0.5,
  meshMessageDeliveriesCap: 1,
  meshMessageDeliveriesThreshold: 1,
  meshMessageDeliveriesWindow: 10,
  meshMessageDeliveriesActivation: 1000,
  meshFailurePenaltyWeight: 0,
  meshFailurePenaltyDecay: 0.5,
  invalidMessageDeliveriesWeight: -10,
  invalidMessageDeliveriesDecay: 0.9,
}

const scoring = (prefix: string, standing: Standing) => ({
  scoreParams: {
    topics: Object.fromEntries(topics.map((topic) => [topicName(prefix, topic), topicScore])),
    topicScoreCap: 20,
    appSpecificScore: (peerId: string) => -standing.points(peerId),
    appSpecificWeight: 1,
    IPColocationFactorWeight: -5,
    IPColocationFactorThreshold: 8,
    // A practice federation runs on one computer.
    IPColocationFactorWhitelist: new Set(['127.0.0.1', '::1']),
    behaviourPenaltyWeight: -5,
    behaviourPenaltyThreshold: 6,
    behaviourPenaltyDecay: 0.9,
    decayInterval: 10_000,
    decayToZero: 0.01,
    retainScore: 6 * 3_600_000,
  },
  // Two invalid messages stop gossip to the peer, three and it is not listened to.
  scoreThresholds: {
    gossipThreshold: -20,
    publishThreshold: -40,
    graylistThreshold: -80,
    acceptPXThreshold: 10,
    opportunisticGraftThreshold: 1,
  },
})

/**
 * Unsigned messages (their payloads are signed themselves) named by their hash, so the same bytes are delivered once. A
 * publisher sends to every subscriber it knows. No `directPeers`: gossipsub expects them to be mutual, and a witness that is
 * direct to a member that is not direct to it would leave that member out of its mesh.
 */
export const createGossipsub = (prefix: string, standing: Standing) =>
  gossipsub({
    globalSignaturePolicy: StrictNoSign,
    msgIdFn: ({ topic, data }) => sha256(utf8(topic), separator, data),
    allowedTopics: topics.map((topic) => topicName(prefix, topic)),
    fallbackToFloodsub: false,
    emitSelf: false,
    canRelayMessage: false,
    floodPublish: true,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    doPX: false,
    D: 8,
    Dlo: 6,
    Dhi: 16,
    Dout: 3,
    Dlazy: 8,
    mcacheLength: 12,
    mcacheGossip: 8,
    seenTTL: seenGossipMs,
    asyncValidation: false,
    awaitRpcHandler: true,
    awaitRpcMessageHandler: true,
    maxInboundStreams: maxInboundStreams.gossip,
    maxOutboundStreams: maxInboundStreams.gossip,
    maxInboundDataLength: maxGossipRpcBytes,
    maxOutboundBufferSize: 16 * maxGossipRpcBytes,
    maxTopicBytesPerPeer: 8 * 1024,
    idontwantMaxMessages: 256,
    decodeRpcLimits: {
      maxSubscriptions: 16,
      maxMessages: 128,
      maxIhaveMessageIDs: 1000,
      maxIwantMessageIDs: 500,
      maxIdontwantMessageIDs: 256,
      maxControlMessages: 128,
      maxPeerInfos: 0,
    },
    ...scoring(prefix, standing),
  })

const results: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
}

export const subscribeTo = (pubsub: GossipSub, name: string, validate: (data: Uint8Array, fromPeerId: string) => Verdict): void => {
  pubsub.topicValidators.set(name, (from, message) =>
    message.data.length > maxGossipBytes ? TopicValidatorResult.Reject : results[validate(new Uint8Array(message.data), from.toString())],
  )
  pubsub.subscribe(name)
}
