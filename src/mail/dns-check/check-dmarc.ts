import { parse } from 'tldts'
import type { Ask } from './ask.ts'
import { doubtful, fine, unclear, wrong, type DnsFinding, type DnsRecord } from './finding.ts'
import { readTags } from './read-tags.ts'
import type { SendingProvider } from './sending-provider.ts'

const POLICIES = ['none', 'quarantine', 'reject']

export type DmarcQuestion = {
  domain: string
  /** Where reports may go. */
  senderAddress: string
  provider: SendingProvider | null
  spf: DnsFinding
  dkim: DnsFinding
}

/** The DMARC policy that holds for a domain (RFC 7489 §6.6.3), and whether mails of this account can meet it: SPF or DKIM
 *  has to hold for the very domain of the sender. */
export const checkDmarc = async (ask: Ask, question: DmarcQuestion): Promise<DnsFinding> => {
  const { domain, senderAddress } = question
  const whole = parse(domain, { allowPrivateDomains: true }).domain ?? domain
  const places = [...new Set([`_dmarc.${domain}`, `_dmarc.${whole}`])]
  for (const name of places) {
    const texts = await ask.txt(name)
    if (texts === null) return unclear('unanswered', { values: { name } })
    const found = texts.filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text))
    if (found.length > 1) return wrong('dmarc_several', { values: { name }, found })
    if (found[0] !== undefined) return judge(ask, question, name, found[0])
    // Nearly right is no policy at all to those who read it.
    const nearly = texts.filter((text) => /dmarc/i.test(text))
    if (nearly.length > 0) {
      const records = [newRecord(name, senderAddress, nearly)]
      return wrong('dmarc_unreadable', { values: { name }, found: nearly, records })
    }
  }
  return wrong('dmarc_missing', {
    values: { domain },
    records: [newRecord(`_dmarc.${whole}`, senderAddress, [])],
  })
}

const newRecord = (name: string, senderAddress: string, replaces: string[]): DnsRecord => ({
  name,
  type: 'TXT',
  value: `v=DMARC1; p=none; rua=mailto:${senderAddress}`,
  replaces,
})

const judge = async (
  ask: Ask,
  question: DmarcQuestion,
  name: string,
  record: string,
): Promise<DnsFinding> => {
  const { domain, senderAddress, provider, spf, dkim } = question
  const found = [record]
  const { tags, isRight } = readTags(record)
  const reports = [...(tags.get('rua') ?? '').matchAll(/mailto:[^@,\s]+@([^,!\s]+)/gi)].map(([, at]) =>
    at!.toLowerCase(),
  )
  const isSub = name !== `_dmarc.${domain}`
  const written = tags.get('p')?.toLowerCase()
  // Without a policy, but with somewhere to report to, it counts as none (RFC 7489 §6.6.3).
  const base = POLICIES.includes(written ?? '') ? written : reports.length > 0 ? 'none' : null
  if (!isRight || !base)
    return wrong('dmarc_unreadable', {
      values: { name },
      found,
      records: [newRecord(name, senderAddress, found)],
    })
  const policy = isSub ? (tags.get('sp')?.toLowerCase() ?? base) : base
  const values = { name, policy, domain, provider: provider?.name ?? '' }

  // The envelope's sender is of the same domain, unless the provider puts its own there: then DKIM has to hold.
  const spfHolds = provider?.ownReturnPath !== true && isHeld(spf)
  const dkimHolds = isHeld(dkim)
  const canHold = provider?.ownReturnPath !== true && spf.status === 'unknown'
  if (!spfHolds && !dkimHolds) {
    if (dkim.status !== 'unknown' && !canHold)
      return wrong(policy === 'none' ? 'dmarc_unmet' : 'dmarc_refuses', { values, found })
    return unclear('dmarc_alignment_unknown', { values, found })
  }
  const strange = reports.find((at) => parse(at).domain !== parse(domain).domain)
  if (strange !== undefined) {
    const place = `${name.slice('_dmarc.'.length)}._report._dmarc.${strange}`
    const allowed = await ask.txt(place)
    if (allowed !== null && !allowed.some((text) => /^v\s*=\s*DMARC1/i.test(text)))
      return doubtful('dmarc_reports_refused', {
        values: { ...values, strange },
        found,
        records: [{ name: place, type: 'TXT', value: 'v=DMARC1', replaces: [] }],
      })
  }
  return fine(dkimHolds ? 'dmarc_ok' : 'dmarc_ok_spf', { values, found })
}

const isHeld = ({ status }: DnsFinding): boolean => status === 'ok' || status === 'warning'
