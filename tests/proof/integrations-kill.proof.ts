import { expect, setDefaultTimeout, test } from 'bun:test'
import { openDatabase } from '#src/db/open.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { runProgram, serveProduct, signInOverHttp, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'
import { startReceiver } from '#tests/integrations/receivers.ts'

// Whole programs are started, crawl a site and are killed.
setDefaultTimeout(90_000)
const CRAWL_MS = 45_000
const EVENTS = 300

const startSite = () =>
  Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) =>
      new URL(url).pathname === '/'
        ? new Response(
            '<html lang="fr"><title>Atelier Lune</title><h1>Atelier Lune</h1><p>Garage à Metz</p>',
            {
              headers: { 'content-type': 'text/html' },
            },
          )
        : new Response('', { status: 404 }),
  })

test('what was noted before a kill -9 is analysed and delivered after it, and each request makes one crawl', async () => {
  const database = await emptyDatabase()
  const folder = temporaryFolder('integrations')
  const there = startReceiver()
  const site = startSite()
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: folder.path,
    WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
    CRAWL_ALLOW_NETWORKS: '127.0.0.0/8',
  }
  const { sql, close } = openDatabase(database.connection, { max: 2 })
  let server = await serveProduct({ env })
  try {
    const person = await signInOverHttp(server.base)
    await person.get('/settings/webhooks')
    const form = { name: 'essai', url: there.url, events: 'company.status_changed' }
    expect((await person.post('/settings/webhooks', form)).text).toContain('whsec_')
    const scopes = 'companies:read,audits:write'
    const made = await runProgram(['token', 'create', '--name', 'app', '--scopes', scopes, '--json'], {
      env: server.env,
    })
    const { token } = JSON.parse(made.out) as { token: string }
    const api = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${server.base}/api/public${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: answer.status, body: (await answer.json()) as any }
    }

    await sql`INSERT INTO companies (name) SELECT 'Entreprise ' || n FROM generate_series(1, ${EVENTS}) n`
    const website = `http://127.0.0.1:${site.port}/`
    const asked = await api('POST', '/website-analysis', { website })
    expect([asked.status, asked.body.launched, typeof asked.body.entreprise_id]).toEqual([
      202,
      true,
      'number',
    ])
    await sql`UPDATE companies SET status = 'Relance' WHERE name LIKE 'Entreprise%'`
    await until('some have arrived', () => there.received.length > 10)
    await server.kill()

    await sql`UPDATE companies SET status = 'Perdu' WHERE name LIKE 'Entreprise%'`
    // Nobody waits a minute for the leases of the dead.
    await sql`UPDATE webhook_deliveries SET next_try_at = now() WHERE state = 'waiting'`
    server = await serveProduct({ env })
    const ids = () => new Set(there.received.map(({ headers }) => headers['webhook-id']))
    await until('every event has arrived', () => ids().size === 2 * EVENTS, CRAWL_MS)
    const isDone = async () => (await sql`SELECT 1 FROM analysis_requests WHERE state = 'done'`).length === 1
    await until('the analysis has ended', isDone, CRAWL_MS)
    const task = await api('GET', `/website-analysis?task_id=${asked.body.tasks.scraping_task_id}`)
    expect(task.body.status).toBe('done')
    const { body } = await api('GET', `/website-analysis?website=${encodeURIComponent(website)}&full=1`)
    expect(body).toMatchObject({ scraping: { status: 'done', latest: { total_pages: 1 }, count: 1 } })
    expect(body.technical.latest.total_findings).toBeGreaterThan(0)
    expect((await sql`SELECT 1 FROM batches WHERE job = 'crawl.company'`).length).toBe(1)
  } finally {
    await server.stop()
    await close()
    await site.stop(true)
    await there.stop()
    folder.remove()
  }
})
