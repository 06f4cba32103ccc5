import { expect, setDefaultTimeout, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import { openDatabase } from '#src/db/open.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { messageLinks } from '#src/tracking/message-links.ts'
import { messages } from '#src/tracking/schema.ts'
import { linkKeys, newMessageKey } from '#src/tracking/token.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { runProgram, serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

setDefaultTimeout(120_000)

const WITHIN_MS = 5000
const SECRET_KEY = 'a secret key for this test only'

test('without an edge the server records hits itself, lists them and honours an unsubscribe within five seconds', async () => {
  const database = await emptyDatabase()
  const folder = temporaryFolder('server-tracking')
  const env = { DATABASE_URL: database.url, DATA_DIR: folder.path, SECRET_KEY }
  const served = await serveProduct({ env })
  const { db, sql, close } = openDatabase({ url: database.url })
  database.beforeClose(async () => {
    await served.stop()
    await close()
    folder.remove()
  })

  const [company] = await db.insert(companies).values({ name: 'Garage' }).returning()
  const token = newMessageKey()
  const modes = { opens: 'aggregate', clicks: 'individual', locale: 'fr' } as const
  await db
    .insert(messages)
    .values({ token, companyId: company!.id, recipient: 'anne@exemple.fr', subject: 'x', ...modes })
  const keys = linkKeys(deriveKeys(SECRET_KEY).links)
  const links = messageLinks(keys, served.base, { token, campaignId: null, ...modes }, new Date())

  const click = await fetch(links.clickUrl('https://exemple.fr/devis?a=%25'), { redirect: 'manual' })
  const pixel = await fetch(`${links.pixelUrl}.gif`)
  expect([click.status, click.headers.get('location')]).toEqual([302, 'https://exemple.fr/devis?a=%25'])
  expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif'])
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  expect((await fetch(links.unsubscribeUrl, { method: 'POST', body })).status).toBe(200)
  await until(
    'the company is marked',
    async () => {
      const [row] = await sql`SELECT status FROM companies WHERE id = ${company!.id}`
      return row?.['status'] === 'Désabonné'
    },
    WITHIN_MS,
  )
  expect([...(await sql`SELECT address, scope, source FROM suppressions`)]).toEqual([
    { address: 'anne@exemple.fr', scope: 'all', source: 'one-click' },
  ])

  const health = (await (await fetch(`${served.base}/healthz`)).json()) as { spool?: { disk: string } }
  expect(health).toMatchObject({ status: 'ok', spool: { disk: 'ok', shedding: 'none', lost: 0 } })

  const listed = await runProgram(['tracking', 'events', '--json'], { env })
  const events = JSON.parse(listed.out) as { type: string; message: string | null; verdict: string | null }[]
  expect(events.map(({ type, message, verdict }) => [type, message, verdict !== null])).toEqual([
    ['click', token, true],
    ['open', null, true],
    ['unsubscribe', token, true],
  ])
})
