import { Resolver } from 'node:dns/promises'
import { domainToASCII } from 'node:url'
import { isPublicAddress } from '#src/lib/address-vetting.ts'
import { parseAddress } from '#src/lib/networks.ts'
import { askWith, type Ask, type DnsResolver } from './ask.ts'
import { checkDkim } from './check-dkim.ts'
import { checkDmarc } from './check-dmarc.ts'
import { checkMx } from './check-mx.ts'
import { checkPtr } from './check-ptr.ts'
import { checkSpf } from './check-spf.ts'
import type { DnsFinding } from './finding.ts'
import { sendingProvider } from './sending-provider.ts'

const TRY_MS = 2_000
const TRIES = 2
const WITHIN_MS = 20_000

export type DomainQuestion = {
  /** Of the sender's address, in any script. */
  domain: string
  /** Under which the DKIM key stands; null when it is not known. */
  selector: string | null
  /** The mail server. */
  host: string
  senderAddress: string
}

export const DNS_PARTS = ['mx', 'spf', 'dkim', 'dmarc', 'ptr'] as const
export type DnsPart = (typeof DNS_PARTS)[number]
/** JSON: kept in mail_accounts.last_dns as it is. */
export type DomainCheck = { domain: string; host: string; selector: string | null } & Record<
  DnsPart,
  DnsFinding
>

/** The name servers of this machine, asked anew each time. */
export const systemDnsResolver = (): DnsResolver => new Resolver({ timeout: TRY_MS, tries: TRIES })

/** Asks name servers all that decides on whether mails of a domain, handed over at this server, are believed: MX, SPF,
 *  DKIM, DMARC and the reverse name. Never rejects; what could not be asked is `unknown`. At most 20 s. */
export const checkDomain = async (resolver: DnsResolver, question: DomainQuestion): Promise<DomainCheck> => {
  const domain =
    domainToASCII(question.domain.toLowerCase().replace(/\.$/, '')) || question.domain.toLowerCase()
  const host = question.host.toLowerCase().replace(/\.$/, '')
  const { selector, senderAddress } = question
  let timer: Timer | undefined
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS)
  })
  try {
    const ask = askWith(resolver, deadline)
    const provider = sendingProvider(host, domain)
    const addresses = await publicAddresses(ask, host)
    const [mx, spf, dkim, ptr] = await Promise.all([
      checkMx(ask, { domain, host, provider, addresses }),
      checkSpf(ask, { domain, host, provider, addresses }),
      checkDkim(ask, { domain, selector, provider }),
      checkPtr(ask, { host, provider, addresses }),
    ])
    const dmarc = await checkDmarc(ask, { domain, senderAddress, provider, spf, dkim })
    return { domain, host, selector, mx, spf, dkim, dmarc, ptr }
  } finally {
    clearTimeout(timer)
  }
}

/** Where mails leave from, as far as the name tells: those of this network or machine leave from somewhere else. */
const publicAddresses = async (ask: Ask, host: string): Promise<string[] | null> => {
  const found = parseAddress(host) ? [host] : await ask.addresses(host)
  return found && found.filter(isPublicAddress)
}
