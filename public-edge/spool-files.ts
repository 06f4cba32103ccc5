import { closeSync, constants, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { openLock, type FileLock } from '#src/db/lock.ts'

const SUM_LENGTH = 8
const NEWLINE = 0x0a
const BETWEEN = '\t'
/** Of UTF-8 for one unit of a string. */
const MAX_BYTES_OF_UNIT = 3
const ROOM_BYTES = 256 * 1024
/** A line this long takes no more records: lines are delivered whole, and a server takes only so much at a time. */
const LINE_UNITS = 64 * 1024
const NAME = /^([\w-]+)\.(\d{6})\.seg$/

/** One segment: `<owner>.<number>.seg`. */
export type Segment = { owner: string; name: string; bytes: number }

/** Makes lines of records that are written, and acknowledged, together: checksum of the rest in hexadecimal, a space, the
 *  JSON of each, tabs between them (JSON has none that is not escaped). What it returns holds until the next call. */
export const recordEncoder = () => {
  const usual = Buffer.alloc(ROOM_BYTES)
  return (records: string[]): Buffer => {
    const texts = textsOf(records)
    const most = texts.reduce((sum, text) => sum + SUM_LENGTH + 1 + text.length * MAX_BYTES_OF_UNIT + 1, 0)
    const room = most > usual.length ? Buffer.alloc(most) : usual
    const end = texts.reduce((at, text) => writeLine(room, at, text), 0)
    return room.subarray(0, end)
  }
}

const textsOf = (records: string[]): string[] => {
  const texts: string[] = []
  for (let from = 0, to = 0; from < records.length; from = to) {
    for (let units = 0; to < records.length && units < LINE_UNITS; to++) units += records[to]!.length
    texts.push(records.slice(from, to).join(BETWEEN))
  }
  return texts
}

const writeLine = (room: Buffer, at: number, text: string): number => {
  const start = at + SUM_LENGTH + 1
  const end = start + room.write(text, start, 'utf8')
  room.write(`${sumOf(room.subarray(start, end))} `, at, 'latin1')
  room[end] = NEWLINE
  return end + 1
}

const sumOf = (bytes: Uint8Array): string => Bun.hash.crc32(bytes).toString(16).padStart(SUM_LENGTH, '0')

export const listSegments = (folder: string): Segment[] =>
  readdirSync(folder)
    .flatMap((name) => {
      const owner = NAME.exec(name)?.[1]
      const bytes = owner === undefined ? 0 : sizeOf(join(folder, name))
      return owner === undefined ? [] : [{ owner, name, bytes }]
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))

// Another process may have drained and removed it meanwhile.
const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

export const segmentName = (owner: string, number: number): string =>
  `${owner}.${String(number).padStart(6, '0')}.seg`

/** Makes the folder, private to this user. */
export const makeFolder = (folder: string): void => void mkdirSync(folder, { recursive: true, mode: 0o700 })

/** A new file is not there after a power cut unless its folder is synchronised too. */
export const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

const { O_CREAT, O_DSYNC, O_EXCL, O_WRONLY } = constants

/** Makes a file whose writes are on disk when they return: an fdatasync within each, and one thread less to wait for. */
export const openDurable = (path: string): Promise<FileHandle> =>
  open(path, O_WRONLY | O_CREAT | O_EXCL | O_DSYNC, 0o600)

/** The lock of a process on its segments, freed by its death; null when it is held. */
export const tryLock = (folder: string, owner: string): FileLock | null => {
  const lock = openLock(join(folder, `${owner}.lock`))
  if (lock.tryExclusive()) return lock
  lock.close()
  return null
}

export const removeFile = (path: string): void => rmSync(path, { force: true })

export type Piece = {
  /** JSON of each record. */
  records: string[]
  /** Where the next piece begins. */
  next: number
  /** Lines whose checksum was wrong: a write cut off by a crash, never acknowledged. */
  torn: number
}

/** Whole lines of a segment from a position up to `end`, at most about `atMost` bytes. */
export const readPiece = async (path: string, from: number, end: number, atMost: number): Promise<Piece> => {
  const file = await open(path, 'r')
  try {
    let wanted = Math.min(end - from, atMost)
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, from)
      const bytes = buffer.subarray(0, bytesRead)
      const lastBreak = bytes.lastIndexOf(NEWLINE)
      const whole = lastBreak >= 0 || from + bytesRead >= end || bytesRead < wanted
      if (whole) return parseLines(bytes, lastBreak, from)
      wanted = Math.min(end - from, wanted * 2)
    }
  } finally {
    await file.close()
  }
}

const parseLines = (bytes: Buffer, lastBreak: number, from: number): Piece => {
  // Without any line break, what is left is a torn tail, or zeros that were written ahead: over it.
  if (lastBreak < 0) return { records: [], next: from + bytes.length, torn: bytes.some(Boolean) ? 1 : 0 }
  const records: string[] = []
  let torn = 0
  for (let start = 0; start <= lastBreak;) {
    const stop = bytes.indexOf(NEWLINE, start)
    const found = parseLine(bytes.subarray(start, stop))
    if (found === undefined) torn += 1
    else records.push(...found)
    start = stop + 1
  }
  return { records, next: from + lastBreak + 1, torn }
}

const parseLine = (line: Buffer): string[] | undefined => {
  const json = line.subarray(SUM_LENGTH + 1)
  if (line.length <= SUM_LENGTH + 1 || line.toString('latin1', 0, SUM_LENGTH) !== sumOf(json))
    return undefined
  return json.toString('utf8').split(BETWEEN)
}
