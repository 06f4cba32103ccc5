import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'

const EXPIRES_SOON_DAYS = 30
const DAY_MS = 86_400_000
// RFC 8996 (2021) forbids both.
const OLD_PROTOCOLS = new Set(['SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1'])

const PROBLEMS = {
  CERT_HAS_EXPIRED: 'tls-expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name-mismatch',
  HOSTNAME_MISMATCH: 'tls-name-mismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-incomplete-chain',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-incomplete-chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-incomplete-chain',
} as const

/** Certificate and protocol of the site, and whether http visitors are sent to https. */
export const checkTls = (view: SiteView): Finding[] => [
  ...checkCertificate(view),
  ...checkProtocol(view),
  ...checkRedirect(view),
]

const checkCertificate = ({ site, now, host }: SiteView): Finding[] => {
  const { tls, finalUrl: pageUrl } = site
  if (tls.state === 'none') {
    return [found('tls-none', { pageUrl, params: { host } })]
  }
  const validTo = dateOf(tls.validTo)
  const expired = validTo !== null && validTo.getTime() < now.getTime()
  if (expired || tls.problem === 'CERT_HAS_EXPIRED') {
    return [found('tls-expired', { pageUrl, params: { date: validTo ? day(validTo) : '?' } })]
  }
  if (tls.state === 'broken') {
    const problem = tls.problem ?? 'unknown problem'
    const id = PROBLEMS[problem as keyof typeof PROBLEMS] ?? 'tls-broken'
    return [found(id, { pageUrl, params: { problem, host, issuer: tls.issuer ?? '' } })]
  }
  if (validTo === null) return []
  const days = Math.floor((validTo.getTime() - now.getTime()) / DAY_MS)
  if (days >= EXPIRES_SOON_DAYS) return []
  const date = day(validTo)
  return [found('tls-expires-soon', { pageUrl, params: { date, days } })]
}

const checkProtocol = ({ site }: SiteView): Finding[] => {
  const { protocol } = site.tls
  if (site.tls.state === 'none' || protocol === null || !OLD_PROTOCOLS.has(protocol)) return []
  return [found('tls-old-protocol', { pageUrl: site.finalUrl, params: { protocol } })]
}

const checkRedirect = ({ site, host }: SiteView): Finding[] => {
  if (site.httpRedirectsToHttps !== false || site.tls.state === 'none') return []
  return [found('http-not-redirected', { pageUrl: site.finalUrl, params: { host } })]
}

const dateOf = (text: string | null): Date | null => {
  const date = text === null ? null : new Date(text)
  return date && Number.isFinite(date.getTime()) ? date : null
}

const day = (date: Date): string => date.toISOString().slice(0, 10)
