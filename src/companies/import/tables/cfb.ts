import { tableError } from './table.ts'

const HEADER_FAT_ENTRIES = 109
const END = 0xfffffffa
const ENTRY = 128
const STREAM = 2
const ROOT = 5
const MAX_ENTRIES = 20_000

type Container = { bytes: Uint8Array; view: DataView; sector: number; fat: number[] }
type StreamEntry = { name: string; kind: number; start: number; size: number }

/** The streams of a compound file (MS-CFB), the container of .xls and of encrypted workbooks. A function reads the
 *  stream when it is wanted. Throws `unreadable`; chains that run in a circle end. */
export const openCompoundFile = (bytes: Uint8Array): Map<string, () => Uint8Array> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 512) throw tableError('unreadable', 'the file is cut short')
  const sectorShift = view.getUint16(30, true)
  if (sectorShift !== 9 && sectorShift !== 12) throw tableError('unreadable')
  const file: Container = { bytes, view, sector: 1 << sectorShift, fat: [] }
  for (const at of fatSectors(file)) readNumbers(file, at, file.fat)
  const entries = readDirectory(readChain(file, view.getUint32(48, true)))
  const root = entries.find(({ kind }) => kind === ROOT)
  const cutoff = view.getUint32(56, true)
  const small = once(() => smallStreams(file, root))
  const open = ({ start, size }: StreamEntry) =>
    size < cutoff ? readSmall(small(), start, size) : readChain(file, start, size)
  return new Map(
    entries.filter(({ kind }) => kind === STREAM).map((entry) => [entry.name, () => open(entry)]),
  )
}

const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

function* fatSectors(file: Container): Generator<number> {
  const max = file.bytes.length / file.sector
  for (let i = 0; i < HEADER_FAT_ENTRIES; i++) {
    const at = file.view.getUint32(76 + i * 4, true)
    if (at < END) yield at
  }
  let next = file.view.getUint32(68, true)
  for (let count = 0; next < END && count < max; count++) {
    const list: number[] = []
    readNumbers(file, next, list)
    next = list.pop() ?? END
    yield* list.filter((at) => at < END)
  }
}

const offsetOf = (file: Container, sector: number): number => (sector + 1) * file.sector

const readNumbers = (file: Container, sector: number, into: number[]): void => {
  const at = offsetOf(file, sector)
  const end = Math.min(at + file.sector, file.bytes.length - 3)
  for (let i = at; i < end; i += 4) into.push(file.view.getUint32(i, true))
}

const readChain = (file: Container, start: number, size = Infinity): Uint8Array => {
  const pieces: Uint8Array[] = []
  let total = 0
  const max = file.bytes.length / file.sector + 1
  for (let at = start; at < END && total < size && pieces.length < max; at = file.fat[at] ?? END) {
    const piece = file.bytes.subarray(offsetOf(file, at), offsetOf(file, at) + file.sector)
    pieces.push(piece)
    total += piece.length
  }
  const all = Buffer.concat(pieces)
  return size < all.length ? all.subarray(0, size) : all
}

const readDirectory = (bytes: Uint8Array): StreamEntry[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: StreamEntry[] = []
  for (let at = 0; at + ENTRY <= bytes.length && entries.length < MAX_ENTRIES; at += ENTRY) {
    const length = Math.min(64, view.getUint16(at + 64, true))
    entries.push({
      name: new TextDecoder('utf-16le').decode(bytes.subarray(at, at + Math.max(0, length - 2))),
      kind: bytes[at + 66]!,
      start: view.getUint32(at + 116, true),
      size: view.getUint32(at + 120, true),
    })
  }
  return entries
}

type SmallStreams = { bytes: Uint8Array; fat: number[]; sector: number }

const smallStreams = (file: Container, root: StreamEntry | undefined): SmallStreams => {
  const table = readChain(file, file.view.getUint32(60, true))
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength)
  return {
    bytes: root ? readChain(file, root.start, root.size) : new Uint8Array(),
    fat: Array.from({ length: table.length >> 2 }, (_, i) => view.getUint32(i * 4, true)),
    sector: 1 << Math.min(12, file.view.getUint16(32, true)),
  }
}

const readSmall = (small: SmallStreams, start: number, size: number): Uint8Array => {
  const pieces: Uint8Array[] = []
  for (let at = start; at < END && pieces.length * small.sector < size; at = small.fat[at] ?? END) {
    pieces.push(small.bytes.subarray(at * small.sector, (at + 1) * small.sector))
  }
  return Buffer.concat(pieces).subarray(0, size)
}
