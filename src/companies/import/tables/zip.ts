import { Inflate } from 'fflate'
import { tableError, type TableLimits } from './table.ts'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const ZIP64_FIELD = 0x0001
const MAX_COMMENT = 65_535
const MAX_ENTRIES = 10_000
const PIECE = 16 * 1024
const TEXT_PIECE = 64 * 1024
// Deflate cannot exceed about 1,032:1; sheets of repeated rows reach 100:1, bombs sit near the maximum.
const SUSPECT_RATIO = 200
const SUSPECT_SIZE = 32 * 1024 * 1024

type Entry = { method: number; encrypted: boolean; offset: number; packed: number; size: number }

/** An open zip: the directory is read, nothing is inflated. `budget` counts the bytes really inflated. */
export type Zip = { bytes: Uint8Array; view: DataView; entries: Map<string, Entry>; limits: TableLimits }

/** Reads the directory at the end of a zip. Throws `unreadable` when there is none. */
export const openZip = (bytes: Uint8Array, limits: TableLimits): Zip => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  const zip: Zip = { bytes, view, entries: new Map(), limits }
  const count = Math.min(view.getUint16(end + 10, true), MAX_ENTRIES)
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw tableError('unreadable')
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    zip.entries.set(name.replaceAll('\\', '/'), readEntry(view, at, at + 46 + nameLength, extraLength))
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true)
  }
  return zip
}

const findEnd = (view: DataView): number => {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at
  }
  throw tableError('unreadable', 'the archive is cut short')
}

const readEntry = (view: DataView, at: number, extraAt: number, extraLength: number): Entry => {
  const entry: Entry = {
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    method: view.getUint16(at + 10, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  }
  let field = extraAt
  const end = Math.min(extraAt + extraLength, view.byteLength)
  while (field + 4 <= end) {
    const length = view.getUint16(field + 2, true)
    if (view.getUint16(field, true) === ZIP64_FIELD) {
      let value = field + 4
      for (const key of ['size', 'packed', 'offset'] as const) {
        if (entry[key] !== 0xffffffff || value + 8 > end) continue
        entry[key] = Number(view.getBigUint64(value, true))
        value += 8
      }
    }
    field += 4 + length
  }
  return entry
}

/** Refuses, before anything is inflated, what these parts declare to unpack to. The declared sizes may lie:
 *  `partText` counts again what really comes out. */
export const checkDeclaredSizes = (zip: Zip, names: Iterable<string>): void => {
  let total = 0
  for (const name of names) {
    const entry = zip.entries.get(name)
    if (!entry) continue
    if (entry.encrypted) throw tableError('encrypted')
    total += entry.size
    refuseBomb(entry.size, entry.packed, zip.limits)
  }
  if (total > zip.limits.inflated) throw tableError('zip_bomb')
}

const refuseBomb = (size: number, packed: number, limits: TableLimits): void => {
  if (size > limits.inflated) throw tableError('zip_bomb')
  if (size > SUSPECT_SIZE && size > packed * SUSPECT_RATIO) throw tableError('zip_bomb')
}

/** The text of one part (UTF-8, or UTF-16 by its byte order mark), piece by piece. */
export function* partText(zip: Zip, name: string): Generator<string> {
  const entry = zip.entries.get(name)
  if (!entry) throw tableError('unreadable', `${name.slice(0, 80)} is missing`)
  let decoder: InstanceType<typeof TextDecoder> | undefined
  for (const bytes of inflate(zip, entry)) {
    decoder ??= new TextDecoder(encodingOf(bytes))
    for (let at = 0; at < bytes.length; at += TEXT_PIECE) {
      yield decoder.decode(bytes.subarray(at, at + TEXT_PIECE), { stream: true })
    }
  }
  if (decoder) yield decoder.decode()
}

const encodingOf = (bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
}

function* inflate(zip: Zip, entry: Entry): Generator<Uint8Array> {
  const packed = packedBytes(zip, entry)
  if (entry.method === 0) {
    yield packed
    return
  }
  if (entry.method !== 8) throw tableError('unreadable', 'unknown compression')
  let out: Uint8Array[] = []
  let size = 0
  const inflater = new Inflate((piece) => {
    size += piece.length
    if (piece.length > 0) out.push(piece)
  })
  for (let at = 0; at < packed.length; at += PIECE) {
    const final = at + PIECE >= packed.length
    push(inflater, packed.subarray(at, at + PIECE), final)
    refuseBomb(size, packed.length, zip.limits)
    yield* out
    out = []
  }
}

const push = (inflater: Inflate, piece: Uint8Array, final: boolean): void => {
  try {
    inflater.push(piece, final)
  } catch {
    throw tableError('unreadable', 'the archive is damaged')
  }
}

const packedBytes = (zip: Zip, entry: Entry): Uint8Array => {
  if (entry.encrypted) throw tableError('encrypted')
  if (entry.offset + 30 > zip.bytes.length) throw tableError('unreadable', 'the archive is cut short')
  const start =
    entry.offset +
    30 +
    zip.view.getUint16(entry.offset + 26, true) +
    zip.view.getUint16(entry.offset + 28, true)
  if (start + entry.packed > zip.bytes.length) throw tableError('unreadable', 'the archive is cut short')
  return zip.bytes.subarray(start, start + entry.packed)
}
