import { addressesIn, cleanAddress } from './find-addresses.ts'

const MAX_RECIPIENTS = 500

export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'

/** What a delivery status notification says of one recipient (RFC 3464 §2.3). */
export type RecipientStatus = {
  /** As the sender wrote it, and where the mail had got to. */
  original: string | null
  final: string | null
  action: Action | null
  status: string | null
  diagnostic: string | null
}

const FIELD =
  /^[ \t>]*(original-recipient|final-recipient|x-actual-recipient|action|status|diagnostic-code|x-supplementary-info|remote-mta|reporting-mta|last-attempt-date|will-retry-until|arrival-date|[a-z][\w-]{2,40})[ \t]*:[ \t]*(.*)$/i
const OF_RECIPIENT = /^(original-recipient|final-recipient|x-actual-recipient|action|status|diagnostic-code)$/

/** The recipients of a report, from a part of it or from a text that quotes one. */
export const readRecipients = (text: string): RecipientStatus[] => {
  const groups: Map<string, string>[] = []
  let group: Map<string, string> | null = null
  let last: string | null = null
  for (const line of text.split('\n')) {
    const [, written, value = ''] = FIELD.exec(line) ?? []
    const name = written?.toLowerCase()
    if (name === undefined) {
      if (/^\s*$/.test(line)) last = null
      else if (last !== null && /^[ \t>]/.test(line) && group)
        group.set(last, `${group.get(last) ?? ''} ${line.replace(/^[ \t>]+/, '').trim()}`)
      if (last === null && group?.has('action') && group.has('final-recipient')) group = null
      continue
    }
    last = null
    if (!OF_RECIPIENT.test(name)) continue
    // Some leave out the empty line between two recipients, some put one between fields.
    if (!group || group.has(name)) {
      if (groups.length >= MAX_RECIPIENTS) break
      group = new Map()
      groups.push(group)
    }
    group.set(name, value.trim())
    last = name
  }
  return groups.filter(saysSomething).map(toStatus)
}

const saysSomething = (group: Map<string, string>): boolean =>
  (group.has('final-recipient') || group.has('original-recipient')) &&
  (group.has('action') || group.has('status') || group.has('diagnostic-code'))

const toStatus = (group: Map<string, string>): RecipientStatus => {
  const status = statusIn(group.get('status') ?? '')
  const final = addressOf(group.get('final-recipient')) ?? addressOf(group.get('x-actual-recipient'))
  return {
    original: originalOf(group.get('original-recipient'), final),
    final,
    action: readAction(group.get('action') ?? '') ?? actionOf(status),
    status,
    diagnostic: group.get('diagnostic-code')?.replace(/^\s*[\w.-]+\s*;\s*/, '') || null,
  }
}

/** What the sender wrote comes in xtext (RFC 3461 §4), from those who keep to it: `+2B` is a plus sign. */
const originalOf = (field: string | undefined, final: string | null): string | null => {
  const written = addressOf(field)
  const plain = field?.replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  const decoded = addressOf(plain)
  return written === null || decoded === final ? decoded : written
}

const addressOf = (field: string | undefined): string | null => {
  if (field === undefined) return null
  const whole = cleanAddress(field.replaceAll(/\s\(.*\)$/g, ''))
  return whole ?? addressesIn(field)[0]?.address ?? null
}

const readAction = (text: string): Action | null => {
  const word = text.trim().toLowerCase()
  if (word.startsWith('fail')) return 'failed'
  if (word.startsWith('delay')) return 'delayed'
  return (['delivered', 'relayed', 'expanded'] as const).find((action) => word.startsWith(action)) ?? null
}

/** A status without an action: what its class says. */
const actionOf = (status: string | null): Action | null => {
  if (status === null) return null
  return status.startsWith('5') ? 'failed' : status.startsWith('4') ? 'delayed' : 'delivered'
}

/** The first enhanced status code (RFC 3463) of a text. */
export const statusIn = (text: string): string | null =>
  /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/.exec(text)?.[1] ?? null
