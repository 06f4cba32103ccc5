import type { Resolver } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { askTxt } from '#src/lib/ask-txt.ts'

const TXT_TRIES = { tryMs: 2_000, tries: 2 }
const MAX_RECORDS = 50
const MAX_TEXT = 4_096
/** There is no such record, or no such name. Everything else is no answer. */
const NONE = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])

/** c-ares, which asks name servers only: what the world sees counts, not the hosts file of this machine. */
export type DnsResolver = Pick<Resolver, 'getServers' | 'resolveMx' | 'resolve4' | 'resolve6' | 'resolvePtr'>

/** A list, empty when there is none; null when it could not be found out. */
export type Answer<T> = Promise<T[] | null>

export type Ask = {
  txt: (name: string) => Answer<string>
  mx: (name: string) => Answer<{ priority: number; exchange: string }>
  /** IPv4 and IPv6. */
  addresses: (name: string) => Answer<string>
  /** The names an address says it has. */
  names: (address: string) => Answer<string>
}

/** Questions to name servers, each asked once, all of them over when `deadline` is. */
export const askWith = (resolver: DnsResolver, deadline: Promise<unknown>): Ask => {
  const asked = new Map<string, Promise<unknown>>()
  const once = <T>(key: string, question: () => Promise<T[] | null>): Answer<T> => {
    const known = asked.get(key) as Answer<T> | undefined
    const answer = known ?? Promise.race([answered(question), deadline.then(() => null)])
    asked.set(key, answer)
    return answer
  }
  const list = (family: 4 | 6, name: string) =>
    once(`A${family} ${name}`, () => (family === 4 ? resolver.resolve4(name) : resolver.resolve6(name)))
  return {
    txt: (name) =>
      once(`TXT ${name}`, async () => {
        const texts = await askTxt(resolver.getServers(), name, TXT_TRIES)
        return texts && texts.map(readable)
      }),
    mx: (name) => once(`MX ${name}`, () => resolver.resolveMx(name)),
    addresses: async (name) => {
      const [four, six] = await Promise.all([list(4, name), list(6, name)])
      const all = [...(four ?? []), ...(six ?? [])]
      return all.length === 0 && (four === null || six === null) ? null : all
    },
    names: (address) => once(`PTR ${address}`, () => resolver.resolvePtr(reverseName(address))),
  }
}

const answered = async <T>(question: () => Promise<T[] | null>): Answer<T> => {
  try {
    return (await question())?.slice(0, MAX_RECORDS) ?? null
  } catch (error) {
    return NONE.has(String((error as { code?: unknown }).code)) ? [] : null
  }
}

const readable = (text: string): string =>
  text
    .slice(0, MAX_TEXT)
    .replaceAll(/\p{Cc}/gu, ' ')
    .toWellFormed()

/** The name under which an address is looked up the other way round (RFC 1035 §3.5, RFC 3596 §2.5). */
export const reverseName = (address: string): string => {
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return `${address.split('.').toReversed().join('.')}.in-addr.arpa`
  const digits = parsed.toByteArray().map((byte) => byte.toString(16).padStart(2, '0'))
  return `${[...digits.join('')].toReversed().join('.')}.ip6.arpa`
}
