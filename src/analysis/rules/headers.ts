import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'

// Six months: the least the MDN HTTP Observatory accepts without a deduction.
const HSTS_LEAST_SECONDS = 15_768_000
const DAY_SECONDS = 86_400

/** Security headers of the home page, after the tests of the MDN HTTP Observatory. */
export const checkHeaders = ({ home, site, https }: SiteView): Finding[] => {
  if (!home || Object.keys(home.headers).length === 0) return []
  const pageUrl = home.finalUrl
  const header = (name: string) => home.headers[name]?.trim() ?? ''
  const missing = (id: Parameters<typeof found>[0], name: string) =>
    found(id, { pageUrl, params: { header: name } })
  const findings: Finding[] = []

  if (https && site.tls.state === 'ok')
    findings.push(...checkHsts(header('strict-transport-security'), pageUrl))
  // A policy of a meta element counts for scripts; browsers ignore its frame-ancestors.
  const policy = header('content-security-policy')
  const scripts = policy || (home.metaCsp ?? '').trim()
  if (scripts === '') findings.push(missing('csp-missing', 'Content-Security-Policy'))
  else findings.push(...checkPolicy(scripts, pageUrl))
  if (header('x-frame-options') === '' && !/(^|[;,])\s*frame-ancestors\s/i.test(policy)) {
    findings.push(found('frame-protection-missing', { pageUrl }))
  }
  if (!/^nosniff\b/i.test(header('x-content-type-options'))) {
    findings.push(missing('nosniff-missing', 'X-Content-Type-Options'))
  }
  if (header('referrer-policy') === '') findings.push(missing('referrer-policy-missing', 'Referrer-Policy'))
  if (header('permissions-policy') === '')
    findings.push(missing('permissions-policy-missing', 'Permissions-Policy'))
  return findings
}

const checkHsts = (value: string, pageUrl: string): Finding[] => {
  const seconds = Number(/max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0)
  if (seconds === 0) {
    return [found('hsts-missing', { pageUrl, params: { header: 'Strict-Transport-Security', value } })]
  }
  if (seconds >= HSTS_LEAST_SECONDS) return []
  const days = Math.floor(seconds / DAY_SECONDS)
  return [found('hsts-short', { pageUrl, params: { days } })]
}

const checkPolicy = (policy: string, pageUrl: string): Finding[] => {
  const directives = new Map(
    policy.split(/[;,]/).map((part) => {
      const [name = '', ...sources] = part.trim().toLowerCase().split(/\s+/)
      return [name, sources] as const
    }),
  )
  const scripts = directives.get('script-src') ?? directives.get('default-src')
  // A nonce, a hash or strict-dynamic switches 'unsafe-inline' off.
  const guarded = scripts?.some((source) => /^'(nonce-|sha\d+-|strict-dynamic)/.test(source))
  const open = !scripts || scripts.includes('*') || (scripts.includes("'unsafe-inline'") && !guarded)
  if (!open) return []
  return [found('csp-weak', { pageUrl, params: { sources: scripts?.join(' ') ?? '' } })]
}
