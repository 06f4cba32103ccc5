import { expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { settleLeftBehind } from '#src/mail/queries-messages.ts'
import { insertSuppression } from '#src/tracking/queries-inbox.ts'
import { messages } from '#src/tracking/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { FROM_SOURCE, runProgram, startProgram, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

setDefaultTimeout(60_000)

const { db, url, beforeClose } = await testDatabase()
const certificates = join(import.meta.dir, '../support/certificates')
const tls = {
  cert: readFileSync(join(certificates, 'loopback.pem'), 'utf8'),
  key: readFileSync(join(certificates, 'loopback.key'), 'utf8'),
}
const login = { username: 'jean', password: 'secret word' }
const mails = await startMailServer({ tls, login })
const folder = temporaryFolder('send')
beforeClose(async () => {
  await mails.stop()
  folder.remove()
})
const file = join(folder.path, 'mail.html')
writeFileSync(file, '<p>Bonjour <a href="https://exemple.fr/">Anne</a></p>')

const ENVIRONMENT = {
  DATABASE_URL: url,
  DATA_DIR: folder.path,
  BASE_URL: 'https://suivi.agence.fr/',
  MAIL_SERVER: '127.0.0.1',
  MAIL_PORT: String(mails.port),
  MAIL_USE_TLS: 'true',
  MAIL_USERNAME: login.username,
  MAIL_PASSWORD: login.password,
  MAIL_DEFAULT_SENDER: 'jean@agence.fr',
  NODE_EXTRA_CA_CERTS: join(certificates, 'ca.pem'),
}
const send = (args: string[], env: Record<string, string> = {}) =>
  runProgram(['send', ...args], { command: FROM_SOURCE, env: { ...ENVIRONMENT, ...env } })
const to = (address: string, ...more: string[]) => [
  '--to',
  address,
  '--subject',
  'Bonjour',
  '--html',
  file,
  ...more,
]

test('a mail goes out over an encrypted connection, and its links are told', async () => {
  const sent = await send(to('anne@exemple.fr', '--tracking', 'individual', '--json'))
  expect([sent.code, sent.errors]).toEqual([0, ''])
  const document = JSON.parse(sent.out)
  expect(Object.keys(document)).toEqual(['messageId', 'token', 'pixelUrl', 'links', 'unsubscribeUrl'])
  expect(document.links).toEqual([
    {
      target: 'https://exemple.fr/',
      url: expect.stringMatching(/^https:\/\/suivi\.agence\.fr\/track\/click\//),
    },
  ])
  expect(mails.received.at(-1)).toMatchObject({ to: ['anne@exemple.fr'], login: 'jean', encrypted: true })
})

test('a program that is killed before the answer leaves a mail that waits, and nothing is sent again', async () => {
  const silent = await startMailServer({ answers: { message: () => new Promise<string>(() => {}) } })
  beforeClose(() => silent.stop())
  const env = { ...ENVIRONMENT, MAIL_PORT: String(silent.port), MAIL_USE_TLS: 'false', MAIL_USERNAME: '' }
  const running = startProgram(['send', ...to('tue@exemple.fr')], { command: FROM_SOURCE, env })
  const stateOf = async () =>
    (await db.select().from(messages).where(eq(messages.recipient, 'tue@exemple.fr')))[0]?.state
  await until('the mail is handed over', async () => silent.handedOver() > 0)
  await running.kill()
  expect(await stateOf()).toBe('waiting')
  await db.update(messages).set({ createdAt: new Date(Date.now() - 600_000) })
  await settleLeftBehind(db)
  expect([await stateOf(), silent.connections()]).toEqual(['unknown', 1])
})

test('what keeps a mail from going out is told, with the exit code scripts rely on', async () => {
  await insertSuppression(db, {
    address: 'assez@exemple.fr',
    scope: 'all',
    campaignId: null,
    reason: 'stop',
    source: 'page',
    messageId: null,
    at: new Date(),
  })
  const before = mails.received.length
  const cases = [
    [to('assez@exemple.fr'), {}, 1, 'must not be written to'],
    [to('nobody'), {}, 1, 'is not one e-mail address'],
    [to('anne@exemple.fr', '--company', '12345'), {}, 1, 'no company'],
    [['--to', 'anne@exemple.fr', '--subject', 'x', '--html', '/no/file'], {}, 1, 'cannot be read'],
    [to('anne@exemple.fr', '--tracking', 'some'), {}, 2, '--tracking'],
    [['--to', 'anne@exemple.fr'], {}, 2, '--subject'],
    [to('anne@exemple.fr'), { BASE_URL: '', MAIL_SERVER: '' }, 2, 'MAIL_SERVER, BASE_URL'],
    [to('anne@exemple.fr'), { MAIL_PASSWORD: 'wrong' }, 1, 'MAIL_PASSWORD'],
    [to('anne@exemple.fr'), { NODE_EXTRA_CA_CERTS: '' }, 1, 'certificate'],
  ] as const
  for (const [args, env, code, words] of cases) {
    const told = await send([...args], env)
    expect([words, told.code, told.errors]).toEqual([words, code, expect.stringContaining(words)])
  }
  expect(mails.received.length).toBe(before)
})
