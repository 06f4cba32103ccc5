import type { Mailbox } from './mailbox.ts'

/** RFC 5321 §4.5.3.1.1. */
const MAX_LOCAL_PART = 64
const KEY_BYTES = 16

/** The envelope sender of one mail: `local+key@domain`, the key of the message (tracking/token.ts) in hexadecimal, as not
 *  every server that returns a mail keeps upper case. The sender's own address when there is no room for it. */
export const verpAddress = ({ address }: Mailbox, token: string): string => {
  const key = Buffer.from(token, 'base64url')
  const at = address.lastIndexOf('@')
  const local = `${address.slice(0, at)}+${key.toString('hex')}`
  return key.length === KEY_BYTES && local.length <= MAX_LOCAL_PART ? local + address.slice(at) : address
}

/** The key of the message that this address was the envelope sender of, as it stands in messages.token; null when it
 *  is no such address. */
export const readVerp = (address: string): string | null => {
  const hex = /\+([0-9a-f]{32})@/i.exec(address)?.[1]
  return hex === undefined ? null : Buffer.from(hex, 'hex').toString('base64url')
}
