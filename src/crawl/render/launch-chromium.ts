import { spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { startGuardingProxy, type GuardingProxy } from '#src/lib/safe-fetch/guarding-proxy.ts'
import { connectCdp, type CdpConnection } from './cdp-connection.ts'
import { chromiumFlags } from './chromium-flags.ts'
import { watchMemory } from './watch-memory.ts'

// In the range that distributions leave unused (see the database's in embedded-place.ts).
const BROWSER_UID = 60_719
const START_TIMEOUT_MS = 20_000
const PROFILE_NAME = 'prospectlab-chromium-'
// A socket of Chromium's lies below it, and such a path has 104 bytes at most.
const LONGEST_PLACE = 55
const FORGOTTEN_AFTER_MS = 86_400_000

export type LaunchOptions = {
  path: string
  userAgent: string
  /** All that the browser sees of the environment. */
  environment: Record<string, string>
  /** Of all its processes together; more ends it. */
  maxMemoryBytes: number
}

export type Chromium = {
  cdp: CdpConnection
  proxy: GuardingProxy
  pid: number
  alive: () => boolean
  /** True when it was ended because it took too much memory. */
  tooLarge: () => boolean
  /** Ends it and all its processes at once, and removes its profile. */
  kill: () => void
  gone: Promise<void>
}

type Identity = { uid: number; gid: number } | null

/** Starts a browser with a profile of its own behind a guarding proxy of its own. It is spoken to through pipes: when
 *  this process ends, however it ends, they close and the browser ends itself. As root it runs under a user of its own,
 *  in its sandbox; only where that does not start it runs as root, without. Rejects when it does not start. */
export const launchChromium = async (options: LaunchOptions): Promise<Chromium> => {
  removeForgottenProfiles()
  if (process.getuid?.() !== 0) return start(options, null, true)
  const user = { uid: BROWSER_UID, gid: BROWSER_UID }
  return start(options, user, true).catch(() => start(options, null, false))
}

const start = async (options: LaunchOptions, user: Identity, sandboxed: boolean): Promise<Chromium> => {
  const proxy = await startGuardingProxy()
  const profile = await makeProfile(user).catch((error) => {
    proxy.close()
    throw error
  })
  const { path, userAgent } = options
  const child = spawn(path, chromiumFlags({ profile, proxyPort: proxy.port, userAgent, sandboxed }), {
    ...user,
    env: {
      ...options.environment,
      HOME: profile,
      ...(profile.length < LONGEST_PLACE && { TMPDIR: profile }),
    },
    cwd: profile,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C is for us, and one signal ends all of it.
    detached: true,
  })
  const pid = child.pid
  const { promise: gone, resolve: tellGone } = Promise.withResolvers<void>()
  let ended = false
  let tooLarge = false
  const kill = (): void => {
    if (ended) return
    ended = true
    stopWatching()
    killGroup(pid)
    proxy.close()
  }
  const stopWatching =
    pid === undefined
      ? () => {}
      : watchMemory(pid, options.maxMemoryBytes, () => {
          tooLarge = true
          kill()
        })
  const finish = (): void => {
    kill()
    removeProfile(profile)
    tellGone()
  }
  child.on('error', finish)
  child.on('exit', finish)
  if (pid === undefined) {
    await gone
    throw new Error('the browser could not be started')
  }
  const cdp = connectCdp(child.stdio[3] as Writable, child.stdio[4] as Readable)
  void cdp.closed.then(kill)
  const timer = setTimeout(kill, START_TIMEOUT_MS)
  try {
    await cdp.send('Browser.getVersion')
  } catch {
    kill()
    throw new Error('the browser did not start')
  } finally {
    clearTimeout(timer)
  }
  return { cdp, proxy, pid, alive: () => !ended, tooLarge: () => tooLarge, kill, gone }
}

const makeProfile = async (user: Identity): Promise<string> => {
  const profile = mkdtempSync(join(tmpdir(), `${PROFILE_NAME}${process.pid}-`))
  try {
    if (user) chownSync(profile, user.uid, user.gid)
    return profile
  } catch (error) {
    removeProfile(profile)
    throw error
  }
}

const removeProfile = (profile: string): void => {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch {
    // A process that is just dying still writes there: the next start removes what is left.
  }
}

const killGroup = (pid: number | undefined): void => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** What a process that was killed could not remove. */
const removeForgottenProfiles = (): void => {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PROFILE_NAME)) continue
    const path = join(tmpdir(), name)
    try {
      const old = Date.now() - statSync(path).mtimeMs > FORGOTTEN_AFTER_MS
      const [owner] = name.slice(PROFILE_NAME.length).split('-')
      if (old || !isRunning(Number(owner))) rmSync(path, { recursive: true, force: true })
    } catch {
      // Another user's, or just removed by another process.
    }
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}
