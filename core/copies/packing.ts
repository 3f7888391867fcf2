import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { decodeBytes, encodeBytes } from '../platform/codec.ts'
import { contentCodec, maxPlainBytes, maxSealedBytes, type Content } from './model.ts'

/** Packed; what makes it too large is left out, the largest first. */
export const packContent = (content: Content): Uint8Array => {
  for (let kept = content; ; kept = withoutLargest(kept)) {
    const plain = encodeBytes(contentCodec, kept)
    const packed = new Uint8Array(deflateRawSync(plain))
    if (plain.length <= maxPlainBytes && packed.length <= maxSealedBytes - sealOverheadBytes) return packed
  }
}
const sealOverheadBytes = 16

const withoutLargest = (content: Content): Content => {
  const sizes = content.tasks.map(({ prompt, answer, sealed }) => prompt.length + answer.length + (sealed?.length ?? 0))
  if (sizes.length > 0) return { ...content, tasks: content.tasks.toSpliced(sizes.indexOf(Math.max(...sizes)), 1) }
  const { jobs, receipts, devices, commands, ended } = content
  return {
    tasks: [],
    jobs: jobs.slice(1),
    receipts: receipts.slice(1),
    devices: devices.slice(1),
    commands: commands.slice(1),
    ended: ended.slice(1),
  }
}

/** Null for what this program did not write. */
export const unpackContent = (packed: Uint8Array): Content | null => {
  try {
    const plain = new Uint8Array(inflateRawSync(packed, { maxOutputLength: maxPlainBytes }))
    const content = decodeBytes(contentCodec, plain, maxPlainBytes, 'sealed copy')
    return content.ok ? content.value : null
  } catch {
    return null
  }
}
