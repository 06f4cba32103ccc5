import { expect, test } from 'bun:test'
import { loadConfig } from '#src/config.ts'
import type { Deps } from '#src/deps.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { insertAccount } from '#src/mail/accounts/queries.ts'
import { IMAP_PASSWORD_PURPOSE, PASSWORD_PURPOSE } from '#src/mail/accounts/read-account.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { checkAccounts } from '#src/operations/doctor/check-accounts.ts'
import { checkMailSettings } from '#src/operations/doctor/check-host.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startDnsServer } from '#tests/support/dns-server.ts'
import { startImapServer } from '#tests/support/imap-server.ts'
import { startMailServer } from '#tests/support/mail-server.ts'

const { db, beforeClose } = await testDatabase()
const login = { username: 'jeanne', password: 'secret' }
const [mails, mailbox] = await Promise.all([startMailServer({ login }), startImapServer({ login })])
const names = await startDnsServer({
  'agence.fr MX': ['10 mx.agence.fr'],
  'mx.agence.fr A': ['93.184.216.34'],
  'agence.fr TXT': ['v=spf1 mx -all'],
  '_dmarc.agence.fr TXT': ['v=DMARC1; p=none'],
})
beforeClose(async () => {
  names.stop()
  await Promise.all([mails.stop(), mailbox.stop()])
})
const keys = deriveKeys('a secret for tests only')
const deps = {
  db,
  keys,
  config: loadConfig({ BASE_URL: 'https://suivi.agence.fr' }),
  clock: { now: () => new Date() },
} as Pick<Deps, 'db' | 'keys' | 'config' | 'clock'>
const sealed = (purpose: string, text: string) => seal(keys.storedPasswords, purpose, text)

const account = {
  label: 'Agence',
  senderName: 'Jeanne',
  senderAddress: 'jeanne@agence.fr',
  organisation: 'Agence',
  contactLine: 'Nancy',
  host: '127.0.0.1',
  port: mails.port,
  tls: 'none',
  username: login.username,
  password: sealed(PASSWORD_PURPOSE, login.password),
  imapHost: '127.0.0.1',
  imapPort: mailbox.port,
  imapTls: 'none',
  imapUsername: login.username,
  imapPassword: sealed(IMAP_PASSWORD_PURPOSE, login.password),
} as const

const examine = async (changes: Partial<typeof mailAccounts.$inferInsert> = {}, with_ = deps) => {
  await db.delete(mailAccounts)
  await insertAccount(db, { ...account, ...changes } as never)
  return (await checkAccounts(with_, names.resolver())).map(({ check, status, detail, fix }) => ({
    check,
    status,
    told: `${detail} ${fix ?? ''}`,
  }))
}
const short = async (...given: Parameters<typeof examine>) =>
  (await examine(...given)).map(({ check, status }) => `${check.replace(':agence', '')} ${status}`)

test('an account that works is well, what cannot be known from here is not called so', async () => {
  expect(await short()).toEqual([
    'account ok',
    'account_login ok',
    'account_mailbox ok',
    'account_dns unknown',
  ])
  expect(mails.received).toEqual([])
})

test('without accounts nothing is said of them', async () => {
  await db.delete(mailAccounts)
  expect(await checkAccounts(deps, names.resolver())).toEqual([])
})

test('what is wrong with an account is told with what to do', async () => {
  const wrong = await examine({
    password: sealed(PASSWORD_PURPOSE, 'wrong'),
    imapFolder: 'Nowhere',
    senderAddress: 'jeanne@ailleurs.fr',
    dkimSelector: 's1',
  })
  expect(wrong.map(({ status }) => status)).toEqual(['ok', 'failed', 'failed', 'failed'])
  const [, loginTold, mailboxTold, domainTold] = wrong.map(({ told }) => told)
  expect(loginTold).toContain('not accepted')
  expect(mailboxTold).toContain('no such folder')
  expect(domainTold).toContain('add ailleurs.fr TXT v=spf1')
  expect(JSON.stringify(wrong)).not.toContain('wrong"')
})

test('an account that stands still, cannot be used or lacks something is not well', async () => {
  const paused = await short({ pausedAt: new Date(), pauseReason: 'auth', pauseDetail: '535' })
  expect(paused[0]).toBe('account failed')
  expect((await short({ contactLine: ' ' }))[0]).toBe('account unknown')
  expect(await short({ imapHost: null })).toContain('account_mailbox unknown')
  expect(await short({}, { ...deps, keys: deriveKeys('another secret of the tests') })).toEqual([
    'account failed',
  ])
  expect(await short({ host: '127.0.0.1', port: 1 })).toContain('account_login failed')
})

test('accounts make up for settings that are not set', () => {
  expect(checkMailSettings({}).status).toBe('unknown')
  expect(checkMailSettings({}, true).status).toBe('ok')
})
