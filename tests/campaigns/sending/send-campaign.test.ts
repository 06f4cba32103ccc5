import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { loadConfig } from '#src/config.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { until } from '#tests/support/until.ts'
import { newAccount, newCampaign } from './running-campaign.ts'

const { db, beforeClose } = await testDatabase()
const config = loadConfig({ BASE_URL: 'https://suivi.agence.fr' })
const deps = { db, config, clock: systemClock, log: silentLog, keys: deriveKeys('a secret of this test') }
const server = await startMailServer()
beforeClose(() => server.stop())
const statesOf = async (campaignId: number) =>
  (await db.select().from(campaignMessages).where(eq(campaignMessages.campaignId, campaignId))).map(
    ({ state }) => state,
  )

test('a campaign that is due is sent', async () => {
  const account = await newAccount(db, server.port)
  const { campaign } = await newCampaign(db, account.id, ['anne@exemple.fr', 'paul@exemple.fr'], {
    companies: true,
  })
  const stop = startSending({ ...deps, log: { ...silentLog, error: console.error, warn: console.warn } })
  await until('sent', async () => (await statesOf(campaign.id)).every((state) => state === 'sent'))
  await stop()
  expect(server.received.map(({ to }) => to[0]).toSorted()).toEqual(['anne@exemple.fr', 'paul@exemple.fr'])
  console.log(server.received[0]?.raw)
})
