import { statfsSync } from 'node:fs'

const LOOK_EVERY_MS = 500
/** Of what the disk has left: for unsubscribes alone (on a tiny disk, an eighth of it). */
const RESERVED_BYTES = 4 * 1024 * 1024

/** How many bytes the disk of a folder still takes before only its reserve is left. What others write is seen within
 *  half a second; what is written here is told by `take`. Endless where it cannot be told. */
export const watchRoom = (folder: string) => {
  let room = Infinity
  let seenAt = -Infinity
  return {
    left: (): number => {
      if (performance.now() - seenAt > LOOK_EVERY_MS) {
        room = roomOf(folder)
        seenAt = performance.now()
      }
      return room
    },
    take: (bytes: number): void => void (room -= bytes),
  }
}

const roomOf = (folder: string): number => {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder)
    return bavail * bsize - Math.min(RESERVED_BYTES, (blocks * bsize) / 8)
  } catch {
    return Infinity
  }
}
