import type { TLSSocket } from 'node:tls'

const MAX_NAME_LENGTH = 200
const MAX_NAMES = 100

/** What a handshake showed. The first six fields are a TlsRecord of the crawl. */
export type CertificateFacts = {
  /** `broken`: the handshake succeeds, but the certificate does not verify (`problem`). */
  state: 'ok' | 'broken'
  /** OpenSSL-style code, such as CERT_HAS_EXPIRED. */
  problem: string | null
  /** `TLSv1.3` … */
  protocol: string | null
  /** Organisation and common name of who signed it. */
  issuer: string | null
  /** ISO 8601 */
  validFrom: string | null
  validTo: string | null
  subject: string | null
  /** DNS names and addresses the certificate is for. */
  names: string[]
  selfSigned: boolean
  /** `h2`, `http/1.1` or null when the server chose none. */
  alpn: string | null
}

/** Reads what a connected socket knows of the other side; a certificate is hostile text and is bounded. */
export const factsOf = (socket: TLSSocket): CertificateFacts => {
  const certificate = socket.getPeerCertificate()
  const problem = socket.authorized ? null : problemCode(socket.authorizationError)
  return {
    state: socket.authorized ? 'ok' : 'broken',
    problem,
    protocol: socket.getProtocol(),
    issuer: nameOf(certificate.issuer),
    validFrom: isoDate(certificate.valid_from),
    validTo: isoDate(certificate.valid_to),
    subject: nameOf(certificate.subject),
    names: alternativeNames(certificate.subjectaltname),
    selfSigned: problem === 'DEPTH_ZERO_SELF_SIGNED_CERT',
    alpn: socket.alpnProtocol || null,
  }
}

// Bun gives the code as text where Node's types promise an Error.
const problemCode = (error: unknown): string => {
  const code = typeof error === 'string' ? error : (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? clean(code) : 'CERT_REJECTED'
}

const clean = (text: string): string => text.replace(/\p{Cc}/gu, ' ').slice(0, MAX_NAME_LENGTH)

const nameOf = (name: { O?: string | string[]; CN?: string | string[] } | undefined): string | null => {
  const organisation = [name?.O ?? []].flat().join(', ')
  const common = [name?.CN ?? []].flat().join(', ')
  const parts = common.includes(organisation) ? [common] : [organisation, common]
  return clean(parts.filter(Boolean).join(' ')) || null
}

const isoDate = (text: string | undefined): string | null => {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

const alternativeNames = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((entry) => clean(entry.trim().replace(/^(DNS|IP Address):/, '')))
    .filter(Boolean)
    .slice(0, MAX_NAMES)
