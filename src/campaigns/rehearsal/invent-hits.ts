import { makeHit, type Hit } from '#src/tracking/hit.ts'
import type { Subject } from '#src/tracking/token.ts'
import type { Deed } from './fates.ts'

const CHROME_100 = Date.UTC(2022, 2, 29)
const RELEASE_EVERY_MS = 28.5 * 86_400_000
/** Networks that belong to nobody (RFC 5737). */
const NETWORK = '203.0.113.'
const SCANNER = 'Mozilla/5.0 (compatible; Proofpoint URL Defense; Barracuda)'

/** The mail that the hits are of. */
export type RehearsedMail = {
  id: number
  token: string
  recipient: string
  subject: string
  headerId: string
  sender: string
  accountId: number
  campaignId: number
  opens: 'off' | 'aggregate' | 'individual'
  clicks: 'off' | 'aggregate' | 'individual'
  links: string[]
}

/** What the tracking would note if the recipient did this with the mail: requests as browsers and scanners make them, to be
 *  judged as those are. Nothing where nothing is counted. */
export const inventHits = (mail: RehearsedMail, deed: Deed, at: Date): Hit[] => {
  const [first] = mail.links
  if (deed === 'open' || deed === 'open_again') return hit(mail, 'open', browser(at, 'image'), at)
  if (deed === 'machine_open') return hit(mail, 'open', scanner(), at)
  if (deed === 'click')
    return first === undefined ? [] : hit(mail, 'click', browser(at, 'document'), at, first)
  // A scanner follows whatever it finds.
  if (deed === 'machine_click') return mail.links.flatMap((link) => hit(mail, 'click', scanner(), at, link))
  if (deed === 'unsubscribe') return unsubscribe(mail, at)
  return []
}

const hit = (
  mail: RehearsedMail,
  type: 'open' | 'click',
  headers: Record<string, string>,
  at: Date,
  link?: string,
): Hit[] => {
  const mode = type === 'open' ? mail.opens : mail.clicks
  if (mode === 'off') return []
  const subject: Subject =
    mode === 'individual' ? { mode, message: mail.token } : { mode: 'aggregate', campaign: mail.campaignId }
  const request = new Request('http://rehearsal.invalid/', { headers })
  return [
    makeHit(request, {
      type,
      subject,
      address: addressOf(mail),
      at,
      ...(link === undefined ? {} : { link }),
    }),
  ]
}

const unsubscribe = (mail: RehearsedMail, at: Date): Hit[] => [
  makeHit(new Request('http://rehearsal.invalid/', { method: 'POST', headers: browser(at, 'document') }), {
    type: 'unsubscribe',
    subject: { mode: 'individual', message: mail.token },
    address: addressOf(mail),
    at,
    detail: { scope: 'all', source: 'page' },
  }),
]

const addressOf = ({ id }: RehearsedMail): string => `${NETWORK}${(id % 250) + 1}`

const browser = (at: Date, destination: 'image' | 'document'): Record<string, string> => {
  const version = 100 + Math.floor((at.getTime() - CHROME_100) / RELEASE_EVERY_MS) - 1
  return {
    'user-agent': `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
    'accept-language': 'fr-FR,fr;q=0.9',
    'accept-encoding': 'gzip, deflate, br, zstd',
    'sec-ch-ua': `"Chromium";v="${version}", "Google Chrome";v="${version}"`,
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': '"Windows"',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-dest': destination,
    ...(destination === 'image'
      ? {
          accept: 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
          'sec-fetch-mode': 'no-cors',
        }
      : {
          accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-user': '?1',
          'upgrade-insecure-requests': '1',
        }),
  }
}

const scanner = (): Record<string, string> => ({ 'user-agent': SCANNER, accept: '*/*' })
