import { expect, test } from 'bun:test'
import { campaignMessages, campaigns, campaignSteps, campaignVariants } from '#src/campaigns/schema.ts'
import { noteInbound } from '#src/campaigns/note-inbound.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { applyInbound, type Applied } from '#src/mail/inbound/apply-inbound.ts'
import { classifyInbound } from '#src/mail/inbound/classify-inbound.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '../../support/database.ts'

const { db, sql } = await testDatabase()
const NOW = new Date('2026-02-04T10:00:00Z')
const SENT = new Date('2026-02-03T09:00:00Z')

const [account] = await db
  .insert(mailAccounts)
  .values({ slug: 'a', label: 'A', senderAddress: 'anne@agence.fr', host: 'x', port: 25, tls: 'none' })
  .returning()
const accountId = account!.id

const audience = {
  mode: 'picked',
  filter: '',
  segmentId: null,
  objective: null,
  groupIds: [],
  companyIds: [],
  excludedIds: [],
}
const recipients = { perCompany: 1, roles: [], freeProviders: false, notContactedDays: null }
const makeCampaign = async (kind: 'real' | 'rehearsal' = 'real') => {
  const [campaign] = await db
    .insert(campaigns)
    .values({
      name: 'Relance',
      kind,
      state: 'running',
      audience: audience as never,
      recipients: recipients as never,
    })
    .returning()
  const steps = await db
    .insert(campaignSteps)
    .values([
      { campaignId: campaign!.id, position: 0 },
      { campaignId: campaign!.id, position: 1, delayDays: 3 },
    ])
    .returning()
  const variants = await db
    .insert(campaignVariants)
    .values(steps.map(({ id }) => ({ stepId: id, label: 'A', subject: 's', html: 'h' })))
    .returning()
  return { campaign: campaign!, steps, variants }
}
const real = await makeCampaign()
const rehearsal = await makeCampaign('rehearsal')

/** A company whose address was written to, and is to be reminded. */
const makeSent = async (address: string, of = real, state: 'sent' | 'unknown' | 'sending' = 'sent') => {
  const [company] =
    await sql`INSERT INTO companies (name, status) VALUES (${address}, 'À qualifier') RETURNING id`
  const companyId = company!['id'] as number
  const token = newMessageKey()
  const messageId = `<${token}@agence.fr>`
  const rehearsed = of === rehearsal
  const [mail] = await db
    .insert(messages)
    .values({
      token,
      recipient: address,
      subject: 'Votre site',
      opens: 'off',
      clicks: 'off',
      state: state === 'sending' ? 'waiting' : state,
      messageId,
      accountId,
      companyId,
      campaignId: of.campaign.id,
      sentAt: SENT,
    })
    .returning()
  const row = { campaignId: of.campaign.id, companyId, accountId, address, provider: 'client.fr', rehearsed }
  const [sent] = await db
    .insert(campaignMessages)
    .values([
      {
        ...row,
        stepId: of.steps[0]!.id,
        variantId: of.variants[0]!.id,
        state,
        messageId: mail!.id,
        dueAt: SENT,
        sentAt: state === 'sent' ? SENT : null,
      },
      { ...row, stepId: of.steps[1]!.id, variantId: of.variants[1]!.id, state: 'planned', dueAt: NOW },
    ])
    .returning()
  return { companyId, messageId, ledgerId: sent!.id, address, rehearsed }
}
type Sent = Awaited<ReturnType<typeof makeSent>>

let uid = 0
const arrive = (raw: string, more: { uid?: number; rehearsed?: boolean } = {}): Promise<Applied> =>
  applyInbound(
    db,
    {
      accountId,
      folder: 'INBOX',
      uidValidity: 1,
      uid: more.uid ?? ++uid,
      receivedAt: NOW,
      rehearsed: more.rehearsed ?? false,
    },
    classifyInbound(Buffer.from(raw)),
    { onInbound: noteInbound, now: NOW },
  )

const dsn = ({ messageId, address }: Sent, diagnostic: string, action = 'failed', status = '5.1.1') =>
  `Return-Path: <>
From: MAILER-DAEMON@mx.example
To: anne@agence.fr
Subject: Undelivered Mail
Message-ID: <${uid}.${Math.random()}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ${address}
Action: ${action}
Status: ${status}
Diagnostic-Code: smtp; ${diagnostic}

--B
Content-Type: text/rfc822-headers

Message-ID: ${messageId}

--B--
`
const answer = ({ messageId, address }: Sent, text: string, headers = '') =>
  `From: Paul <${address}>
To: anne@agence.fr
Subject: Re: Votre site
Message-ID: <${uid}.${Math.random()}@client.fr>
In-Reply-To: ${messageId}
${headers}
${text}
`
const ledger = async ({ address }: Sent) =>
  (
    await sql`SELECT state, reason, bounce_kind, reply FROM campaign_messages WHERE address = ${address} ORDER BY id`
  ).map((row) => ({ ...row }))
const statusOf = async ({ companyId }: Sent) =>
  (await sql`SELECT status FROM companies WHERE id = ${companyId}`)[0]!['status'] as string
const suppressedBy = async ({ address }: Sent) =>
  (await sql`SELECT source FROM suppressions WHERE address = ${address}`)[0]?.['source'] as string | undefined

test('a hard bounce ends the sequence, suppresses the address and moves the status of the company', async () => {
  const sent = await makeSent('hard@client.fr')
  const applied = await arrive(dsn(sent, '550 5.1.1 user unknown'))
  expect(applied).toMatchObject({ result: 'applied', by: 'message_id' })
  expect(await ledger(sent)).toEqual([
    { state: 'bounced', reason: null, bounce_kind: 'hard', reply: '550 5.1.1 user unknown' },
    { state: 'skipped', reason: 'bounced', bounce_kind: null, reply: null },
  ])
  expect(await suppressedBy(sent)).toBe('bounce')
  expect(await statusOf(sent)).toBe('Bounce')
})

test('a soft bounce leaves the address usable', async () => {
  const sent = await makeSent('soft@client.fr')
  await arrive(dsn(sent, '552 5.2.2 mailbox full', 'failed', '5.2.2'))
  expect((await ledger(sent))[0]).toMatchObject({ state: 'bounced', bounce_kind: 'soft' })
  expect(await suppressedBy(sent)).toBeUndefined()
  expect(await statusOf(sent)).toBe('À qualifier')
})

test('a warning changes nothing but what was said last', async () => {
  const sent = await makeSent('late@client.fr')
  await arrive(dsn(sent, '451 try later', 'delayed', '4.4.1'))
  expect((await ledger(sent)).map(({ state }) => state)).toEqual(['sent', 'planned'])
  expect((await ledger(sent))[0]).toMatchObject({ reply: '451 try later' })
})

test('a success report is a sign of delivery, and of a mail nobody knew the fate of', async () => {
  const sent = await makeSent('ok@client.fr', real, 'unknown')
  await arrive(dsn(sent, '250 ok', 'delivered', '2.0.0'))
  expect((await ledger(sent)).map(({ state }) => state)).toEqual(['delivered', 'planned'])
})

test('a reply stops the sequence, moves the status, and is kept with its text', async () => {
  const sent = await makeSent('paul@client.fr')
  await arrive(answer(sent, 'Bonjour, rappelez-moi mardi.'))
  expect((await ledger(sent)).map(({ state, reason }) => [state, reason])).toEqual([
    ['replied', null],
    ['skipped', 'replied'],
  ])
  expect(await statusOf(sent)).toBe('À rappeler')
  const [row] = await sql`SELECT text, kind FROM inbound_mails WHERE recipient = 'paul@client.fr'`
  expect(row!['kind']).toBe('reply')
  expect(new TextDecoder().decode(Bun.gunzipSync(row!['text']))).toContain('rappelez-moi mardi')
})

test('a reply that asks for no more mail is an unsubscribe', async () => {
  const sent = await makeSent('stop@client.fr')
  await arrive(
    answer(sent, 'Merci de ne plus me contacter.\n\nLe mar. 3 févr. 2026, Anne a écrit :\n> Bonjour'),
  )
  expect((await ledger(sent))[0]).toMatchObject({ state: 'unsubscribed' })
  expect(await suppressedBy(sent)).toBe('reply')
  expect(await statusOf(sent)).toBe('Désabonné')
})

test('who answers sooner than the mail server did has answered: nothing more follows', async () => {
  const [replied, stopped] = [
    await makeSent('vite@client.fr', real, 'sending'),
    await makeSent('vite-stop@client.fr', real, 'sending'),
  ]
  await arrive(answer(replied, 'Bonjour, rappelez-moi mardi.'))
  await arrive(answer(stopped, 'Ne me contactez plus.'))
  const states = async (sent: Sent) => (await ledger(sent)).map(({ state }) => state)
  expect(await states(replied)).toEqual(['replied', 'skipped'])
  expect(await states(stopped)).toEqual(['unsubscribed', 'skipped'])
})

test('the mail that is quoted does not ask for anything', async () => {
  const sent = await makeSent('quote@client.fr')
  await arrive(
    answer(
      sent,
      'Oui, avec plaisir.\n\nLe mar. 3 févr. 2026, Anne a écrit :\n> Ne plus recevoir ces messages : désinscription',
    ),
  )
  expect((await ledger(sent))[0]).toMatchObject({ state: 'replied' })
  expect(await suppressedBy(sent)).toBeUndefined()
})

test('an automatic answer is a sign of delivery and stops nothing', async () => {
  const sent = await makeSent('away@client.fr')
  await arrive(answer(sent, 'Je suis absent.', 'Auto-Submitted: auto-replied\n'))
  expect((await ledger(sent)).map(({ state }) => state)).toEqual(['delivered', 'planned'])
  expect(await statusOf(sent)).toBe('À qualifier')
})

const complaint = ({ address }: Sent, returned = '') => `From: fbl@fai.example
To: anne@agence.fr
Subject: abuse
Message-ID: <${uid}.${Math.random()}@fai.example>
Content-Type: multipart/report; report-type=feedback-report; boundary=a

--a
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: ${address}

--a
Content-Type: text/rfc822-headers

${returned}
--a--
`
const healthOf = async () => {
  const [row] =
    await sql`SELECT coalesce(sum(bounced), 0)::int AS bounced, coalesce(sum(complained), 0)::int AS complained
    FROM mail_health WHERE account_id = ${accountId}`
  return { ...row }
}

test('a complaint about a mail of ours suppresses', async () => {
  const sent = await makeSent('plaint@client.fr')
  const applied = await arrive(complaint(sent, `Message-ID: ${sent.messageId}\n`))
  expect(applied).toMatchObject({ result: 'applied', by: 'message_id' })
  expect(await suppressedBy(sent)).toBe('complaint')
  expect(await statusOf(sent)).toBe('Plainte spam')
  expect((await ledger(sent))[1]).toMatchObject({ state: 'skipped' })
})

test('what only names an address anybody may have written: it suppresses nobody and is held against no account', async () => {
  const [reported, returned] = [await makeSent('dit@client.fr'), await makeSent('faux@client.fr')]
  const before = await healthOf()
  expect(await arrive(complaint(reported))).toMatchObject({ result: 'applied', by: 'recipient' })
  const forged = { ...returned, messageId: '<unknown@mx.example>' }
  expect(await arrive(dsn(forged, '550 5.1.1 user unknown'))).toMatchObject({ by: 'recipient' })
  await arrive(dsn(forged, '550 5.7.1 blocked for spam', 'failed', '5.7.1'))
  for (const one of [reported, returned]) {
    expect(await suppressedBy(one)).toBeUndefined()
    expect(await statusOf(one)).toBe('À qualifier')
    expect((await ledger(one))[1]).toMatchObject({ state: 'skipped' })
  }
  expect((await ledger(returned))[0]).toMatchObject({ state: 'bounced', bounce_kind: 'soft' })
  expect(await healthOf()).toEqual(before)
})

test('however often one mail is reported or sent back, it counts once against its account', async () => {
  const sent = await makeSent('encore@client.fr')
  const before = (await healthOf()) as { bounced: number; complained: number }
  for (let time = 0; time < 5; time++) {
    await arrive(complaint(sent, `Message-ID: ${sent.messageId}\n`))
    await arrive(dsn(sent, '550 5.1.1 user unknown'))
  }
  await arrive(dsn(sent, '552 5.2.2 mailbox full', 'failed', '5.2.2'))
  expect(await healthOf()).toEqual({ bounced: before.bounced + 1, complained: before.complained + 1 })
  expect((await ledger(sent))[0]).toMatchObject({ bounce_kind: 'hard' })
  const [account] = await sql`SELECT paused_at FROM mail_accounts WHERE id = ${accountId}`
  expect(account!['paused_at']).toBeNull()
})

test('the same mail twice is applied once, at its place and at another after the mailbox was numbered anew', async () => {
  const sent = await makeSent('twice@client.fr')
  const raw = answer(sent, 'Oui')
  expect((await arrive(raw, { uid: 9001 })).result).toBe('applied')
  expect((await arrive(raw, { uid: 9001 })).result).toBe('known')
  const again = { accountId, folder: 'INBOX', uidValidity: 2, uid: 5, receivedAt: NOW }
  const found = classifyInbound(Buffer.from(raw))
  expect((await applyInbound(db, again, found, { onInbound: noteInbound, now: NOW })).result).toBe('known')
})

test('what is about nothing of ours leaves no trace', async () => {
  await sql`DELETE FROM inbound_mails`
  expect((await arrive('From: a@b.example\nSubject: Hello\n\nHi\n')).result).toBe('ignored')
  expect(
    (await arrive('From: a@b.example\nSubject: Re: x\nIn-Reply-To: <else@b.example>\n\nHi\n')).result,
  ).toBe('ignored')
  const [row] = await sql`SELECT count(*)::int AS n FROM inbound_mails`
  expect(row!['n']).toBe(0)
})

test('what a rehearsal brings touches neither suppressions nor statuses', async () => {
  const sent = await makeSent('try@client.fr', rehearsal)
  // From outside, nothing is about a mail that never left.
  expect((await arrive(dsn(sent, '550 5.1.1 user unknown'))).result).toBe('ignored')
  expect((await arrive(dsn(sent, '550 5.1.1 user unknown'), { rehearsed: true })).result).toBe('applied')
  expect((await ledger(sent))[0]).toMatchObject({ state: 'bounced' })
  expect(await suppressedBy(sent)).toBeUndefined()
  expect(await statusOf(sent)).toBe('À qualifier')
})

test('webhooks are told of bounces and replies, without the text', async () => {
  await sql`INSERT INTO webhooks (name, url, secret, events, active)
    VALUES ('w', 'https://example.com', '\\x00', '{message.bounced,message.replied}', true)`
  const [bounced, replied] = [await makeSent('wb@client.fr'), await makeSent('wr@client.fr')]
  await arrive(dsn(bounced, '550 5.1.1 user unknown'))
  await arrive(dsn(bounced, '451 later', 'delayed', '4.4.1'))
  await arrive(answer(replied, 'Oui'))
  const told = await sql`SELECT type, payload -> 'data' AS data FROM webhook_deliveries ORDER BY type`
  expect(told.map(({ type }) => type)).toEqual(['message.bounced', 'message.replied'])
  expect(told[0]!['data']).toMatchObject({
    email: 'wb@client.fr',
    type: 'hard',
    code: '5.1.1',
    raison: 'user_unknown',
  })
  expect(JSON.stringify(told[1])).not.toContain('Oui')
})
