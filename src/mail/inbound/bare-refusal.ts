/** Where in the conversation a server refused: the recipient, or the mail itself once it had it. */
export type RefusedAt = 'recipient' | 'mail'

const AT_RECIPIENT = /in reply to (the )?rcpt|after rcpt to|>>>[ \t]*rcpt|does not like recipient/i
const AT_MAIL =
  /in reply to (the )?(end of )?data|after (the )?(end of )?data\b|>>>[ \t]*(data|\.)[ \t]*$|failed after I sent the message/im
// Sendmail names the last command of several it wrote at once.
const NO_RECIPIENT_LEFT = /need rcpt|no valid recipients/i

/** Where the server refused, as mail systems tell in their reports (Postfix, Exim, sendmail, qmail); null when they do
 *  not, or of several recipients tell both. */
export const refusedAt = (text: string): RefusedAt | null => {
  if (NO_RECIPIENT_LEFT.test(text)) return 'recipient'
  const [atRecipient, atMail] = [AT_RECIPIENT.test(text), AT_MAIL.test(text)]
  if (atRecipient === atMail) return null
  return atRecipient ? 'recipient' : 'mail'
}

/** Whether a refusal for good gives no reason: 550 alone, with the words of RFC 5321 for it, or with a status that only says
 *  "failed". By the RFC (§4.2.3) it may then mean the mailbox as well as a rule: only where it was said tells which. */
export const isBare = (reply: string): boolean =>
  /^\s*550[ -]?(#?5\.[05]\.0)?[\s:,-]*(sorry|error|failed|rejected|refused|denied|not accepted|(requested )?(mail )?action (not taken|aborted))?[\s.!]*(\(in reply to [^()]*\))?\s*$/i.test(
    reply,
  )
