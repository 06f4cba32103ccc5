import { parseNetwork } from '#src/lib/networks.ts'

const QUALIFIERS = '+-~?'
const MECHANISMS = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const
const CIDR = /(?:\/(\d{1,3}))?(?:\/\/(\d{1,3}))?$/

export type SpfKind = (typeof MECHANISMS)[number] | 'redirect'

/** One term of a record. `bits`: how many of an address are compared, IPv4 and IPv6. */
export type SpfTerm = {
  source: string
  qualifier: string
  kind: SpfKind
  /** The name or address it speaks of; null: the domain itself. */
  target: string | null
  bits: [number, number]
}

export type SpfRecord = { terms: SpfTerm[]; bad: string | null }

/** Whether a TXT record is one of SPF (RFC 7208 §4.5). */
export const isSpf = (text: string): boolean => /^v=spf1(?: |$)/i.test(text)

/** The terms of a record (RFC 7208 §4.6, §12); `bad` is the first that nobody understands. `redirect` comes last, and
 *  only where there is no `all` (§6.1). */
export const readSpf = (record: string): SpfRecord => {
  const read: SpfTerm[] = []
  let redirect: SpfTerm | null = null
  let bad: string | null = null
  for (const source of record.split(/ +/).slice(1).filter(Boolean)) {
    const [, name = '', value = ''] = /^([a-z][\w.-]*)=(.*)$/i.exec(source) ?? []
    const known = name.toLowerCase()
    // `include=` is a modifier that nobody knows: it would do nothing, silently.
    const isMistaken = (MECHANISMS as readonly string[]).includes(known)
    if (name && !isMistaken) {
      if (known === 'redirect')
        redirect = { source, qualifier: '+', kind: 'redirect', target: value, bits: [32, 128] }
      continue
    }
    const term = name ? null : readMechanism(source)
    if (term) read.push(term)
    else bad ??= source
  }
  const hasAll = read.some(({ kind }) => kind === 'all')
  return { terms: redirect && !hasAll ? [...read, redirect] : read, bad }
}

const readMechanism = (source: string): SpfTerm | null => {
  const hasQualifier = QUALIFIERS.includes(source.charAt(0))
  const qualifier = hasQualifier ? source.charAt(0) : '+'
  const bare = hasQualifier ? source.slice(1) : source
  const [, name = '', rest = ''] = /^([a-z0-9]+)(.*)$/i.exec(bare) ?? []
  const kind = MECHANISMS.find((one) => one === name.toLowerCase())
  if (!kind) return null
  const term = { source, qualifier, kind, target: null, bits: [32, 128] as [number, number] }
  if (kind === 'all') return rest === '' ? term : null
  if (kind === 'ip4' || kind === 'ip6') {
    const target = rest.slice(1)
    const isRight = rest.startsWith(':') && target.includes(':') === (kind === 'ip6')
    return isRight && parseNetwork(target) ? { ...term, target } : null
  }
  const [cidr, four, six] = CIDR.exec(rest) ?? ['']
  const target = rest.slice(0, rest.length - (cidr ?? '').length)
  if (target !== '' && !/^:[\w.%{}+/=,-]+$/.test(target)) return null
  const hasTarget = target.length > 1
  if (['include', 'exists'].includes(kind) && (!hasTarget || cidr)) return null
  const bits: [number, number] = [Number(four ?? 32), Number(six ?? 128)]
  if (bits[0] > 32 || bits[1] > 128) return null
  return { ...term, target: hasTarget ? target.slice(1) : null, bits }
}

/** The record with another mechanism, before what decides on the rest. */
export const withMechanism = (record: string, mechanism: string): string => {
  const words = record.split(/ +/).filter(Boolean)
  const end = words.findIndex((word) => /^[+~?-]?all$|^redirect=/i.test(word))
  if (end === -1) return [...words, mechanism, '~all'].join(' ')
  return words.toSpliced(end, 0, mechanism).join(' ')
}

/** The record with its end, `all`, replaced. */
export const withEnd = (record: string, end: string): string =>
  [...record.split(/ +/).filter((word) => word !== '' && !/^[+~?-]?all$/i.test(word)), end].join(' ')

/** The record without these terms. */
export const withoutTerms = (record: string, sources: readonly string[]): string =>
  record
    .split(/ +/)
    .filter((word) => word !== '' && !sources.includes(word))
    .join(' ')
