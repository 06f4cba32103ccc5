import { escapeUTF8 } from 'entities'
import type { Deps } from '#src/deps.ts'
import { unseal } from '#src/lib/sealed-text.ts'
import { readEnvironmentServer, type MailServer } from '../mail-settings.ts'
import type { Mailbox } from '../mailbox.ts'
import { plainText } from '../plain-text.ts'
import { showsTail } from '../shows-tail.ts'
import { findAccount, listAccounts, type AccountRow } from './queries.ts'

/** What the sealed passwords are bound to (lib/sealed-text.ts). */
export const PASSWORD_PURPOSE = 'mail_accounts.password'
export const IMAP_PASSWORD_PURPOSE = 'mail_accounts.imap_password'

/** An account with all that sending needs; the password is in clear. */
export type SendingAccount = {
  id: number
  label: string
  server: MailServer
  sender: Mailbox
  /** Null: answers go to the sender. */
  replyTo: Mailbox | null
  /** HTML. */
  signature: string
  /** '' when not given. */
  organisation: string
  contactLine: string
  verp: boolean
  row: AccountRow
}

/** Where answers and bounces of an account arrive; the password is in clear. */
export type MailboxSettings = {
  accountId: number
  host: string
  port: number
  tls: 'implicit' | 'starttls' | 'none'
  username: string
  password: string
  folder: string
  /** Null: mails stay where they are. */
  moveTo: string | null
}

type Needs = Pick<Deps, 'db' | 'keys' | 'config'>

/** Why an account cannot be used on this node. environment: MAIL_SERVER is not set here. sealed: its password was
 *  stored under another SECRET_KEY. */
export type AccountLack = 'environment' | 'sealed'

/** The account as sending needs it. Null when there is none, it was deleted, or this node cannot use it (`lackOf`):
 *  what it has to send is then left to others. Whether it is active or paused is for the caller to read from `row`. */
export const readAccount = async (deps: Needs, id: number): Promise<SendingAccount | null> => {
  const row = await findAccount(deps.db, id)
  return row && accountOf(deps, row)
}

/** The same, of a row at hand. */
export const accountOf = (deps: Omit<Needs, 'db'>, row: AccountRow): SendingAccount | null => {
  const server = serverOf(deps, row)
  if (server === null) return null
  const { id, label, senderName, senderAddress, replyTo, signature, organisation, contactLine, verp } = row
  return {
    id,
    label,
    server,
    sender: { name: senderName, address: senderAddress },
    replyTo: replyTo === null ? null : { name: senderName, address: replyTo },
    // One from before that was asked of the form.
    signature: showsTail(signature) ? signature : escapeUTF8(plainText(signature)),
    organisation,
    contactLine,
    verp,
    row,
  }
}

/** The accounts that single mails may leave from now, the default first: those that are active, not paused, and that this
 *  node can use. */
export const listUsable = async (deps: Needs): Promise<SendingAccount[]> =>
  (await listAccounts(deps.db))
    .filter(({ active, pausedAt }) => active && pausedAt === null)
    .flatMap((row) => accountOf(deps, row) ?? [])

/** Why `accountOf` is null; null when it is not. */
export const lackOf = (deps: Omit<Needs, 'db'>, row: AccountRow): AccountLack | null => {
  if (serverOf(deps, row) !== null) return null
  return row.origin === 'environment' ? 'environment' : 'sealed'
}

const serverOf = ({ keys, config }: Omit<Needs, 'db'>, row: AccountRow): MailServer | null => {
  if (row.origin === 'environment') return readEnvironmentServer(config)?.server ?? null
  const { host, port, tls, username } = row
  const password = row.password === null ? '' : unseal(keys.storedPasswords, PASSWORD_PURPOSE, row.password)
  return password === null ? null : { host, port, tls, username, password }
}

/** The mailbox of an account; null when it has none, there is no such account, or its password cannot be opened. */
export const readMailbox = async (
  deps: Pick<Needs, 'db' | 'keys'>,
  id: number,
): Promise<MailboxSettings | null> => {
  const row = await findAccount(deps.db, id)
  return row && mailboxOf(deps, row)
}

/** The same, of a row at hand. */
export const mailboxOf = ({ keys }: Pick<Needs, 'keys'>, row: AccountRow): MailboxSettings | null => {
  const { imapHost, imapPort, imapTls, imapUsername, imapPassword } = row
  if (imapHost === null || imapPort === null || imapTls === null || imapUsername === null) return null
  const password =
    imapPassword === null ? '' : unseal(keys.storedPasswords, IMAP_PASSWORD_PURPOSE, imapPassword)
  if (password === null) return null
  return {
    accountId: row.id,
    host: imapHost,
    port: imapPort,
    tls: imapTls,
    username: imapUsername,
    password,
    folder: row.imapFolder,
    moveTo: row.imapMoveTo,
  }
}
