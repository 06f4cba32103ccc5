import { expect, test } from 'bun:test'
import { trackingSettingsRoutes } from '#src/tracking/settings-routes.tsx'
import { noteEdgeKeys, readTrackingSettings, writeTrackingSettings } from '#src/tracking/tracking-settings.ts'
import { trackingJobs } from '#src/tracking/jobs.ts'
import { testDatabase } from '#tests/support/database.ts'
import { mailApp } from '#tests/mail/small-app.tsx'

const database = await testDatabase()
const { db, sql } = database
const path = '/settings/tracking'
const app = mailApp(database, {}, { more: (all, deps) => void all.route(path, trackingSettingsRoutes(deps)) })
await app.deps.queue.ensureQueues(trackingJobs(app.deps))

const choice = {
  opens: 'individual',
  clicks: 'off',
  addresses: 'hashed',
  honeypot: '1',
  factMonths: '6',
  eventMonths: '24',
  bodyMonths: '12',
}

test('without a choice, opens are counted together and clicks by recipient; each choice is kept', async () => {
  expect(await readTrackingSettings(db)).toMatchObject({
    opens: 'aggregate',
    clicks: 'individual',
    honeypot: false,
  })
  expect((await app.get(path)).text).toContain('2026-042')
  expect((await app.post(path, choice)).status).toBe(303)
  expect(await readTrackingSettings(db)).toEqual({
    opens: 'individual',
    clicks: 'off',
    addresses: 'hashed',
    honeypot: true,
    factMonths: 6,
    eventMonths: 24,
    bodyMonths: 12,
    keyGeneration: 1,
  })
  const { honeypot: _, ...without } = choice
  await app.post(path, without)
  expect((await readTrackingSettings(db)).honeypot).toBe(false)
})

test('what is no choice is refused and changes nothing', async () => {
  const before = await readTrackingSettings(db)
  const wrongs = [
    ['factMonths', '0'],
    ['eventMonths', '37'],
    ['bodyMonths', 'x'],
    ['opens', 'all'],
    ['addresses', ''],
  ] as const
  for (const [field, value] of wrongs)
    expect((await app.post(path, { ...choice, [field]: value })).status).toBe(422)
  expect(await readTrackingSettings(db)).toEqual(before)
})

test('no key is begun that the edge was not given', async () => {
  const before = await readTrackingSettings(db)
  await noteEdgeKeys(db, before)
  const begin = async () => {
    const { keyGeneration } = await readTrackingSettings(db)
    await app.post(`${path}/key`, { generation: String(keyGeneration) })
    return (await readTrackingSettings(db)).keyGeneration - before.keyGeneration
  }
  expect([await begin(), await begin(), await begin()]).toEqual([1, 2, 2])
  expect(app.flash()).toContain('edge-env')
  await noteEdgeKeys(db, await readTrackingSettings(db))
  expect(await begin()).toBe(3)
  await writeTrackingSettings(db, before)
})

test('a new key is begun once for a form that is sent twice, and history judged again as a job', async () => {
  await app.post(`${path}/key`, { generation: '1' })
  await app.post(`${path}/key`, { generation: '1' })
  expect((await readTrackingSettings(db)).keyGeneration).toBe(2)
  expect((await app.post(`${path}/reclassify`)).status).toBe(303)
  expect((await sql`SELECT name FROM pgboss.job WHERE name = 'tracking.reclassify'`).length).toBe(1)
})
