import { expect, setDefaultTimeout, test } from 'bun:test'
import { LINES } from '#src/campaigns/sending/transport.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailSink } from '#tests/support/mail-sink.ts'
import { compareWithSink, killAtRandom } from './killed-nodes.ts'
import { newAccount, newCampaign } from './running-campaign.ts'

// Nodes are started and killed, and what they had is taken from them only after a silence.
setDefaultTimeout(60_000)
const MAILS = 300
const KILLS = 3

const { db, sql, url, beforeClose } = await testDatabase()
const sink = await startMailSink({ answerMs: 5 })
beforeClose(() => sink.stop())

test('nodes that are killed while they send lose nobody, send nobody two mails, and leave few unknown', async () => {
  const account = await newAccount(db, sink.port)
  const addresses = Array.from({ length: MAILS }, (_, n) => `anne${n}@exemple.fr`)
  const { campaign } = await newCampaign(db, account.id, addresses)
  const isDone = async () =>
    (await sql`SELECT 1 FROM campaign_messages WHERE state IN ('planned', 'claimed', 'sending') LIMIT 1`)
      .length === 0
  const killed = await killAtRandom(url, { nodes: 1, kills: KILLS, everyMs: 250, silentMs: 1_500, isDone })
  const result = await compareWithSink(sql, campaign.id, sink.received)
  expect(killed).toBeGreaterThan(0)
  expect(result).toMatchObject({ rows: MAILS, other: 0, lost: 0, twice: 0 })
  expect(result.unknown).toBeLessThanOrEqual(killed * LINES)
})
