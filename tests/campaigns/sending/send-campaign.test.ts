import { expect, setDefaultTimeout, test } from 'bun:test'
import { eq, inArray } from 'drizzle-orm'
import { simpleParser } from 'mailparser'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '#src/campaigns/planning/states.ts'
import { campaignMessages, campaigns, campaignVariants } from '#src/campaigns/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { readVerp } from '#src/mail/verp.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { messageLinks, messages } from '#src/tracking/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer, type Received } from '#tests/support/mail-server.ts'
import { until } from '#tests/support/until.ts'
import { newAccount, newCampaign } from './running-campaign.ts'
import { smallSender } from './small-sender.ts'

setDefaultTimeout(15_000)
const { db, sql, beforeClose } = await testDatabase()
const sender = smallSender({ db, sql })
const server = await startMailServer()
beforeClose(() => server.stop())
let number = 0
const newAddress = () => `anne${(number += 1)}@exemple.fr`
const isSent = ({ state }: { state: string }) => state === 'sent'
const receivedBy = (address: string): Received[] => server.received.filter(({ to }) => to[0] === address)
const parsed = (mail: Received | undefined) => simpleParser(Buffer.from(mail?.raw ?? '', 'latin1'))

test('a mail goes out whole and is kept as it went: footer, unsubscribe, tracked links, its own envelope sender', async () => {
  const account = await newAccount(db, server.port, {
    verp: true,
    replyTo: 'reponses@agence.fr',
    signature: '<p>Jean, de l’agence</p>',
  })
  const address = newAddress()
  const { campaign } = await newCampaign(db, account.id, [address], { companies: true })
  const [row] = await sender.sendUntil(campaign.id, isSent)
  const [received] = receivedBy(address)
  const mail = await parsed(received)
  const [kept] = await db.select().from(messages).where(eq(messages.id, row!.messageId!))
  expect(kept).toMatchObject({
    state: 'sent',
    campaignId: campaign.id,
    companyId: row!.companyId,
    accountId: account.id,
    recipient: address,
    messageId: mail.messageId!,
    smtpReply: '250 2.0.0 Ok: queued as 4F2A',
    envelopeFrom: received!.from,
  })
  expect(readVerp(received!.from)).toBe(kept!.token)
  expect([mail.from?.text, mail.replyTo?.text, mail.subject]).toEqual([
    '"Jean Été" <jean@agence.fr>',
    '"Jean Été" <reponses@agence.fr>',
    'Votre site à l’été',
  ])
  const html = new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(kept!.html!)))
  expect(html.trim()).toBe(String(mail.html).trim())
  for (const part of [
    'Jean, de l’agence',
    'Agence Été',
    '57000 Metz',
    '/track/unsubscribe/',
    '/track/click/',
  ])
    expect(html).toContain(part)
  expect(received!.raw).toMatch(
    /\r\nList-Unsubscribe: <https:\/\/suivi\.agence\.fr\/track\/unsubscribe\/[^\r]+>\r\n/,
  )
  expect(received!.raw).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
  expect(mail.text).toContain('/track/unsubscribe/')
  const links = await db.select().from(messageLinks).where(eq(messageLinks.messageId, kept!.id))
  expect(links.map(({ target }) => target)).toEqual(['https://exemple.fr/'])
  const statusOf = async () =>
    (await db.select().from(companies).where(eq(companies.id, row!.companyId!)))[0]?.status
  const stop = sender.start()
  await until('its company was written to', async () => (await statusOf()) === 'À qualifier')
  await stop()
})

test('a follow-up is planned with the mail it follows, goes into its thread and by the same account', async () => {
  const account = await newAccount(db, server.port)
  const address = newAddress()
  const { campaign, steps } = await newCampaign(db, account.id, [address], { companies: true, steps: 2 })
  const rows = await sender.sendUntil(
    campaign.id,
    ({ stepId, state }) => stepId !== steps[0]!.id || state === 'sent',
  )
  expect(rows.map(({ stepId, state }) => [stepId, state])).toEqual([
    [steps[0]!.id, 'sent'],
    [steps[1]!.id, 'planned'],
  ])
  sender.moveClock(5 * 24 * 3600_000)
  await sender.sendUntil(campaign.id, isSent)
  const [first, second] = await Promise.all(receivedBy(address).map(parsed))
  expect([second?.inReplyTo, second?.references]).toEqual([first?.messageId, first?.messageId])
  const kept = await db.select().from(messages).where(eq(messages.recipient, address)).orderBy(messages.id)
  expect([kept[1]?.accountId, kept[1]?.inReplyTo]).toEqual([account.id, first?.messageId])
})

test('a follow-up without a subject has that of the first mail as it was, with one “Re:”, however many follow', async () => {
  const account = await newAccount(db, server.port)
  const address = newAddress()
  const subject = 'Le site de {{ entreprise }}'
  const { campaign, variants } = await newCampaign(db, account.id, [address], {
    companies: true,
    steps: 3,
    subject,
  })
  for (const { id } of variants.slice(1))
    await db.update(campaignVariants).set({ subject: '' }).where(eq(campaignVariants.id, id))
  await sender.sendUntil(campaign.id, () => receivedBy(address).length === 1)
  // As it really was, also when the company is called otherwise since.
  await sql`UPDATE companies SET name = 'Autre nom' WHERE name = ${`Société ${address}`}`
  for (const count of [2, 3]) {
    sender.moveClock(5 * 24 * 3600_000)
    await sender.sendUntil(campaign.id, () => receivedBy(address).length === count)
  }
  const mails = await Promise.all(receivedBy(address).map(parsed))
  const first = `Le site de Société ${address}`
  expect(mails.map((mail) => mail.subject)).toEqual([first, `Re: ${first}`, `Re: ${first}`])
  expect([mails[2]!.references].flat()).toEqual([mails[0]!.messageId!, mails[1]!.messageId!])
  const kept = await db.select().from(messages).where(eq(messages.recipient, address)).orderBy(messages.id)
  expect(kept.map((mail) => mail.subject)).toEqual(mails.map((mail) => mail.subject!))
})

test('a first mail without a subject is no mail, and a subject that was typed for a follow-up is its own', async () => {
  const account = await newAccount(db, server.port)
  const [bare, own] = [newAddress(), newAddress()]
  const without = await newCampaign(db, account.id, [bare], { companies: true, subject: '' })
  const rows = await sender.sendUntil(without.campaign.id, ({ state }) => state === 'held')
  expect(rows.map(({ reason }) => reason)).toEqual(['bad_message'])
  const { campaign, variants } = await newCampaign(db, account.id, [own], {
    companies: true,
    steps: 2,
    subject: 'RE : votre site',
  })
  await db
    .update(campaignVariants)
    .set({ subject: 'Une dernière question' })
    .where(eq(campaignVariants.id, variants[1]!.id))
  await sender.sendUntil(campaign.id, () => receivedBy(own).length === 1)
  sender.moveClock(5 * 24 * 3600_000)
  await sender.sendUntil(campaign.id, () => receivedBy(own).length === 2)
  const mails = await Promise.all(receivedBy(own).map(parsed))
  expect(mails.map((mail) => mail.subject)).toEqual(['RE : votre site', 'Une dernière question'])
})

test('who must not be written to is not, also when that was said after the campaign began', async () => {
  const account = await newAccount(db, server.port)
  const [address, other] = [newAddress(), newAddress()]
  const { campaign } = await newCampaign(db, account.id, [address, other])
  await suppress(db, { address, source: 'hand' }, new Date())
  const rows = await sender.sendUntil(campaign.id, ({ state }) => ['sent', 'skipped'].includes(state))
  expect(rows.map(({ state, reason, reply }) => [state, reason, reply?.slice(0, 4)])).toEqual([
    ['skipped', 'suppressed', 'hand'],
    ['sent', null, '250 '],
  ])
  expect(receivedBy(address)).toEqual([])
})

test('a paused campaign stands still and goes on where it was; a cancelled one sends nothing more', async () => {
  // So slow that there is time for both.
  const account = await newAccount(db, server.port, { minGapMs: 100 })
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 12 }, newAddress))
  const stop = sender.start()
  const sent = async () => (await sender.rowsOf(campaign.id)).filter(isSent).length
  await until('some are sent', async () => (await sent()) >= 2)
  await pauseCampaign(db, campaign.id, { userId: null })
  const isStill = async () =>
    (await sender.rowsOf(campaign.id)).every(({ state }) => state === 'sent' || state === 'planned')
  await until('everything is given back', isStill)
  const before = await sent()
  expect(before).toBeLessThan(12)
  await resumeCampaign(db, campaign.id, { userId: null })
  await until('it goes on', async () => (await sent()) > before)
  await cancelCampaign(db, campaign.id, { userId: null })
  const isOver = async () =>
    (await sender.rowsOf(campaign.id)).every(({ state }) => state === 'sent' || state === 'skipped')
  await until('the rest is skipped', isOver)
  await stop()
  const rows = await sender.rowsOf(campaign.id)
  expect(rows.filter(isSent).length).toBe(
    server.received.filter(({ to }) => rows.some((r) => r.address === to[0])).length,
  )
})

test('a limit holds, and a campaign that it holds up does not hold up another', async () => {
  const [slow, quick] = [await newAccount(db, server.port, { perHour: 3 }), await newAccount(db, server.port)]
  const held = await newCampaign(db, slow.id, Array.from({ length: 30 }, newAddress))
  const stop = sender.start()
  const sentOf = async (id: number) => (await sender.rowsOf(id)).filter(isSent).length
  await until('the limit is reached', async () => (await sentOf(held.campaign.id)) === 3)
  const began = performance.now()
  const free = await newCampaign(db, quick.id, Array.from({ length: 20 }, newAddress))
  await until('the other is sent', async () => (await sentOf(free.campaign.id)) === 20)
  expect(performance.now() - began).toBeLessThan(4_000)
  await stop()
  const states = (await sender.rowsOf(held.campaign.id)).map(({ state }) => state)
  expect([
    states.filter((state) => state === 'sent').length,
    states.filter((state) => state === 'planned').length,
  ]).toEqual([3, 27])
})

test('two campaigns of one account take turns', async () => {
  const account = await newAccount(db, server.port, { minGapMs: 20 })
  // So many that what one claim takes of them is few.
  const large = await newCampaign(db, account.id, Array.from({ length: 120 }, newAddress))
  const small = await newCampaign(db, account.id, Array.from({ length: 6 }, newAddress))
  await sender.sendUntil(small.campaign.id, isSent)
  // What went out until the small one was through, however long it took to be noticed.
  const order = server.received.map(({ to }) => to[0]!)
  const through = order.findLastIndex((address) => small.rows.some((row) => row.address === address))
  const before = order
    .slice(0, through)
    .filter((address) => large.rows.some((row) => row.address === address))
  expect(before.length).toBeLessThan(60)
})

test('a closed calendar holds one campaign back, not the account', async () => {
  const account = await newAccount(db, server.port)
  const calendar = {
    days: [((new Date().getDay() + 2) % 7) + 1],
    from: '10:00',
    to: '10:01',
    timeZone: 'Europe/Paris',
    holidays: 'none' as const,
  }
  const closed = await newCampaign(db, account.id, [newAddress(), newAddress()], { campaign: { calendar } })
  const open = await newCampaign(db, account.id, [newAddress(), newAddress()])
  await sender.sendUntil(open.campaign.id, isSent)
  expect((await sender.rowsOf(closed.campaign.id)).map(({ state }) => state)).toEqual(['planned', 'planned'])
})

test('a mail with a value that is missing is held, and says which', async () => {
  const account = await newAccount(db, server.port)
  const html = '<p>Bonjour, le site de {{ entreprise }} va mieux.</p>'
  const { campaign } = await newCampaign(db, account.id, [newAddress()], { html })
  const [row] = await sender.sendUntil(campaign.id, ({ state }) => state === 'held')
  expect([row?.reason, row?.reply, row?.heldAt !== null]).toEqual(['missing_values', 'entreprise', true])
})

test('no name and no value becomes a header or a second recipient; a domain in other letters is written in ASCII', async () => {
  const account = await newAccount(db, server.port)
  const hostile = newAddress()
  const idn = 'accueil@xn--htel-mtropole-hhb4e.fr'
  const { campaign, rows } = await newCampaign(db, account.id, [hostile, idn], {
    companies: true,
    subject: 'Pour {{ entreprise }}',
  })
  const name = `x\r\nBcc: autre@exemple.fr\r\n${'é'.repeat(300)}`
  await db.update(campaignMessages).set({ contactName: name }).where(eq(campaignMessages.id, rows[0]!.id))
  await db
    .update(companies)
    .set({ name: 'A\nBcc: b@c.fr' })
    .where(
      inArray(
        companies.id,
        rows.map(({ companyId }) => companyId!),
      ),
    )
  await sender.sendUntil(campaign.id, isSent)
  const [mail] = receivedBy(hostile)
  const head = mail!.raw.slice(0, mail!.raw.indexOf('\r\n\r\n'))
  expect(head).not.toMatch(/^Bcc/im)
  expect(Math.max(...head.split('\r\n').map(({ length }) => length))).toBeLessThan(998)
  expect(receivedBy(idn).length).toBe(1)
})

test('a company whose status a person changes is not reminded any more, though its mail was ready', async () => {
  const account = await newAccount(db, server.port, { minGapMs: 1_500 })
  const { campaign, steps, variants } = await newCampaign(
    db,
    account.id,
    [newAddress(), newAddress(), newAddress()],
    { companies: true, steps: 2 },
  )
  await db
    .update(campaignMessages)
    .set({ stepId: steps[1]!.id, variantId: variants[1]!.id })
    .where(eq(campaignMessages.campaignId, campaign.id))
  const stop = sender.start()
  const rows = () => sender.rowsOf(campaign.id)
  await until('one is sent, the others wait', async () => {
    const states = (await rows()).map(({ state }) => state).toSorted()
    return states.join() === 'claimed,claimed,sent'
  })
  const waiting = (await rows()).filter(({ state }) => state === 'claimed')
  const ids = waiting.map(({ companyId }) => companyId!)
  await db.update(companies).set({ status: 'Gagné' }).where(eq(companies.id, ids[0]!))
  await db.update(companies).set({ deletedAt: new Date() }).where(eq(companies.id, ids[1]!))
  const isOver = ({ state }: { state: string }) => ['sent', 'skipped'].includes(state)
  await until('nothing waits', async () => (await rows()).every(isOver))
  await stop()
  const ends = (await rows()).filter(({ companyId }) => ids.includes(companyId!))
  expect(ends.map(({ state, reason }) => [state, reason])).toEqual([
    ['skipped', 'status'],
    ['skipped', 'company_deleted'],
  ])
})

test('an account that is changed while it sends writes as it was changed from the next mails on', async () => {
  const account = await newAccount(db, server.port, { minGapMs: 50 })
  const addresses = Array.from({ length: 200 }, newAddress)
  const { campaign } = await newCampaign(db, account.id, addresses)
  const stop = sender.start()
  const count = () => server.received.filter(({ to }) => addresses.includes(to[0]!)).length
  await until('some are sent', () => count() >= 3)
  await db
    .update(mailAccounts)
    .set({ contactLine: '2 place Neuve, 57000 Metz', updatedAt: new Date() })
    .where(eq(mailAccounts.id, account.id))
  const isNew = (mail: Received) => addresses.includes(mail.to[0]!) && mail.raw.includes('2 place Neuve')
  await until('the new line stands in a mail', () => server.received.some(isNew))
  await stop()
  expect((await sender.rowsOf(campaign.id)).filter(({ state }) => state === 'unknown')).toEqual([])
})

test('when the sender ends, what it had is planned again', async () => {
  const account = await newAccount(db, server.port, { minGapMs: 3_000 })
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 10 }, newAddress))
  const stop = sender.start()
  await until('it has begun', async () => (await sender.rowsOf(campaign.id)).some(isSent))
  await stop()
  const rows = await sender.rowsOf(campaign.id)
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent', 'planned']))
  expect(rows.every(({ claimedBy }) => claimedBy === null)).toBe(true)
  await db.update(campaigns).set({ state: 'paused' }).where(eq(campaigns.id, campaign.id))
})
