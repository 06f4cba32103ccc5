import { expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { apiApp, givenToken } from './api-app.ts'
import { givenCompany } from './given-company.ts'
import { givenHit, givenMessage } from './given-message.ts'

const { sql } = await testDatabase()
const { ask } = apiApp(sql)
const { text: token } = await givenToken(sql)
const get = async (path: string): Promise<any> => (await ask(path, { token })).json()

test('opens counted in aggregate belong to no mail and count as one each; machines are in the raw numbers only', async () => {
  const campaign = 1
  const mails: number[] = []
  for (let n = 0; n < 4; n++)
    mails.push(await givenMessage(sql, { campaign_id: campaign, opens: 'aggregate' }))
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
  await givenMessage(sql, { campaign_id: 2, opens: 'aggregate' })
  for (let n = 0; n < 3; n++) await givenHit(sql, { campaign_id: 2, type: 'open', verdict: 'human' })
  expect((await get('/campagnes/2')).data).toMatchObject({ total_opens: 3, open_rate: 100 })
  await givenMessage(sql, { campaign_id: 3, state: 'waiting' })
  expect((await get('/campagnes/3')).data).toMatchObject({ statut: 'running', open_rate: 0, click_rate: 0 })
})

test('campaigns are told apart by what became of their mails, and listed once each, newest first', async () => {
  const states = { 11: ['sent', 'failed'], 12: ['failed', 'failed'], 13: ['sent', 'waiting'], 14: ['sent'] }
  for (const [campaign, all] of Object.entries(states))
    for (const state of all) await givenMessage(sql, { campaign_id: Number(campaign), state })
  const ids = async (query: string) =>
    (await get(`/campagnes?${query}`)).data
      .map(({ id }: { id: number }) => id)
      .filter((id: number) => id > 10)
  expect(await ids('')).toEqual([14, 13, 12, 11])
  expect(await ids('statut=failed')).toEqual([12])
  expect(await ids('statut=running')).toEqual([13])
  expect(await ids('statut=completed')).toEqual([14, 11])
  expect(await ids('statut=draft')).toEqual([])
  expect(await ids('limit=2&offset=1')).toEqual([13, 12])
})

test('the mails of a campaign go on by cursor, by state, and hide the name of a company in the bin', async () => {
  const shown = await givenCompany(sql, { name: 'Visible' })
  const gone = await givenCompany(sql, { name: 'Partie', deleted_at: new Date().toISOString() })
  for (let n = 0; n < 5; n++)
    await givenMessage(sql, {
      campaign_id: 20,
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
