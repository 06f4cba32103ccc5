import { tableError } from './table.ts'

const CONTINUE = 0x003c
const MAX_SHARED_STRINGS = 4_000_000
const WIDE = 1
const PHONETIC = 4
const RICH = 8

/** One record of a .xls stream: `view` is its own data, `blocks` that data and those of the records that go on
 *  with it. */
export type XlsRecord = { id: number; view: DataView; blocks: Uint8Array[] }

export function* readRecords(stream: Uint8Array, start: number): Generator<XlsRecord> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength)
  let at = start
  while (at + 4 <= stream.length) {
    const id = view.getUint16(at, true)
    const block = blockAt(stream, view, at)
    const blocks = [block]
    at += 4 + block.length
    while (at + 4 <= stream.length && view.getUint16(at, true) === CONTINUE) {
      const more = blockAt(stream, view, at)
      blocks.push(more)
      at += 4 + more.length
    }
    if (id === 0 && block.length === 0) return
    yield { id, view: new DataView(block.buffer, block.byteOffset, block.byteLength), blocks }
  }
}

const blockAt = (stream: Uint8Array, view: DataView, at: number): Uint8Array =>
  stream.subarray(at + 4, Math.min(stream.length, at + 4 + view.getUint16(at + 2, true)))

/** Reads the strings of BIFF8 (MS-XLS §2.5.293). A string that runs on into the next record says again there
 *  whether its characters have one byte or two. */
export const createStringReader = (blocks: Uint8Array[], start: number) => {
  let block = 0
  let at = start
  const settle = (): Buffer => {
    while (block < blocks.length && at >= blocks[block]!.length) {
      at -= blocks[block]!.length
      block++
    }
    const bytes = blocks[block]
    if (!bytes) throw tableError('unreadable', 'a text is cut short')
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  const byte = (): number => settle()[at++]!
  const number = (bytes: number): number => {
    let value = 0
    for (let i = 0; i < bytes; i++) value += byte() * 2 ** (8 * i)
    return value
  }
  const characters = (count: number, flags: number): string => {
    let text = ''
    let wide = (flags & WIDE) !== 0
    for (let left = count; left > 0;) {
      const isNext = block < blocks.length && at >= blocks[block]!.length
      const bytes = settle()
      if (isNext) wide = (bytes[at++]! & WIDE) !== 0
      const taken = Math.min(left, wide ? (bytes.length - at) >> 1 : bytes.length - at)
      if (taken <= 0) throw tableError('unreadable', 'a text is cut short')
      const end = at + (wide ? taken * 2 : taken)
      text += wide ? bytes.toString('utf16le', at, end) : bytes.toString('latin1', at, end)
      at = end
      left -= taken
    }
    return text
  }
  const read = (lengthBytes: 1 | 2): string => {
    const count = number(lengthBytes)
    const flags = count === 0 && block >= blocks.length - 1 && at >= (blocks[block]?.length ?? 0) ? 0 : byte()
    const runs = (flags & RICH) !== 0 ? number(2) : 0
    const phonetic = (flags & PHONETIC) !== 0 ? number(4) : 0
    const text = characters(count, flags)
    at += runs * 4 + phonetic
    return text
  }
  const readAll = (count: number): string[] => {
    const strings: string[] = []
    const last = blocks.length - 1
    while (strings.length < Math.min(count, MAX_SHARED_STRINGS)) {
      if (block > last || (block === last && at >= blocks[last]!.length)) break
      strings.push(read(2))
    }
    return strings
  }
  return { read, readAll }
}
