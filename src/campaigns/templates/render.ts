import type { MessageEvidence } from '#src/tracking/schema.ts'
import type { CompiledMessage } from './compile.ts'
import { noteMissing } from './missing.ts'
import type { Values } from './values.ts'

/** As long as a mail's subject may be (mail/send-message.ts). */
const MAX_SUBJECT = 400

export type RenderedMessage = {
  /** One line; empty for a message that has the subject of its thread. */
  subject: string
  /** With `{{ unsubscribe_url }}` where the mail has a place for its unsubscribe link (UNSUBSCRIBE_PLACE); the same in `text`. */
  html: string
  text: string
  /** Variables that came out empty where the mail wanted them: such a mail is not to be sent. */
  missing: string[]
  /** The facts it quotes, each with when it was found. */
  evidence: MessageEvidence[]
}

/** One mail. Throws only for a template that takes too long or grows too large with these values. */
export const renderMessage = (message: CompiledMessage, values: Values): RenderedMessage => {
  const { engines } = message
  const { scope, quoted } = values
  quoted.clear()
  const { value, missing } = noteMissing(() => ({
    subject: subjectOf(engines.plain.render(message.subject, scope)),
    html: engines.html.render(message.html, scope),
    text: tidyText(engines.plain.render(message.text, scope)),
  }))
  if (value.subject === '' && !message.followsThread) missing.push('subject')
  return { ...value, missing, evidence: [...quoted.values()] }
}

const subjectOf = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\s\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, MAX_SUBJECT)
    .toWellFormed()

/** Conditions leave empty lines behind. */
const tidyText = (text: string): string =>
  `${text
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`
