import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A mail as mail systems write it, with what it is. */
export type OwnMail = { name: string; kind: string; recipient: string | null; raw: Buffer }

/** Mails of a file: each begins with a line `=== name | kind | recipient`. */
export const ownMails = (file: string): OwnMail[] =>
  readFileSync(join(import.meta.dir, 'own', file), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n')
      const [name = '', kind = '', recipient = ''] = text
        .slice(0, end)
        .split('|')
        .map((part) => part.trim())
      return { name, kind, recipient: recipient || null, raw: Buffer.from(text.slice(end + 1)) }
    })
