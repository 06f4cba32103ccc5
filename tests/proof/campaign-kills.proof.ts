import { expect, setDefaultTimeout, test } from 'bun:test'
import { LINES } from '#src/campaigns/sending/transport.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { compareWithSink, killAtRandom } from '#tests/campaigns/sending/killed-nodes.ts'
import { newAccount, newCampaign } from '#tests/campaigns/sending/running-campaign.ts'
import { startSinkProcess } from '#tests/support/mail-sink.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'

setDefaultTimeout(300_000)
const MAILS = 10_000
const KILLS = 50
const NODES = 2
const KILL_EVERY_MS = 900
/** So slow that the campaign outlasts the kills. */
const PER_MINUTE = 9_000

test('50 kills -9 while 10,000 mails are sent lose nobody, send nobody two mails, and leave no more unknown than there were connections', async () => {
  const postgres = await ownPostgres()
  await postgres.start()
  const url = await postgres.newDatabase('campaign_kills')
  const { db, sql, close } = openDatabase({ url }, { max: 4 })
  const sink = await startSinkProcess()
  try {
    await migrateDatabase(sql)
    const account = await newAccount(db, sink.port, { minGapMs: 0, perMinute: PER_MINUTE })
    const addresses = Array.from({ length: MAILS }, (_, n) => `anne${n}@exemple${n % 100}.fr`)
    const { campaign } = await newCampaign(db, account.id, addresses, { companies: true })
    const isDone = async () =>
      (
        await sql`SELECT 1 FROM campaign_messages WHERE campaign_id = ${campaign.id}
          AND state IN ('planned', 'claimed', 'sending') LIMIT 1`
      ).length === 0
    const killed = await killAtRandom(url, { nodes: NODES, kills: KILLS, everyMs: KILL_EVERY_MS, isDone })
    const result = await compareWithSink(sql, campaign.id, await sink.received())
    console.log(JSON.stringify({ killed, ...result }))
    expect(killed).toBe(KILLS)
    expect(result).toMatchObject({ rows: MAILS, other: 0, lost: 0, twice: 0, sent: MAILS - result.unknown })
    expect(result.unknown).toBeLessThanOrEqual(KILLS * LINES)
  } finally {
    await sink.stop()
    await close()
    await postgres.remove()
  }
})
