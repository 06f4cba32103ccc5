import { dlopen } from 'bun:ffi'
import { closeSync, constants, openSync } from 'node:fs'

const POLL_MS = 15

// flock(2) operations, the same on Linux and macOS.
const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4

/** A lock on a file that the kernel frees when this process dies, however it dies. */
export type FileLock = {
  /** True when the lock is now held alone; false when someone else holds it (a shared hold may then be lost). */
  tryExclusive: () => boolean
  tryShared: () => boolean
  close: () => void
}

/** Opens (and makes) the file to lock. Each call is a holder of its own, also within one process. */
export const openLock = (path: string): FileLock => {
  // Close-on-exec is what frees the lock with this process: no child may inherit the descriptor.
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
  let open = true
  const attempt = (operation: number): boolean => open && flock(descriptor, operation | LOCK_NB) === 0
  return {
    tryExclusive: () => attempt(LOCK_EX),
    tryShared: () => attempt(LOCK_SH),
    close: () => {
      if (open) closeSync(descriptor)
      open = false
    },
  }
}

/** Waits for the lock to be held alone; false when that did not happen within `withinMs`. */
export const waitExclusive = async (lock: FileLock, withinMs: number): Promise<boolean> => {
  const deadline = Date.now() + withinMs
  while (!lock.tryExclusive()) {
    if (Date.now() > deadline) return false
    await Bun.sleep(POLL_MS)
  }
  return true
}

let library: ((descriptor: number, operation: number) => number) | undefined

const flock = (descriptor: number, operation: number): number => {
  library ??= loadFlock()
  return library(descriptor, operation)
}

const loadFlock = (): ((descriptor: number, operation: number) => number) => {
  const names =
    process.platform === 'darwin'
      ? ['libSystem.B.dylib']
      : ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`]
  let cause: unknown
  for (const name of names) {
    try {
      return dlopen(name, { flock: { args: ['i32', 'i32'], returns: 'i32' } }).symbols.flock
    } catch (error) {
      cause = error
    }
  }
  throw new Error(`no flock() in ${names.join(' or ')}`, { cause })
}
