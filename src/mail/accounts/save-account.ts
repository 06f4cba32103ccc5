import type { Deps } from '#src/deps.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { insertAccount, updateAccount, type AccountRow, type AccountValues } from './queries.ts'
import { IMAP_PASSWORD_PURPOSE, PASSWORD_PURPOSE } from './read-account.ts'
import type { ReadAccount, Secret } from './read-form.ts'

type Needs = Pick<Deps, 'db' | 'keys' | 'clock'>

/** Makes an account of what the form says, its passwords sealed. Returns its id. */
export const makeAccount = (deps: Needs, read: ReadAccount): Promise<number> =>
  insertAccount(deps.db, valuesOf(deps, read, null))

/** Changes an account to what the form says. What was found out about another server, mailbox or domain is forgotten.
 *  False when it is gone. */
export const changeAccount = (deps: Needs, known: AccountRow, read: ReadAccount): Promise<boolean> =>
  updateAccount(deps.db, known.id, valuesOf(deps, read, known))

const valuesOf = ({ keys, clock }: Needs, read: ReadAccount, known: AccountRow | null): AccountValues => {
  const { columns, password, imapPassword } = read
  const sealed = (secret: Secret, purpose: string) =>
    secret.change === 'set' ? seal(keys.storedPasswords, purpose, secret.text) : null
  const isWarmingUp = columns.warmupFirstDay !== null
  return {
    ...columns,
    ...(password.change === 'keep' ? {} : { password: sealed(password, PASSWORD_PURPOSE) }),
    ...(imapPassword.change === 'keep' ? {} : { imapPassword: sealed(imapPassword, IMAP_PASSWORD_PURPOSE) }),
    warmupStartedAt: isWarmingUp ? (known?.warmupStartedAt ?? clock.now()) : null,
    ...(known && isOtherServer(known, read) ? { lastTest: null } : {}),
    ...(known && isOtherMailbox(known, read) ? { lastImapTest: null } : {}),
    ...(known && isOtherDomain(known, read) ? { lastDns: null, lastDnsAt: null } : {}),
  }
}

const differs = (known: AccountRow, columns: Partial<AccountRow>, keys: (keyof AccountRow)[]): boolean =>
  keys.some((key) => known[key] !== columns[key])

const isOtherServer = (known: AccountRow, { columns, password }: ReadAccount): boolean =>
  password.change === 'set' || differs(known, columns, ['host', 'port', 'tls', 'username', 'senderAddress'])

const isOtherMailbox = (known: AccountRow, { columns, imapPassword }: ReadAccount): boolean =>
  imapPassword.change === 'set' ||
  differs(known, columns, ['imapHost', 'imapPort', 'imapTls', 'imapUsername', 'imapFolder', 'imapMoveTo'])

const isOtherDomain = (known: AccountRow, { columns }: ReadAccount): boolean =>
  differs(known, columns, ['host', 'senderAddress', 'dkimSelector'])
