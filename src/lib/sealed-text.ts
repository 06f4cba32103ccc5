import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

// The first byte says how the rest is read, so that a later way or key can be told from this one.
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** Encrypts a secret text for the database (AES-256-GCM). `purpose` is bound to it: what was sealed for one place
 *  cannot be opened in another.
 *  @param key 32 bytes, such as keys.storedPasswords */
export const seal = (key: Uint8Array, purpose: string, text: string): Uint8Array => {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(FORMAT), nonce, cipher.getAuthTag(), body])
}

/** The text that was sealed for this purpose; null when the key is another or the bytes were changed. */
export const unseal = (key: Uint8Array, purpose: string, sealed: Uint8Array): string | null => {
  if (sealed.length < HEAD_BYTES || sealed[0] !== FORMAT) return null
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
