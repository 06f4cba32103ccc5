import { normaliseTarget } from './target.ts'
import { signToken, type LinkKeys, type Locale, type Mode, type Subject, type TokenKind } from './token.ts'

/** What of a message decides its links. */
export type TrackedMessage = {
  token: string
  campaignId: number | null
  locale: Locale
  opens: Mode
  clicks: Mode
}

export type MessageLinks = {
  /** Null when opens are not counted. */
  pixelUrl: string | null
  /** The link to write in place of a target: the target itself when clicks are not counted, or when no click may
   *  lead there (mailto:, tel:, an address too long to be carried). */
  clickUrl: (target: string) => string
  unsubscribeUrl: string
  /** For the script of a landing page; null when clicks are not counted. */
  readTimeUrl: string | null
}

/** The links of one message. `baseUrl` is where the public routes are reached, without a slash at its end. The
 *  unsubscribe link is always the recipient's own, whatever the modes. */
export const messageLinks = (
  keys: LinkKeys,
  baseUrl: string,
  message: TrackedMessage,
  at: Date,
): MessageLinks => {
  const individual: Subject = { mode: 'individual', message: message.token }
  const subjectOf = (mode: Mode): Subject =>
    mode === 'individual' ? individual : { mode: 'aggregate', campaign: message.campaignId }
  const urlOf = (path: string, kind: TokenKind, subject: Subject, target = ''): string | null => {
    const token = signToken(keys, { kind, subject, locale: message.locale, target }, at)
    return token === null ? null : `${baseUrl}/track/${path}/${token}`
  }
  const unsubscribeUrl = urlOf('unsubscribe', 'unsubscribe', individual)
  if (unsubscribeUrl === null) throw new Error('a message without a key cannot be unsubscribed from')
  return {
    pixelUrl: message.opens === 'off' ? null : urlOf('pixel', 'pixel', subjectOf(message.opens)),
    clickUrl: (written) => {
      const target = message.clicks === 'off' ? null : normaliseTarget(written)
      return (target && urlOf('click', 'click', subjectOf(message.clicks), target)) ?? written
    },
    unsubscribeUrl,
    readTimeUrl: message.clicks === 'off' ? null : urlOf('read_time', 'read', subjectOf(message.clicks)),
  }
}
