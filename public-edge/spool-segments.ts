import { ftruncateSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileLock } from '#src/db/lock.ts'
import { makeFolder, openDurable, removeFile, segmentName, syncFolder, tryLock } from './spool-files.ts'

const SEGMENT_BYTES = 8 * 1024 * 1024
/** A segment that is delivered is given up for a new one from this size on. */
const SMALL_SEGMENT_BYTES = 256 * 1024
/** Zeros are written ahead of a segment that has grown so far: a durable write costs half when it changes neither the
 *  size of its file nor where it lies. */
const AHEAD_FROM_BYTES = 64 * 1024
const AHEAD_BYTES = 256 * 1024
/** As much as a few hits need. */
const TRIED_BYTES = 16 * 1024

/** A segment of this process: how large the file is, up to where it is written, and up to where it is delivered. */
export type OwnSegment = {
  path: string
  file: FileHandle | null
  size: number
  committed: number
  drained: number
}

/** The segments that this process writes, under its own lock. */
export const ownSegments = (folder: string, owner: string) => {
  const all: OwnSegment[] = []
  let lock: FileLock | null = null
  let number = 0
  let zeros: Buffer | undefined

  const current = async (): Promise<OwnSegment> => {
    const last = all.at(-1)
    if (last?.file) {
      const delivered = last.drained >= last.committed && last.committed >= SMALL_SEGMENT_BYTES
      if (last.committed < SEGMENT_BYTES && !delivered) return last
      await last.file.close()
      last.file = null
    }
    makeFolder(folder)
    lock ??= tryLock(folder, owner)
    const path = join(folder, segmentName(owner, (number += 1)))
    const file = await openDurable(path)
    try {
      syncFolder(folder)
    } catch (error) {
      await file.close()
      removeFile(path)
      throw error
    }
    const made: OwnSegment = { path, file, size: 0, committed: 0, drained: 0 }
    all.push(made)
    return made
  }

  const writeAhead = async (file: FileHandle, segment: OwnSegment, length: number): Promise<void> => {
    if (segment.committed < AHEAD_FROM_BYTES || segment.committed + length <= segment.size) return
    zeros ??= Buffer.alloc(AHEAD_BYTES)
    try {
      await writeAt(file, zeros, segment.size)
      segment.size += zeros.length
    } catch {
      // A disk that is nearly full may still take what there is to write.
    }
  }

  return {
    all,
    /** What waits to be delivered, in bytes. */
    bytes: (): number => all.reduce((sum, each) => sum + each.committed - each.drained, 0),
    /** Rejects unless all of it is on disk; tells how many bytes more the disk has given for it. */
    write: async (data: Buffer): Promise<number> => {
      const segment = await current()
      const { size } = segment
      await writeAhead(segment.file!, segment, data.length)
      await writeAt(segment.file!, data, segment.committed)
      segment.committed += data.length
      segment.size = Math.max(segment.size, segment.committed)
      return segment.size - size
    },
    /** Rejects when nothing can be written; leaves nothing behind (what a crash leaves are zeros, which say nothing). */
    tryRoom: async (): Promise<void> => {
      const segment = await current()
      await writeAt(segment.file!, Buffer.alloc(TRIED_BYTES), segment.committed)
      await segment.file!.truncate(segment.committed)
      segment.size = segment.committed
    },
    /** What a failed write left behind is cut off; a segment that cannot be mended is not written to any more. */
    mend: async (): Promise<void> => {
      const last = all.at(-1)
      if (!last?.file) return
      try {
        await last.file.truncate(last.committed)
        last.size = last.committed
      } catch {
        await last.file.close().catch(() => {})
        last.file = null
      }
    },
    /** Nobody may be writing to it. */
    empty: (segment: OwnSegment): void => {
      if (segment.file === null || segment.drained < segment.committed) return
      ftruncateSync(segment.file.fd, 0)
      segment.size = 0
      segment.committed = 0
      segment.drained = 0
    },
    /** Removes one that is closed and delivered. */
    clear: (segment: OwnSegment): void => {
      if (segment.file !== null || segment.drained < segment.committed) return
      removeFile(segment.path)
      all.splice(all.indexOf(segment), 1)
    },
    /** What is not delivered stays for the next process. */
    close: async (): Promise<void> => {
      for (const segment of all) {
        await segment.file?.close()
        if (segment.drained >= segment.committed) removeFile(segment.path)
      }
      if (all.every((each) => each.drained >= each.committed) && lock)
        removeFile(join(folder, `${owner}.lock`))
      lock?.close()
    },
  }
}

const writeAt = async (file: FileHandle, data: Buffer, at: number): Promise<void> => {
  for (let done = 0; done < data.length;)
    done += (await file.write(data, done, data.length - done, at + done)).bytesWritten
}
