import { classifyHits } from './classify-hits.ts'
import type { HitType } from './hit.ts'
import { isHoneypot } from './honeypot.ts'
import { readTraffic } from './traffic-document.ts'

const REMEMBERED = 1000

type Given = { verdict?: 'human' | 'machine'; reason?: string }

// A proxy of a large mailbox provider asks in the same words thousands of times. Known by a hash, in memory only.
const remembered = new Map<number | bigint, Given>()

/** The verdict on an aggregate hit: given while it is there to be seen, from this one request. */
export const judgeAlone = (
  { method, headers }: { method: string; headers: Record<string, string> },
  { type, address, at, link }: { type: HitType; address: string | null; at: Date; link?: string },
): Given => {
  if (type === 'read_time') return { verdict: 'human', reason: 'read_time' }
  const honeypot = link !== undefined && isHoneypot(link)
  const asked = Bun.hash(JSON.stringify([type, honeypot, method, address, headers]))
  const known = remembered.get(asked)
  if (known) return known
  const kind = type === 'click' ? 'click' : 'pixel'
  const hit = { at: at.toISOString(), kind, link, method, ip: address, headers } as const
  const links = link === undefined ? [] : [{ url: link, honeypot }]
  const read = readTraffic({ links, hits: [hit] })
  const given = (read.ok && classifyHits(read.value)[0]) || {}
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(asked, given)
  return given
}
