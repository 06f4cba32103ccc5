import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { givenCompany } from './given-company.ts'
import { givenCampaign, givenCampaignMail } from './given-campaign.ts'
import { givenHit } from './given-message.ts'

const { sql } = await testDatabase()
const { ask } = apiApp(sql)
const { text: token } = await givenToken(sql)
const get = async (path: string): Promise<any> => (await ask(path, { token })).json()

test('opens counted in aggregate belong to no mail and count as one each; machines are in the raw numbers only', async () => {
  const campaign = 1
  const mails: (number | null)[] = []
  await givenCampaign(sql, campaign)
  for (let n = 0; n < 4; n++) mails.push(await givenCampaignMail(sql, campaign, { opens: 'aggregate' }))
  for (const verdict of ['human', 'human', 'machine'])
    await givenHit(sql, { campaign_id: campaign, type: 'open', verdict })
  for (const verdict of ['human', 'human', 'machine', null])
    await givenHit(sql, { campaign_id: campaign, message_id: mails[0], type: 'click', verdict })
  const { data } = await get('/campagnes/1/statistics')
  expect(data).toMatchObject({
    total_emails: 4,
    opens: { raw: 3, human: 2, unique: 2 },
    open_rate: 50,
    clicks: { raw: 4, human: 2, unique: 1 },
    click_rate: 25,
    avg_read_time: null,
  })
  expect(data.emails[0]).toMatchObject({ opens: 0, clicks: 2, clicks_raw: 4 })
})

test('no rate is above a hundred, and nothing sent is no division', async () => {
  await givenCampaign(sql, 2)
  await givenCampaignMail(sql, 2, { opens: 'aggregate' })
  for (let n = 0; n < 3; n++) await givenHit(sql, { campaign_id: 2, type: 'open', verdict: 'human' })
  expect((await get('/campagnes/2')).data).toMatchObject({ total_opens: 3, open_rate: 100 })
  await givenCampaign(sql, 3, { state: 'running' })
  await givenCampaignMail(sql, 3, { state: 'sending' })
  expect((await get('/campagnes/3')).data).toMatchObject({ statut: 'running', open_rate: 0, click_rate: 0 })
})

test('campaigns have the states of the existing product, rehearsals and deleted ones are none', async () => {
  const states = {
    11: { state: 'draft' },
    12: { state: 'failed' },
    13: { state: 'paused', started_at: '2026-03-02T08:00:00Z' },
    14: { state: 'completed' },
    15: { state: 'completed', kind: 'rehearsal' },
    16: { state: 'completed', deleted_at: '2026-03-02T08:00:00Z' },
    17: { state: 'paused' },
  }
  for (const [id, values] of Object.entries(states)) await givenCampaign(sql, Number(id), values)
  await givenCampaignMail(sql, 15)
  const ids = async (query: string) =>
    (await get(`/campagnes?${query}`)).data
      .map(({ id }: { id: number }) => id)
      .filter((id: number) => id > 10)
  expect(await ids('')).toEqual([17, 14, 13, 12, 11])
  expect(await ids('statut=failed')).toEqual([12])
  expect(await ids('statut=running')).toEqual([13])
  expect(await ids('statut=scheduled')).toEqual([17])
  expect(await ids('statut=completed')).toEqual([14])
  expect((await get('/campagnes/13')).data).toMatchObject({ statut: 'running', en_pause: true })
  for (const gone of [15, 16]) expect(await get(`/campagnes/${gone}`)).toMatchObject({ success: false })
  expect(await get('/campagnes/15/emails')).toMatchObject({ success: false })
  expect(await ids('limit=2&offset=1')).toEqual([14, 13])
})

test('the mails of a campaign go on by cursor, by state, and hide the name of a company in the bin', async () => {
  const shown = await givenCompany(sql, { name: 'Visible' })
  const gone = await givenCompany(sql, { name: 'Partie', deleted_at: new Date().toISOString() })
  await givenCampaign(sql, 20)
  for (let n = 0; n < 5; n++)
    await givenCampaignMail(sql, 20, {
      company_id: n % 2 ? gone : shown,
      state: n === 4 ? 'failed' : 'sent',
      smtp_reply: `250 ${n}`,
    })
  const met: any[] = []
  let cursor = ''
  do {
    const page = await get(`/campagnes/20/emails?limit=2&cursor=${cursor}`)
    expect(page.total).toBe(5)
    met.push(...page.data)
    cursor = page.next_cursor ?? ''
  } while (cursor !== '')
  expect(met.map(({ entreprise }) => entreprise)).toEqual(['Visible', null, 'Visible', null, 'Visible'])
  expect(met.map(({ erreur }) => erreur)).toEqual([null, null, null, null, '250 4'])
  expect(await get('/campagnes/20/emails?statut=failed')).toMatchObject({ count: 1, total: 1 })
  expect((await get('/campagnes/20/emails?statut=bounced')).data).toEqual([])
})

test('a mail that came back says so and why, as the mail server told it', async () => {
  await givenCampaign(sql, 30)
  const id = await givenCampaignMail(sql, 30, { state: 'bounced', smtp_reply: '250 queued' })
  await sql`
    INSERT INTO inbound_mails (folder, uid_validity, uid, kind, diagnostic, reason, matched_by, message_id, received_at)
    VALUES ('INBOX', 1, 1, 'hard', '550 5.1.1 user unknown', 'no_such_user', 'verp', ${id}, now())`
  const { data } = await get('/campagnes/30/emails?statut=bounced')
  expect(data).toMatchObject([{ id, statut: 'bounced', erreur: '550 5.1.1 user unknown' }])
  expect((await get('/campagnes/30/statistics')).data).toMatchObject({
    total_bounced: 1,
    total_reussis: 1,
    total_delivered_strict: 0,
    deliverability_rate_strict: 0,
  })
})
