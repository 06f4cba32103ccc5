import { escapeUTF8 } from 'entities'
import { formatDay } from '#src/lib/i18n.ts'
import type { Locale } from '#src/tracking/token.ts'
import { footerTexts } from './footer-messages.ts'

/** How an address came to be known (queries-origins.ts). `at` is when it was seen first. */
export type Origin =
  | { how: 'site'; pageUrl: string; at: Date }
  | { how: 'list'; at: Date }
  | { how: 'hand'; at: Date | null }

/** The firm that writes, as its sending account has it. */
export type SenderIdentity = { organisation: string; contactLine: string }

/** No style sheet of a mail hides what must be seen. */
const SEEN =
  'display:block!important;visibility:visible!important;opacity:1!important;position:static!important;height:auto!important;max-height:none!important;width:auto!important;overflow:visible!important;text-indent:0!important;transform:none!important;clip-path:none!important;font-size:12px!important;line-height:1.5!important;color:#757575!important'
const SEEN_LINK =
  'display:inline!important;visibility:visible!important;opacity:1!important;position:static!important;font-size:12px!important;color:#757575!important'

/** What every mail of a campaign ends with: who writes (LCEN art. 20, GDPR art. 13 and 14), where the address was found and
 *  when, what may be asked for, and the link by which to object. `unsubscribeUrl` stands in the HTML as it is given. */
export const footerOf = (
  { organisation, contactLine }: SenderIdentity,
  { origin, locale, unsubscribeUrl }: { origin: Origin; locale: Locale; unsubscribeUrl: string },
): { html: string; text: string } => {
  const t = footerTexts(locale)
  const identity = [organisation, contactLine].map((part) => part.trim()).filter(Boolean)
  const lines = [identity.join(' — '), originText(origin, locale), t.rights].filter(Boolean)
  const link = `<a href="${escapeUTF8(unsubscribeUrl)}" style="${SEEN_LINK}">${escapeUTF8(t.unsubscribe)}</a>`
  const html = `<p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #dddddd;font-family:Arial,sans-serif;${SEEN}">${[...lines.map((line) => escapeUTF8(line)), link].join('<br>')}</p>`
  const text = ['-- ', ...lines, `${t.unsubscribe} : ${unsubscribeUrl}`].join('\n')
  return { html, text }
}

const originText = (origin: Origin, locale: Locale): string => {
  const t = footerTexts(locale)
  if (origin.how === 'site') return t.site(origin.pageUrl, formatDay(locale, origin.at))
  return origin.at === null ? t.hand : t.list(formatDay(locale, origin.at))
}
