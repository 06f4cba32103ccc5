import type { DomainCheck } from '#src/mail/dns-check/check-domain.ts'
import type { DnsStatus } from '#src/mail/dns-check/finding.ts'

/** The parts in the order in which they are read. */
export const DNS_PARTS = ['spf', 'dkim', 'dmarc', 'mx', 'ptr'] as const

export const DNS_STATUSES = {
  ok: { colour: 'green', text: 'status_ok', domain: 'dnsOk' },
  warning: { colour: 'yellow', text: 'status_warning', domain: 'dnsWarning' },
  failed: { colour: 'red', text: 'status_failed', domain: 'dnsFailed' },
  unknown: { colour: 'secondary', text: 'status_unknown', domain: 'dnsUnknown' },
} as const satisfies Record<DnsStatus, unknown>

/** What is said of the domain as a whole. */
export const worstStatus = (check: DomainCheck): DnsStatus => {
  const found = DNS_PARTS.map((part) => check[part].status)
  return (['failed', 'warning', 'unknown'] as const).find((status) => found.includes(status)) ?? 'ok'
}
