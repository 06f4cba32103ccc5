import { expect, test } from 'bun:test'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { applyInbound, type InboundEvent } from '#src/mail/inbound/apply-inbound.ts'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'
import { messageLinks } from '#src/tracking/message-links.ts'
import { messages } from '#src/tracking/schema.ts'
import { linkKeys, newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
const NOW = new Date('2026-02-04T10:00:00Z')
const SENT = new Date('2026-02-03T09:00:20Z')
const WRITTEN = 'Tue, 03 Feb 2026 09:00:00 +0000'
const SUBJECT = 'Votre site à l’été'
const ENCODED = `=?utf-8?B?${Buffer.from(SUBJECT).toString('base64')}?=`

const accountOf = async (slug: string) => {
  const account = { slug, label: slug, senderAddress: 'Anne@agence.fr', host: 'x', port: 25, tls: 'none' }
  const [made] = await db
    .insert(mailAccounts)
    .values(account as never)
    .returning()
  return made!.id
}
const [own, other] = [await accountOf('own'), await accountOf('other')]

const givenSent = async (recipient: string, more: Partial<typeof messages.$inferInsert> = {}) => {
  const token = newMessageKey()
  const mail = {
    token,
    recipient,
    subject: SUBJECT,
    opens: 'off' as const,
    clicks: 'off' as const,
    state: 'sent' as const,
    messageId: `<${token}@agence.fr>`,
    accountId: own,
    sentAt: SENT,
    ...more,
  }
  await db.insert(messages).values(mail)
  return mail
}

const HEAD = {
  From: 'Anne <anne@agence.fr>',
  Subject: ENCODED,
  Date: WRITTEN,
  'Message-ID': '<0102@relay.example>',
}
const lines = (head: Record<string, string>) =>
  Object.entries(head)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')

let uid = 0
const report = (type: string, fields: string, returned: Record<string, string>, form = 'multipart/report') =>
  `Return-Path: <>
From: MAILER-DAEMON@mx.example
To: anne@agence.fr
Subject: Undelivered Mail Returned to Sender
Message-ID: <${(uid += 1)}@mx.example>
Content-Type: ${form}; boundary="B"

--B
Content-Type: ${type}

${fields}
--B
Content-Type: text/rfc822-headers

${lines(returned)}
--B--
`
const bounceOf = (
  address: string,
  returned: Record<string, string> = HEAD,
  action = 'failed',
  status = '5.1.1',
) =>
  report(
    'message/delivery-status',
    `Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ${address}\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; 550 user unknown\n`,
    returned,
  )
const complaintOf = (address: string, returned: Record<string, string> = HEAD) =>
  report('message/feedback-report', `Feedback-Type: abuse\nOriginal-Rcpt-To: ${address}\n`, returned)

/** What follows from a mail that came in: how it was matched, what is held against the account, who is suppressed. */
const arrive = async (raw: string, address: string, accountId = own) => {
  const events: InboundEvent[] = []
  const place = { accountId, folder: 'INBOX', uidValidity: 1, uid: (uid += 1), receivedAt: NOW }
  const onInbound = async (_tx: unknown, event: InboundEvent) => void events.push(event)
  const applied = await applyInbound(db, place, classifyInbound(Buffer.from(raw)), { onInbound, now: NOW })
  const [entry] = await sql`SELECT source FROM suppressions WHERE address = ${address}`
  return {
    by: applied.result === 'applied' ? applied.by : applied.result,
    proven: events[0]?.proven,
    suppressed: entry?.['source'] as string | undefined,
  }
}

test('a relay writes another Message-ID: a bounce and a complaint that carry our link to unsubscribe by are about our mail', async () => {
  for (const [address, of] of [
    ['lien@client.fr', bounceOf],
    ['plainte@client.fr', complaintOf],
  ] as const) {
    const { token } = await givenSent(address)
    const links = messageLinks(
      linkKeys(Buffer.alloc(32)),
      'https://suivi.agence.fr',
      { token, campaignId: null, locale: 'fr', opens: 'off', clicks: 'off' },
      SENT,
    )
    const returned = { 'Message-ID': '<0102@relay.example>', 'List-Unsubscribe': `<${links.unsubscribeUrl}>` }
    expect(await arrive(of(address, returned), address)).toEqual({
      by: 'link',
      proven: true,
      suppressed: of === bounceOf ? 'bounce' : 'complaint',
    })
  }
})

test('a report without either that shows our sender, subject and time suppresses, and is held against no account', async () => {
  await givenSent('parti@client.fr')
  await givenSent('fache@client.fr', { envelopeFrom: 'anne+00@agence.fr' })
  expect(await arrive(bounceOf('parti@client.fr'), 'parti@client.fr')).toEqual({
    by: 'report',
    proven: false,
    suppressed: 'bounce',
  })
  expect(await arrive(complaintOf('fache@client.fr'), 'fache@client.fr')).toEqual({
    by: 'report',
    proven: false,
    suppressed: 'complaint',
  })
})

const { Subject: _subject, ...NO_SUBJECT } = HEAD
test.each<[string, (address: string) => string, Partial<typeof messages.$inferInsert>?, number?]>([
  ['shows another subject', (to) => bounceOf(to, { ...HEAD, Subject: 'Votre site' })],
  ['shows no subject', (to) => bounceOf(to, NO_SUBJECT)],
  ['shows another sender', (to) => bounceOf(to, { ...HEAD, From: 'paul@agence.fr' })],
  ['shows another hour', (to) => bounceOf(to, { ...HEAD, Date: 'Tue, 03 Feb 2026 08:00:00 +0000' })],
  ['shows a later time', (to) => complaintOf(to, { ...HEAD, Date: 'Tue, 03 Feb 2026 09:10:00 +0000' })],
  ['shows nothing', (to) => complaintOf(to, {})],
  ['is not final', (to) => bounceOf(to, HEAD, 'failed', '4.4.7')],
  [
    'is about the sender',
    (to) => bounceOf(to, HEAD, 'failed', '5.7.1').replace('550 user unknown', '550 spam'),
  ],
  ['has not the form of one', (to) => bounceOf(to).replace('multipart/report', 'multipart/mixed')],
  ['came elsewhere than our envelope said', (to) => bounceOf(to), { envelopeFrom: 'anne+00@agence.fr' }],
  ['came to another account', (to) => bounceOf(to), {}, other],
  ['is about a mail of long ago', (to) => complaintOf(to), { sentAt: new Date('2025-12-20T09:00:20Z') }],
])('a report that %s suppresses nobody', async (what, of, more = {}, accountId = own) => {
  const address = `a${what.length}-${(uid += 1)}@client.fr`
  await givenSent(address, more)
  expect(await arrive(of(address), address, accountId)).not.toMatchObject({ suppressed: expect.anything() })
})

test('a person who writes about an address, with all that is known of the mail, suppresses nobody', async () => {
  const address = 'visee@client.fr'
  await givenSent(address)
  const raw = `From: Paul <paul@ailleurs.fr>\nTo: anne@agence.fr\nSubject: Undelivered\nMessage-ID: <p@ailleurs.fr>\n\n550 5.1.1 <${address}> user unknown\n\n----- Original message -----\n${lines(HEAD)}`
  expect((await arrive(raw, address)).suppressed).toBeUndefined()
})
