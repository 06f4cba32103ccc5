import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { simpleParser } from 'mailparser'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { readMailSettings, type MailSettings } from '#src/mail/mail-settings.ts'
import { readRecipient, type Mailbox } from '#src/mail/mailbox.ts'
import { settleLeftBehind, settleMessage } from '#src/mail/queries-messages.ts'
import { sendMessage, type Draft } from '#src/mail/send-message.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { insertSuppression, insertWithdrawal } from '#src/tracking/queries-inbox.ts'
import { messageLinks, messages } from '#src/tracking/schema.ts'
import { newMessageKey, readToken } from '#src/tracking/token.ts'
import {
  verifyingKeys,
  writeTrackingSettings,
  readTrackingSettings,
} from '#src/tracking/tracking-settings.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer, type MailServerOptions } from '#tests/support/mail-server.ts'

const { db, sql, beforeClose } = await testDatabase()
const keys = deriveKeys('a secret for tests only')
const clock = { now: () => new Date() }
const deps = { db, keys, clock, log: silentLog }
const usual = await startMailServer()
beforeClose(() => usual.stop())

const HTML = '<html><body><p>Bonjour, <a href="https://exemple.fr/devis">votre devis</a></p></body></html>'
const settingsOf = (port: number, sender = 'Jean Été <jean@agence.fr>'): MailSettings => {
  const settings = readMailSettings({
    MAIL_SERVER: '127.0.0.1',
    MAIL_PORT: port,
    MAIL_DEFAULT_SENDER: sender,
    BASE_URL: 'https://suivi.agence.fr',
  })
  if ('missing' in settings) throw new Error('settings are missing')
  return settings
}
const mailbox = (text: string): Mailbox => {
  const read = readRecipient(text)
  if (!read.ok) throw new Error(read.problem.message)
  return read.value
}
let number = 0
const newDraft = (given: Partial<Draft> = {}): Draft => ({
  to: mailbox(`anne${(number += 1)}@exemple.fr`),
  subject: 'Votre site à l’été',
  html: HTML,
  companyId: null,
  locale: 'fr',
  modes: null,
  ...given,
})
const send = async (given: Partial<Draft> = {}, settings = settingsOf(usual.port)) => {
  const draft = newDraft(given)
  return { draft, outcome: await sendMessage(deps, settings, draft) }
}
const sentBy = async (given: Partial<Draft> = {}, settings?: MailSettings) => {
  const { draft, outcome } = await send(given, settings)
  if (!outcome.ok) throw new Error(outcome.problem.message)
  const received = usual.received.at(-1)!
  return {
    draft,
    sent: outcome.value,
    received,
    mail: await simpleParser(Buffer.from(received.raw, 'latin1')),
  }
}
const storedOf = async (address: string) =>
  (await db.select().from(messages).where(eq(messages.recipient, address)))[0]

test('the mail that arrives is whole: text and HTML, the headers to unsubscribe, its links and its pixel', async () => {
  const { draft, sent, received, mail } = await sentBy({ to: mailbox('Anne Léger <anne@exemple.fr>') })
  expect([received.from, received.to]).toEqual(['jean@agence.fr', ['anne@exemple.fr']])
  expect([mail.from?.text, mail.to && 'text' in mail.to && mail.to.text, mail.subject]).toEqual([
    '"Jean Été" <jean@agence.fr>',
    '"Anne Léger" <anne@exemple.fr>',
    draft.subject,
  ])
  expect(received.raw).toContain(`List-Unsubscribe: <${sent.unsubscribeUrl}>\r\n`)
  expect(received.raw).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
  expect(received.raw).toMatch(/Content-Type: multipart\/alternative/)
  expect(mail.text).toContain('votre devis (https://exemple.fr/devis)')
  expect(mail.text).toContain(sent.unsubscribeUrl)
  expect(mail.html).toContain(`<a href="${sent.links[0]!.url}">votre devis</a>`)
  expect(mail.html).toContain(`src="${sent.pixelUrl}"`)
  expect(mail.html).toContain(`<a href="${sent.unsubscribeUrl}"`)
  const stored = await storedOf('anne@exemple.fr')
  expect(stored).toMatchObject({
    token: sent.token,
    state: 'sent',
    messageId: mail.messageId,
    smtpReply: '250 2.0.0 Ok: queued as 4F2A',
    opens: 'aggregate',
    clicks: 'individual',
  })
  expect(stored?.messageId).toMatch(/^<[0-9a-f]{32}@agence\.fr>$/)
  expect(new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(stored!.html!)))).toContain(
    sent.unsubscribeUrl,
  )
})

test('modes hold for this mail, and for all by the settings; a new key signs while old ones stay', async () => {
  const off = await sentBy({ modes: { opens: 'off', clicks: 'off' } })
  expect([off.sent.pixelUrl, off.sent.links.map(({ target, url }) => target === url)]).toEqual([null, [true]])
  const before = await sentBy()
  await writeTrackingSettings(db, {
    ...(await readTrackingSettings(db)),
    opens: 'individual',
    keyGeneration: 2,
  })
  const after = await sentBy()
  const verify = verifyingKeys(keys.links, { keyGeneration: 2 })
  const subjectOf = (url: string | null) =>
    readToken(verify, 'pixel', url?.split('/').at(-1) ?? '', new Date())?.subject.mode
  expect([subjectOf(before.sent.pixelUrl), subjectOf(after.sent.pixelUrl)]).toEqual([
    'aggregate',
    'individual',
  ])
  const kid = (url: string) => url.split('/').at(-1)?.split('.')[0]
  expect(kid(before.sent.unsubscribeUrl)).not.toBe(kid(after.sent.unsubscribeUrl))
  await writeTrackingSettings(db, { ...(await readTrackingSettings(db)), honeypot: true })
  const { sent } = await sentBy()
  const rows = await db.select().from(messageLinks).where(eq(messageLinks.messageId, sent.messageId))
  expect(rows.map(({ target, honeypot }) => [target, honeypot])).toEqual([
    ['https://exemple.fr/devis', false],
    ['https://suivi.agence.fr/track/pixel/h.png', true],
  ])
  await writeTrackingSettings(db, {
    ...(await readTrackingSettings(db)),
    honeypot: false,
    opens: 'aggregate',
  })
})

test('who took back the consent to be tracked is counted with nobody', async () => {
  const to = mailbox('sans-suivi@exemple.fr')
  await insertWithdrawal(db, { address: to.address, messageId: null, at: new Date() })
  await sentBy({ to, modes: { opens: 'individual', clicks: 'individual' } })
  expect(await storedOf(to.address)).toMatchObject({ opens: 'aggregate', clicks: 'aggregate' })
})

test('an address that is suppressed is not written to, and the reason is told', async () => {
  const to = mailbox('Assez@exemple.fr')
  const suppression = {
    address: to.address,
    scope: 'all',
    campaignId: null,
    reason: 'trop de messages',
  } as const
  await insertSuppression(db, { ...suppression, source: 'page', messageId: null, at: new Date() })
  const before = usual.received.length
  const { outcome } = await send({ to })
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'suppressed', state: 'refused' } })
  expect(!outcome.ok && outcome.problem.message).toContain('trop de messages')
  expect([usual.received.length, await storedOf(to.address)]).toEqual([before, undefined])
})

const withServer = async (options: MailServerOptions, work: (settings: MailSettings) => Promise<unknown>) => {
  const server = await startMailServer(options)
  try {
    await work(settingsOf(server.port))
    return server.received
  } finally {
    await server.stop()
  }
}

test('who unsubscribes while the mail is on its way to the server is not written to', async () => {
  const first = await sentBy({ to: mailbox('presque@exemple.fr') })
  const unsubscribe = async () => {
    await insertHits(sql, [
      JSON.stringify({
        event_id: Bun.randomUUIDv7(),
        type: 'unsubscribe',
        at: new Date().toISOString(),
        message: first.sent.token,
        campaign_id: null,
        link: null,
        facts: { method: 'POST' },
        detail: { scope: 'all', source: 'one-click' },
      }),
    ])
    return '220 mail.test ESMTP'
  }
  const received = await withServer({ answers: { greeting: unsubscribe } }, async (settings) => {
    const { outcome } = await send({ to: mailbox('presque@exemple.fr') }, settings)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'stopped', state: 'failed' } })
  })
  expect(received).toEqual([])
})

test('what became of a mail is noted as it is: not taken, or not known', async () => {
  await withServer({ answers: { rcpt: '550 5.1.1 No such user' } }, async (settings) => {
    const { draft, outcome } = await send({}, settings)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'recipient_refused', state: 'failed' } })
    expect(!outcome.ok && outcome.problem.message).toContain('No such user')
    expect(await storedOf(draft.to.address)).toMatchObject({ state: 'failed', sentAt: null })
  })
  await withServer({ answers: { message: 'drop' } }, async (settings) => {
    const { draft, outcome } = await send({}, settings)
    expect(outcome).toMatchObject({ ok: false, problem: { state: 'unknown' } })
    expect(await storedOf(draft.to.address)).toMatchObject({ state: 'unknown', sentAt: null })
  })
})

test('the same draft is sent once, also when it comes twice at the same moment', async () => {
  const draft = newDraft({ token: newMessageKey() })
  const settings = settingsOf(usual.port)
  const before = usual.received.length
  const outcomes = await Promise.all([sendMessage(deps, settings, draft), sendMessage(deps, settings, draft)])
  expect(outcomes.map((outcome) => (outcome.ok ? 'sent' : outcome.problem.code)).toSorted()).toEqual([
    'already',
    'sent',
  ])
  expect(usual.received.length).toBe(before + 1)
})

test('a mail whose sender died is neither sent nor failed', async () => {
  const row = { recipient: 'x@exemple.fr', subject: 'x', opens: 'off', clicks: 'off' } as const
  const [old, fresh] = [newMessageKey(), newMessageKey()]
  await db.insert(messages).values([
    { ...row, token: old, createdAt: new Date(Date.now() - 600_000) },
    { ...row, token: fresh },
  ])
  expect(await settleLeftBehind(db)).toBe(1)
  const stateOf = async (token: string) =>
    (await db.select().from(messages).where(eq(messages.token, token)))[0]?.state
  expect([await stateOf(old), await stateOf(fresh)]).toEqual(['unknown', 'waiting'])
})

test('no word of a mail can become a header or a second recipient', async () => {
  for (const subject of ['a\r\nBcc: b@c.fr', 'a\nb', 'a\u0000b', ''])
    expect((await send({ subject })).outcome).toMatchObject({ problem: { code: 'bad_subject' } })
  for (const to of [
    'a@b.fr, c@d.fr',
    'a@b.fr\r\nBcc: c@d.fr',
    '"x\n" <a@b.fr>',
    'Groupe: a@b.fr;',
    '',
    'a@b',
    '@b.fr',
  ])
    expect([to, readRecipient(to).ok]).toEqual([to, false])
  const { received } = await sentBy({ to: mailbox('"Bcc: x@y.fr" <hostile@exemple.fr>') })
  expect([received.to, received.raw.includes('\r\nBcc')]).toEqual([['hostile@exemple.fr'], false])
})

test('a domain in other letters is written to as the mail servers know it', async () => {
  const coded = `accueil@${new URL('http://hôtel-métropole.fr').hostname}`
  expect(mailbox(coded)).toEqual(mailbox('accueil@hôtel-métropole.fr'))
  const { received, mail } = await sentBy({ to: mailbox('Zoé <accueil@hôtel-métropole.fr>') })
  expect(received.to).toEqual([`accueil@${new URL('http://hôtel-métropole.fr').hostname}`])
  expect(mail.headerLines.find(({ key }) => key === 'to')?.line).toContain('=?UTF-8?')
})

test('an answer that is known is not put in doubt by who gave up waiting for it and is noted after it', async () => {
  const { outcome } = await send()
  if (!outcome.ok) throw new Error(outcome.problem.code)
  const { messageId: id } = outcome.value
  await settleMessage(db, id, { state: 'unknown', smtpReply: null, sentAt: null })
  const [row] = await db.select().from(messages).where(eq(messages.id, id))
  expect([row?.state, row?.sentAt === null]).toEqual(['sent', false])
})
