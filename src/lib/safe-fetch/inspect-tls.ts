import { connect } from 'node:tls'
import { portOf, vetAddresses, vetHost } from '../address-vetting.ts'
import { factsOf, type CertificateFacts } from '../certificate-facts.ts'
import { ok, type Result } from '../errors.ts'
import { problemFrom, problemOf, type FetchProblem } from '../fetch-problems.ts'
import { canonicalAddress } from '../networks.ts'
import type { FetchOptions } from '../safe-fetch.ts'
import { serverNameOf } from './server-name.ts'

const TLS_INSPECTION_TIMEOUT_MS = 8_000

/** Shakes hands once with a vetted address and tells what certificate it shows, valid or not; no HTTP is spoken.
 *  @param address where an earlier fetch was answered (vetted again); without it the name is resolved */
export const inspectTls = async (
  host: string,
  port: number,
  options: Pick<
    FetchOptions,
    'allowNetworks' | 'denyNetworks' | 'resolve' | 'certificateAuthorities' | 'signal'
  > & {
    address?: string
  } = {},
): Promise<Result<CertificateFacts & { address: string }, FetchProblem>> => {
  const { allowNetworks: allow = [], denyNetworks: deny = [], resolve, address: known } = options
  const vetted = known
    ? vetAddresses(host, [known], port, { allow, deny })
    : await vetHost(host, port, { allow, deny, ...(resolve ? { resolve } : {}) })
  if (!vetted.ok) return { ok: false, problem: problemOf(vetted.problem.code, vetted.problem.message) }
  const address = vetted.value[0]
  if (address === undefined) return { ok: false, problem: problemOf('dns', `${host} has no address.`) }
  const url = new URL(`https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`)
  return shakeHands(url, address, options)
}

const shakeHands = (
  url: URL,
  address: string,
  options: Pick<FetchOptions, 'certificateAuthorities' | 'signal'>,
): Promise<Result<CertificateFacts & { address: string }, FetchProblem>> =>
  new Promise((resolve) => {
    const name = serverNameOf(url)
    const socket = connect({
      host: address,
      port: portOf(url),
      ...(canonicalAddress(name) ? {} : { servername: name }),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(options.certificateAuthorities === undefined ? {} : { ca: options.certificateAuthorities }),
    })
    const finish = (result: Result<CertificateFacts & { address: string }, FetchProblem>): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', cancel)
      socket.destroy()
      resolve(result)
    }
    const giveUp = (why: 'late' | 'cancelled'): void =>
      finish({ ok: false, problem: problemFrom(null, why, url) })
    const cancel = (): void => giveUp('cancelled')
    const timer = setTimeout(() => giveUp('late'), TLS_INSPECTION_TIMEOUT_MS)
    options.signal?.addEventListener('abort', cancel)
    socket.on('error', (error) => finish({ ok: false, problem: problemFrom(error, null, url) }))
    socket.on('close', () => finish({ ok: false, problem: problemFrom(null, null, url) }))
    socket.on('secureConnect', () => finish(ok({ ...factsOf(socket), address })))
    if (options.signal?.aborted) cancel()
  })
