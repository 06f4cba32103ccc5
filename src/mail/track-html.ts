import { escapeUTF8 } from 'entities'
import type { MessageLinks } from '#src/tracking/message-links.ts'
import type { Locale } from '#src/tracking/token.ts'
import { attributeOf, htmlTokens, withAttribute } from './html-tokens.ts'
import { withTail } from './mail-tail.ts'
import { mailTexts } from './messages.ts'

/** Where the mail has a place of its own for the link: `href="{{ unsubscribe_url }}"`, `{unsubscribe_url}`. */
const PLACEHOLDER = /\{\{\s*unsubscribe_?url\s*\}\}|\{unsubscribe_?url\}/gi

/** A link of the mail: where it leads, and what stands in the mail in its place. */
export type TrackedLink = { target: string; url: string; honeypot: boolean }

export type TrackedHtml = { html: string; links: TrackedLink[] }

/** The HTML as it is sent: every http(s) link of it led over the tracking links, the unsubscribe link in its place or at
 *  the end (unless the mail has it already: `hasUnsubscribe`), the pixel, and the honeypot when one is wanted. Everything
 *  else stays as it was written. */
export const trackHtml = (
  html: string,
  options: { links: MessageLinks; locale: Locale; honeypotTarget: string | null; hasUnsubscribe?: boolean },
): TrackedHtml => {
  const { links, locale, honeypotTarget } = options
  const found = new Map<string, TrackedLink>()
  const linkTo = (target: string, honeypot = false): string => {
    const known = found.get(target)
    if (known) return known.url
    const url = links.clickUrl(target)
    found.set(target, { target, url, honeypot })
    return url
  }
  let hasPlace = options.hasUnsubscribe ?? false
  const placed = html.replace(PLACEHOLDER, () => {
    hasPlace = true
    return links.unsubscribeUrl
  })
  let rewritten = ''
  for (const token of htmlTokens(placed)) {
    const href =
      token.kind === 'tag' && !token.closing && isLink(token.name) ? attributeOf(token.source, 'href') : null
    const isTracked = href !== null && /^https?:\/\//i.test(href) && href !== links.unsubscribeUrl
    rewritten += isTracked ? withAttribute(token.source, 'href', linkTo(href)) : token.source
  }
  const whole = withTail(
    rewritten,
    [
      hasPlace ? '' : unsubscribeHtml(links.unsubscribeUrl, locale),
      honeypotTarget === null ? '' : honeypotHtml(linkTo(honeypotTarget, true)),
      links.pixelUrl === null ? '' : pixelHtml(links.pixelUrl),
    ].join(''),
  )
  return { html: whole, links: [...found.values()] }
}

const isLink = (name: string): boolean => name === 'a' || name === 'area' || name.startsWith('v:')

const unsubscribeHtml = (url: string, locale: Locale): string =>
  `<p style="margin:24px 0 0;font-size:12px;color:#757575"><a href="${escapeUTF8(url)}" style="color:#757575">${escapeUTF8(mailTexts(locale).unsubscribe)}</a></p>`

const pixelHtml = (url: string): string =>
  `<img src="${escapeUTF8(url)}" width="1" height="1" alt="" style="border:0">`

// Not display:none: what reads every link would skip it, and filters take hidden text for spam all the more.
const honeypotHtml = (url: string): string =>
  `<a href="${escapeUTF8(url)}" tabindex="-1" aria-hidden="true" style="font-size:0;line-height:0;color:transparent;text-decoration:none">&#8203;</a>`
