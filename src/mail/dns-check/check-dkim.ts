import { createPublicKey } from 'node:crypto'
import type { Ask } from './ask.ts'
import { doubtful, fine, unclear, wrong, type DnsFinding, type DnsRecord } from './finding.ts'
import type { SendingProvider } from './sending-provider.ts'
import { readTags } from './read-tags.ts'

/** RFC 8301 §3.2. */
const SHORTEST_KEY = 1024
const GOOD_KEY = 2048
const ED25519_BYTES = 32
/** Asked for where none is given, besides those of the provider. */
const USUAL_SELECTORS = ['default', 'dkim', 'mail', 's1', 'selector1', 'k1', 'key1', 'smtp']

/** The DKIM key of a domain under a selector (RFC 6376 §3.6.1). Without one the usual names are tried: what is not found
 *  under them may be under another. */
export const checkDkim = async (
  ask: Ask,
  question: { domain: string; selector: string | null; provider: SendingProvider | null },
): Promise<DnsFinding> => {
  const { domain, provider } = question
  const selector = question.selector?.toLowerCase() || null
  if (selector !== null) return checkKey(ask, domain, selector)
  const tried = [...new Set([...(provider?.selectors ?? []), ...USUAL_SELECTORS])]
  const findings = await Promise.all(
    tried.map(async (one) => ({ selector: one, finding: await checkKey(ask, domain, one) })),
  )
  const seen = findings.filter(({ finding }) => finding.found.length > 0)
  const best = seen.find(({ finding }) => finding.status !== 'failed')
  if (best)
    return unclear('dkim_guessed', { values: { selector: best.selector, domain }, found: best.finding.found })
  const values = { domain, tried: tried.join(', ') }
  return unclear('dkim_no_selector', { values })
}

const checkKey = async (ask: Ask, domain: string, selector: string): Promise<DnsFinding> => {
  const name = `${selector}._domainkey.${domain}`
  const texts = await ask.txt(name)
  if (texts === null) return unclear('unanswered', { values: { name } })
  const found = texts.filter((text) => /(^|;)\s*p\s*=/i.test(text))
  const values = { name, selector }
  const add = (replaces: string[]): DnsRecord[] => [
    { name, type: 'TXT', value: 'v=DKIM1; k=rsa; p=<KEY>', replaces },
  ]
  const [record, ...others] = found
  if (record === undefined)
    return texts.length === 0
      ? wrong('dkim_missing', { values, records: add([]) })
      : wrong('dkim_unreadable', { values, found: texts, records: add(texts) })
  if (others.length > 0) return wrong('dkim_several', { values, found })
  const { tags, isRight } = readTags(record)
  const version = tags.get('v')
  if (!isRight || (version !== undefined && version !== 'DKIM1'))
    return wrong('dkim_unreadable', { values, found, records: add(found) })
  const key = (tags.get('p') ?? '').replaceAll(/\s/g, '')
  if (key === '') return wrong('dkim_revoked', { values, found, records: add(found) })
  const hashes = tags
    .get('h')
    ?.split(':')
    .map((one) => one.trim().toLowerCase())
  if (hashes && !hashes.includes('sha256')) return wrong('dkim_hash', { values, found, records: add(found) })
  const services = tags
    .get('s')
    ?.split(':')
    .map((one) => one.trim().toLowerCase())
  if (services && !services.includes('*') && !services.includes('email'))
    return wrong('dkim_service', { values, found })
  const kind = (tags.get('k') ?? 'rsa').toLowerCase()
  if (kind !== 'rsa' && kind !== 'ed25519')
    return wrong('dkim_unreadable', { values, found, records: add(found) })
  const bits = kind === 'rsa' ? rsaBits(key) : null
  const isKey = kind === 'rsa' ? bits !== null : Buffer.from(key, 'base64').length === ED25519_BYTES
  if (!isKey) return wrong('dkim_unreadable', { values, found, records: add(found) })
  const told = { values: { ...values, bits: bits ?? '' }, found }
  if (bits !== null && bits < SHORTEST_KEY) return wrong('dkim_short', { ...told, records: add(found) })
  if (
    tags
      .get('t')
      ?.split(':')
      .some((flag) => flag.trim().toLowerCase() === 'y')
  )
    return doubtful('dkim_testing', told)
  if (bits !== null && bits < GOOD_KEY) return doubtful('dkim_weak', told)
  return kind === 'ed25519' ? doubtful('dkim_ed25519', told) : fine('dkim_ok', told)
}

/** The length of an RSA key, of either form in which they are published (RFC 6376 §3.6.1); null for what is none. */
const rsaBits = (base64: string): number | null => {
  const key = Buffer.from(base64, 'base64')
  for (const type of ['spki', 'pkcs1'] as const)
    try {
      const { asymmetricKeyDetails } = createPublicKey({ key, format: 'der', type })
      return asymmetricKeyDetails?.modulusLength ?? null
    } catch {
      // Tried in the other form.
    }
  return null
}
