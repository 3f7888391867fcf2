import { requestHeaderBytes } from './transport.ts'

/**
 * A frame of a request protocol: kind (1 byte), id (4 bytes, big-endian, chosen by the asking end), payload. Raw rather than CBOR
 * because every request passes here and its payload is opaque: no copy is decoded or encoded again.
 */
export type RequestFrameKind = 'request' | 'answer' | 'refused' | 'rate-limited'
export type RequestFrame = { readonly kind: RequestFrameKind; readonly id: number; readonly payload: Uint8Array }

/** Sent as its position: append only. */
const kinds: readonly RequestFrameKind[] = ['request', 'answer', 'refused', 'rate-limited']

export const encodeRequestFrame = (kind: RequestFrameKind, id: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const frame = new Uint8Array(requestHeaderBytes + payload.length)
  frame[0] = kinds.indexOf(kind)
  new DataView(frame.buffer).setUint32(1, id)
  frame.set(payload, requestHeaderBytes)
  return frame
}

/** Null for bytes that are no such frame. A refusal carries no payload: it says no more. */
export const decodeRequestFrame = (frame: Uint8Array): RequestFrame | null => {
  const kind = kinds[frame[0] ?? kinds.length]
  if (kind === undefined || frame.length < requestHeaderBytes) return null
  if ((kind === 'refused' || kind === 'rate-limited') && frame.length !== requestHeaderBytes) return null
  const id = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(1)
  return { kind, id, payload: frame.subarray(requestHeaderBytes) }
}
