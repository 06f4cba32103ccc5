import { afterAll, expect, test } from 'bun:test'
import { generateKeyPairSync } from 'node:crypto'
import { checkDomain, type DnsPart, type DomainQuestion } from '#src/mail/dns-check/check-domain.ts'
import { dnsWhy } from '#src/mail/dns-check/messages.ts'
import { startDnsServer, type DnsAnswer, type Zone } from '#tests/support/dns-server.ts'

export const IP = '93.184.216.34'
export const IP6 = '2606:2800:220:1::1'
export const PTR = '34.216.184.93.in-addr.arpa'
export const rsa = (bits: number, type: 'spki' | 'pkcs1' = 'spki') =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ format: 'der', type })
    .toString('base64')
export const long = rsa(2048)
export const ed25519 = Buffer.alloc(32, 7).toString('base64')

/** Null: the record is not there. */
export type Changes = Record<string, DnsAnswer | null>

/** A domain whose mail server is its own, with nothing to find fault with. */
const good: Zone = {
  'agence.fr MX': ['10 mail.agence.fr'],
  'agence.fr TXT': ['v=spf1 a:mail.agence.fr -all', 'google-site-verification=abc'],
  'mail.agence.fr A': [IP],
  's2024._domainkey.agence.fr TXT': [`v=DKIM1; k=rsa; p=${long}`],
  '_dmarc.agence.fr TXT': ['v=DMARC1; p=none; rua=mailto:moi@agence.fr'],
  [`${PTR} PTR`]: ['mail.agence.fr'],
}
const question: DomainQuestion = {
  domain: 'agence.fr',
  selector: 's2024',
  host: 'mail.agence.fr',
  senderAddress: 'moi@agence.fr',
}
export const includes = (count: number): Zone =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`n${index}.test TXT`, ['v=spf1 ip4:198.41.0.4 ~all']]),
  )
export const includeTerms = (count: number) =>
  Array.from({ length: count }, (_, index) => `include:n${index}.test`).join(' ')

export type Case = [
  about: string,
  part: DnsPart,
  changes: Changes,
  expected: string,
  record?: string | null,
  asked?: Partial<DomainQuestion>,
]
export const spf = (...records: string[]) => ({ 'agence.fr TXT': records })
export const dkim = (...records: string[]) => ({ 's2024._domainkey.agence.fr TXT': records })
export const dmarc = (...records: string[]) => ({ '_dmarc.agence.fr TXT': records })
export const google = { host: 'smtp.gmail.com', selector: 'google' }
export const brevo = { host: 'smtp-relay.brevo.com', selector: 'mail' }

/** The domain behind a name server of this test file. */
export const smallDomain = async () => {
  const server = await startDnsServer(good)
  afterAll(() => server.stop())

  const check = (changes: Changes, asked: Partial<DomainQuestion> = {}) => {
    server.zone = Object.fromEntries(
      Object.entries({ ...good, ...changes }).flatMap(([key, value]) =>
        value === null ? [] : [[key, value]],
      ),
    )
    return checkDomain(server.resolver(), { ...question, ...asked })
  }

  /** One test for each. */
  const tryAll = (cases: Case[]): void => {
    for (const [about, part, changes, expected, record, asked] of cases)
      test(`${part}: ${about}`, async () => {
        const found = (await check(changes, asked))[part]
        expect(`${found.status} ${found.code}`).toBe(expected)
        expect(found.records[0]?.value ?? null).toBe(record ?? null)
        for (const locale of ['fr', 'en'] as const)
          expect(dnsWhy(locale, found)).not.toMatch(/\?[ ,)]|\{|undefined/)
      })
  }
  return { server, check, tryAll }
}
