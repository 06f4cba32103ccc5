import { createConnection, type Socket } from 'node:net'
import { vetAddresses, vetHost } from '../address-vetting.ts'
import { ok, type Result } from '../errors.ts'
import { addressesFor } from '../fetch-memory.ts'
import { problemFrom, problemOf, type FetchProblem } from '../fetch-problems.ts'
import type { FetchOptions } from '../safe-fetch.ts'

const CONNECT_TIMEOUT_MS = 8_000
const MAX_ADDRESSES_TRIED = 3

export type ConnectOptions = Pick<
  FetchOptions,
  'allowNetworks' | 'denyNetworks' | 'resolve' | 'memory' | 'signal'
>

/** Opens a TCP connection to a host by the same rules as safeFetch: the name is resolved by the system, every address
 *  vetted, the connection pinned to a vetted one. No byte is sent.
 *  @param host name or literal address, as `URL.hostname` gives it */
export const connectVetted = async (
  host: string,
  port: number,
  options: ConnectOptions = {},
): Promise<Result<Socket, FetchProblem>> => {
  const vetted = await vettedAddresses(host, port, options)
  if (!vetted.ok) return { ok: false, problem: problemOf(vetted.problem.code, vetted.problem.message) }
  let last = problemOf('unreachable', `${host} did not answer.`)
  for (const address of vetted.value.slice(0, MAX_ADDRESSES_TRIED)) {
    const opened = await openSocket(address, port, new URL(`http://${host}:${port}`), options.signal)
    if (opened.ok) return opened
    last = opened.problem
    if (last.code === 'stopped') break
  }
  return { ok: false, problem: last }
}

const vettedAddresses = async (host: string, port: number, options: ConnectOptions) => {
  const { allowNetworks: allow = [], denyNetworks: deny = [], resolve, memory } = options
  const known = memory ? addressesFor(memory, host) : null
  if (known) return vetAddresses(host, known, port, { allow, deny })
  const found = await vetHost(host, port, { allow, deny, ...(resolve ? { resolve } : {}) })
  if (found.ok) memory?.addresses.set(host, { addresses: found.value, at: performance.now() })
  return found
}

const openSocket = (
  address: string,
  port: number,
  url: URL,
  signal: AbortSignal | undefined,
): Promise<Result<Socket, FetchProblem>> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve({ ok: false, problem: problemFrom(null, 'cancelled', url) })
    const socket = createConnection({ host: address, port })
    const settle = (result: Result<Socket, FetchProblem>): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      socket.removeAllListeners('error')
      if (!result.ok) socket.on('error', () => {}).destroy()
      resolve(result)
    }
    const giveUp = (why: 'late' | 'cancelled'): void =>
      settle({ ok: false, problem: problemFrom(null, why, url) })
    const cancel = (): void => giveUp('cancelled')
    const timer = setTimeout(() => giveUp('late'), CONNECT_TIMEOUT_MS)
    signal?.addEventListener('abort', cancel)
    socket.once('error', (error) => settle({ ok: false, problem: problemFrom(error, null, url) }))
    socket.once('connect', () => settle(ok(socket)))
  })
