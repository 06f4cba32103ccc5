import { expect, test } from 'bun:test'
import { dueReport, toldSince } from '#src/campaigns/reports/due-report.ts'
import { readReportSettings, writeReportSettings } from '#src/campaigns/reports/report-settings.ts'
import { reportRoutes } from '#src/campaigns/reports/routes.tsx'
import { sendDueReport, sendReportNow } from '#src/campaigns/reports/send-report.ts'
import { mailApp } from '#tests/mail/small-app.tsx'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { givenCampaign, givenHit, givenRow } from '../results/given-campaign.ts'

const database = await testDatabase()
const { db, sql, beforeClose } = database
const mails = await startMailServer()
beforeClose(() => mails.stop())
const app = mailApp(
  database,
  {},
  {
    more: (routes, deps) => routes.route('/settings/reports', reportRoutes(deps)),
  },
)
const at = (day: number, time: string) => new Date(`2026-03-0${day}T${time}:00`)
const noon = at(4, '12:00')
const depsAt = (now: Date) => ({ ...app.deps, clock: { now: () => now } })
const settings = {
  active: true,
  times: ['08:00', '18:00'],
  to: ['jean@agence.example'],
  locale: 'fr' as const,
}
const reset = async () => {
  await sql`DELETE FROM campaign_reports`
  await sql`DELETE FROM campaigns`
  mails.received.length = 0
  await writeReportSettings(db, settings)
}
/** The text part of the mail, decoded. */
const textOf = (raw: string) => {
  const part =
    raw
      .split('text/plain')[1]
      ?.split(/\r?\n\r?\n/)
      .slice(1)
      .join('\n') ?? ''
  const bytes = /base64/.test(raw) && !/=\r?\n/.test(part) ? Buffer.from(part, 'base64') : null
  return bytes && bytes.toString().includes('Campagne')
    ? bytes.toString()
    : Buffer.from(
        part
          .replace(/=\r?\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString()
}
const usable = async (given: Awaited<ReturnType<typeof givenCampaign>>) =>
  sql`UPDATE mail_accounts SET port = ${mails.port} WHERE id = ${given.account.id}`

test('a report is due at its times, a little late after a pause, and never long past', () => {
  const times = ['08:00', '18:00']
  expect(dueReport(times, at(4, '07:59'))).toBeNull()
  expect(dueReport(times, at(4, '08:00'))).toEqual(at(4, '08:00'))
  expect(dueReport(times, at(4, '11:30'))).toEqual(at(4, '08:00'))
  expect(dueReport(times, at(4, '12:30'))).toBeNull()
  expect(dueReport(['23:30'], at(4, '00:10'))).toEqual(at(3, '23:30'))
  expect(dueReport([], noon)).toBeNull()
  expect(toldSince(null, noon)).toEqual(at(3, '12:00'))
  expect(toldSince(at(4, '08:00'), noon)).toEqual(at(4, '08:00'))
  expect(toldSince(at(1, '02:00'), noon)).toEqual(at(1, '12:00'))
})

test('what happened since the last report is sent once, whatever the number of nodes', async () => {
  await reset()
  const given = await givenCampaign(db, { name: 'Sites <lents>', startedAt: at(4, '06:00') })
  await usable(given)
  const row = await givenRow(db, given, { sentAt: at(4, '06:30'), company: { name: 'Garage Léger' } })
  await givenRow(db, given, {
    state: 'replied',
    sentAt: at(4, '06:30'),
    repliedAt: at(4, '07:00'),
    company: { name: 'Zoé & fils' },
  })
  await givenRow(db, given, { sentAt: at(4, '09:00') })
  await givenHit(db, given.campaign.id, row.messageId, 'click')
  await sql`UPDATE tracking_events SET at = ${at(4, '07:10').toISOString()} WHERE message_id = ${row.messageId}`
  const outcomes = await Promise.all([
    sendDueReport(depsAt(at(4, '08:01'))),
    sendDueReport(depsAt(at(4, '08:01'))),
  ])
  expect(outcomes.filter((outcome) => outcome?.state === 'sent')).toHaveLength(1)
  expect(mails.received).toHaveLength(1)
  const [mail] = mails.received
  expect(mail?.to).toEqual(['jean@agence.example'])
  const text = textOf(mail?.raw ?? '')
  for (const words of [
    'Sites <lents>',
    'Envoyés: 2',
    'Réponses: 1',
    'Cliqués: 1',
    'Garage Léger',
    'Zoé & fils',
  ])
    expect(text).toContain(words)
  expect(mail?.raw).not.toContain('List-Unsubscribe')
  expect(mail?.raw).not.toContain('<lents><')
  // The third mail is told by the next one.
  await sendDueReport(depsAt(at(4, '18:00')))
  expect(textOf(mails.received[1]?.raw ?? '')).toContain('Envoyés: 1')
})

test('nothing is sent when nothing happened, and the next report tells what came after', async () => {
  await reset()
  const given = await givenCampaign(db, { startedAt: at(2, '06:00') })
  await usable(given)
  expect(await sendDueReport(depsAt(at(4, '08:01')))).toEqual({ state: 'nothing' })
  await givenRow(db, given, { sentAt: at(4, '09:00') })
  expect(await sendDueReport(depsAt(at(4, '08:05')))).toBeNull()
  expect(await sendDueReport(depsAt(at(4, '18:00')))).toMatchObject({ state: 'sent' })
  expect(mails.received).toHaveLength(1)
})

test('a rehearsal is no news, and a report that was not taken is told again', async () => {
  await reset()
  const rehearsal = await givenCampaign(db, { kind: 'rehearsal', startedAt: at(4, '06:00') })
  await givenRow(db, rehearsal, { sentAt: at(4, '06:30') })
  await usable(rehearsal)
  expect(await sendDueReport(depsAt(at(4, '08:01')))).toEqual({ state: 'nothing' })
  const given = await givenCampaign(db, { startedAt: at(4, '09:00') })
  await givenRow(db, given, { sentAt: at(4, '10:00') })
  await sql`UPDATE mail_accounts SET port = 9`
  expect((await sendDueReport(depsAt(at(4, '18:00'))))?.state).toBe('failed')
  await sql`UPDATE mail_accounts SET port = ${mails.port}`
  expect((await sendDueReport(depsAt(at(5, '08:00'))))?.state).toBe('sent')
  expect(textOf(mails.received[0]?.raw ?? '')).toContain('Envoyés: 1')
})

test('somebody who asks for the report of a campaign gets all that happened to it', async () => {
  await reset()
  const given = await givenCampaign(db, { startedAt: at(1, '06:00') })
  await usable(given)
  await givenRow(db, given, { sentAt: at(1, '09:00') })
  await givenRow(db, given, { state: 'unknown' })
  const outcome = await sendReportNow(depsAt(noon), {
    campaignId: given.campaign.id,
    to: 'moi@agence.example',
  })
  expect(outcome).toEqual({ state: 'sent', to: ['moi@agence.example'] })
  expect(textOf(mails.received[0]?.raw ?? '')).toContain('1 e-mail au sort inconnu')
})

test('times and addresses are asked for until they are right', async () => {
  await reset()
  const path = '/settings/reports'
  const bad = await app.post(path, { active: '1', times: '8h, 25:00', to: 'pas une adresse', locale: 'en' })
  expect([bad.status, bad.text.match(/is-invalid/g)?.length]).toEqual([422, 2])
  expect(bad.text).toContain('value="8h, 25:00"')
  const empty = await app.post(path, { active: '1', times: '08:00', to: '' })
  expect(empty.text).toContain('au moins une adresse')
  const saved = await app.post(path, {
    active: '1',
    times: '18:30, 7:45',
    to: 'a@x.example; b@x.example',
    locale: 'en',
  })
  expect(saved.status).toBe(303)
  expect(await readReportSettings(db)).toEqual({
    active: true,
    times: ['07:45', '18:30'],
    to: ['a@x.example', 'b@x.example'],
    locale: 'en',
  })
  await app.post(path, { times: '08:00', to: '' })
  expect((await readReportSettings(db)).active).toBe(false)
  await app.post(`${path}/now`)
  expect(app.flash()).toContain('à qui envoyer')
})
