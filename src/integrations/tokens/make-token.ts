import { randomBytes } from 'node:crypto'
import { hashToken } from '#src/public-api/admission/token-text.ts'

const PREFIX = 'pl_'
/** Of 62 letters each: 190 bits. */
const LENGTH = 32
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const PREVIEW_LENGTH = 10

/** The text of a new token, to be shown once. */
export const makeTokenText = (): string => {
  let text = PREFIX
  while (text.length < PREFIX.length + LENGTH)
    for (const byte of randomBytes(LENGTH)) {
      // Bytes beyond a multiple of 62 would favour the first letters.
      if (byte < LETTERS.length * 4 && text.length < PREFIX.length + LENGTH)
        text += LETTERS[byte % LETTERS.length]
    }
  return text
}

/** All that is kept of a token's text; null for what cannot be a token. */
export const keptOf = (text: string): { hash: Buffer; preview: string } | null => {
  const hash = hashToken(text)
  return hash === null ? null : { hash: Buffer.from(hash, 'hex'), preview: text.slice(0, PREVIEW_LENGTH) }
}
