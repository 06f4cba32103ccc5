import { readdirSync, readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 400

/** Calls `onTooLarge` when the processes of a group hold more memory of their own than `maxBytes`; shared pages, such
 *  as the program itself, do not count. Reads /proc: on other systems nobody watches. Gives the function that ends it. */
export const watchMemory = (group: number, maxBytes: number, onTooLarge: () => void): (() => void) => {
  if (process.platform !== 'linux') return () => {}
  const timer = setInterval(() => {
    if (memoryOfGroup(group) <= maxBytes) return
    clearInterval(timer)
    onTooLarge()
  }, LOOK_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** Bytes of anonymous and shared memory (RssAnon, RssShmem of proc(5)). */
export const memoryOfGroup = (group: number): number => {
  let bytes = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      // pid (name of the program) state ppid pgrp …
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const [, , , pgrp] = stat.slice(stat.lastIndexOf(')')).split(' ')
      if (Number(pgrp) !== group) continue
      const status = readFileSync(`/proc/${name}/status`, 'latin1')
      for (const [, kilobytes] of status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB/gm))
        bytes += Number(kilobytes) * 1024
    } catch {
      // Ended between two looks.
    }
  }
  return bytes
}
