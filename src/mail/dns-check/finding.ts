import type { DnsCode } from './messages.ts'

/** unknown: it could not be checked, or there is nothing to check; never a guess. */
export type DnsStatus = 'ok' | 'warning' | 'failed' | 'unknown'

/** A record as it is to be entered where the domain's names are kept. `<…>` in it stands for what only its owner knows. */
export type DnsRecord = {
  name: string
  type: 'MX' | 'TXT' | 'PTR'
  value: string
  /** Records of this name and type that it takes the place of. */
  replaces: string[]
}

/** What one part of the check found. The reason in words: dnsWhy (messages.ts). */
export type DnsFinding = {
  status: DnsStatus
  code: DnsCode
  values: Record<string, string>
  /** Records as they are now. */
  found: string[]
  /** What is to be added or replaced; empty when nothing is, or nobody can say from outside. */
  records: DnsRecord[]
}

type More = Partial<Pick<DnsFinding, 'found' | 'records'>> & { values?: Record<string, string | number> }

const finding =
  (status: DnsStatus) =>
  (code: DnsCode, { values = {}, found = [], records = [] }: More = {}): DnsFinding => ({
    status,
    code,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])),
    found,
    records,
  })

export const fine = finding('ok')
export const doubtful = finding('warning')
export const wrong = finding('failed')
export const unclear = finding('unknown')
