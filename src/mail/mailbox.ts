import addressparser from 'nodemailer/lib/addressparser'
import { cleanEmails } from '#src/companies/clean-email.ts'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { inLetters } from '#src/lib/mail-address.ts'

const MAX_NAME = 200
const MAX_TEXT = 600

/** One address with the name it is shown by ('' for none). The domain may be written in any script. */
export type Mailbox = { name: string; address: string }

// Line breaks would begin another header.
const hasControls = (text: string): boolean => /\p{Cc}/u.test(text)

/** The address as it is stored and sent to, or null when it is none. */
export const readAddress = (written: string, name = ''): Mailbox | null => {
  // An accent may be typed as a letter of its own.
  const address = written.normalize('NFC')
  if (hasControls(address) || hasControls(name)) return null
  const { valid } = cleanEmails(address)
  const [first, ...others] = valid
  if (first === undefined || others.length > 0) return null
  if (first.toLowerCase() !== address.trim().toLowerCase()) return null
  return { name: name.trim().slice(0, MAX_NAME).toWellFormed(), address: inLetters(first) }
}

/** The one recipient that is meant by `anne@exemple.fr` or `Anne Martin <anne@exemple.fr>`. */
export const readRecipient = (text: string): Result<Mailbox> => {
  const bad = failed(
    'bad_recipient',
    `"${shown(text)}" is not one e-mail address; give it as anne@exemple.fr or "Anne Martin <anne@exemple.fr>".`,
  )
  if (text.length > MAX_TEXT || hasControls(text)) return bad
  const [first, ...others] = addressparser(text)
  if (!first || others.length > 0 || first.group !== undefined) return bad
  const mailbox = readAddress(first.address, first.name)
  return mailbox ? ok(mailbox) : bad
}

const shown = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 100)
