import { PassThrough, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

const MAX_ENCODINGS = 3
const CHUNK_BYTES = 65_536

/** What the wire gave: `cut` when the limit or a lost connection ended it early. */
export type WireBody = { bytes: Uint8Array; cut: boolean }
export type DecodedBody = { bytes: Uint8Array; cut: boolean }

const join = (chunks: Uint8Array[], length: number): Uint8Array => {
  if (chunks.length === 1 && chunks[0]?.length === length) return chunks[0]
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, length - at)
    whole.set(part, at)
    at += part.length
  }
  release(chunks)
  return whole
}

// Left to the garbage collector, the pieces of a hundred pages a second would take more memory than everything else.
const release = (chunks: Uint8Array[]): void => {
  for (const { buffer } of chunks) if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}

/** Reads a body as it comes over the wire, at most `maxBytes`, then hangs up. A connection lost after some bytes
 *  is a cut, as a browser shows it; lost before any, the error is thrown. */
export const readWire = async (
  response: Response,
  maxBytes: number,
  aborted: () => boolean,
): Promise<WireBody> => {
  const reader = response.body?.getReader()
  if (!reader) return { bytes: new Uint8Array(), cut: false }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    while (length <= maxBytes) {
      const { done, value } = await reader.read()
      if (done) return { bytes: join(chunks, length), cut: false }
      chunks.push(value)
      length += value.length
    }
  } catch (error) {
    if (length === 0 || aborted()) throw error
    return { bytes: join(chunks, length), cut: true }
  }
  void reader.cancel().catch(() => {})
  return { bytes: join(chunks, maxBytes), cut: true }
}

// A body that ends too soon still yields what it holds.
const zlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES }
const isZlib = (body: Uint8Array): boolean =>
  ((body[0] ?? 0) & 0x0f) === 8 && (((body[0] ?? 0) << 8) | (body[1] ?? 0)) % 31 === 0

const decoderOf = (encoding: string, body: Uint8Array): Transform | null => {
  if (encoding === 'gzip' || encoding === 'x-gzip')
    return body[0] === 0x1f && body[1] === 0x8b ? createGunzip(zlibOptions) : null
  if (encoding === 'deflate') return isZlib(body) ? createInflate(zlibOptions) : createInflateRaw(zlibOptions)
  if (encoding === 'br')
    return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH, chunkSize: CHUNK_BYTES })
  return encoding === 'zstd' ? createZstdDecompress({ chunkSize: CHUNK_BYTES }) : null
}

const decodeOnce = (decoder: Transform, body: Uint8Array, maxBytes: number): Promise<DecodedBody> =>
  new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const finish = (cut: boolean): void => {
      decoder.destroy()
      resolve({ bytes: join(chunks, Math.min(length, maxBytes)), cut })
    }
    decoder.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) finish(true)
    })
    decoder.on('end', () => finish(false))
    decoder.on('error', () => finish(true))
    const source = new PassThrough()
    source.pipe(decoder)
    source.end(body)
  })

const GZIP_HEADER_BYTES = 10

/** Where the compressed data of a gzip member begins (RFC 1952 §2.3). */
const gzipDataStart = (body: Uint8Array): number => {
  const flags = body[3] ?? 0
  let at = GZIP_HEADER_BYTES
  if (flags & 4) at += 2 + ((body[at] ?? 0) | ((body[at + 1] ?? 0) << 8))
  for (const named of [8, 16]) if (flags & named) at = Math.max(body.indexOf(0, at), at) + 1
  return flags & 2 ? at + 2 : at
}

// Browsers ignore what follows the end of a gzip body, such as white space of a script; Bun's gunzip fails on it.
const rescue = async (
  encoding: string,
  body: Uint8Array,
  decoded: DecodedBody,
  maxBytes: number,
): Promise<DecodedBody> => {
  if (!encoding.endsWith('gzip')) return decoded
  const again = await decodeOnce(createInflateRaw(zlibOptions), body.subarray(gzipDataStart(body)), maxBytes)
  return again.bytes.length > decoded.bytes.length ? again : decoded
}

/** Undoes the content encodings of a body, never making more than `maxBytes`. What says it is compressed and is
 *  not, or names an encoding nobody knows, is passed on as it came. */
export const decodeBody = async (
  wire: WireBody,
  contentEncoding: string | null,
  maxBytes: number,
): Promise<DecodedBody> => {
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  let body: DecodedBody = wire
  for (const encoding of encodings.slice(0, MAX_ENCODINGS).toReversed()) {
    const decoder = body.bytes.length > 0 ? decoderOf(encoding, body.bytes) : null
    if (!decoder) continue
    let decoded = await decodeOnce(decoder, body.bytes, maxBytes)
    if (decoded.cut && decoded.bytes.length < maxBytes)
      decoded = await rescue(encoding, body.bytes, decoded, maxBytes)
    const failed = decoded.cut && decoded.bytes.length === 0
    body = failed
      ? { bytes: body.bytes, cut: body.cut }
      : { bytes: decoded.bytes, cut: body.cut || decoded.cut }
  }
  return body
}
