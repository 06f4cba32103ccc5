// The public API: what the check of a token costs, lists of 200,000 companies asked at a steady rate whatever the
// answers take, and the statistics of campaigns over five million events.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase, type Db, type Sql } from '#src/db/open.ts'
import { createToken } from '#src/integrations/tokens/tokens.ts'
import { systemClock } from '#src/lib/clock.ts'
import { createAdmission } from '#src/public-api/admission/admit.ts'
import { createTokenFinder } from '#src/public-api/admission/find-token.ts'
import { ensureMonths } from '#src/tracking/queries-inbox.ts'
import { startTestServer } from '#tests/support/postgres.ts'
import { FILL } from './list.ts'
import { percentile, type Measure } from './measure.ts'
import { FROM_SOURCE, startServer } from './server.ts'

const CHECKS = 50_000
const CHECK_US = 50
const PER_SECOND = 500
const SECONDS = 12
const LIST_P99_MS = 30
const EVENTS = 5_000_000
const CAMPAIGNS = 250
const MESSAGES = 200_000
const STATISTICS_P95_MS = 200

/** Pages by offset, lists that filter and lists that search; no two questions are alike. */
const LISTS = [
  (n: number) => `/entreprises?limit=50&offset=${n * 10}`,
  (n: number) => `/entreprises?limit=20&offset=${n}&statut=Nouveau`,
  (n: number) => `/entreprises?limit=20&search=garage%20${n}`,
  (n: number) => `/entreprises?limit=20&secteur=Salon&offset=${n}`,
  (n: number) => `/emails?limit=50&offset=${n}`,
]
const WARM_SECONDS = 2

type Prepared = { db: Db; sql: Sql; base: string; headers: Record<string, string>; text: string }

/** A server over a database that `fill` has filled, and a token for everything. */
const withServer = async (
  name: string,
  fill: (sql: Sql, db: Db) => Promise<unknown>,
  measure: (prepared: Prepared) => Promise<Measure[]>,
): Promise<Measure[]> => {
  const external = await startTestServer()
  const dataDir = mkdtempSync(join(tmpdir(), `prospectlab-bench-${name}-`))
  await external.admin.unsafe(`CREATE DATABASE bench_${name}`)
  const { db, sql, close } = openDatabase(external.connection(`bench_${name}`))
  await migrateDatabase(sql)
  await fill(sql, db)
  await sql.unsafe('VACUUM ANALYZE')
  const scopes = ['companies:read', 'emails:read', 'campaigns:read', 'statistics:read'] as const
  const settings = { name: 'bench', scopes: [...scopes], requestsPerMinute: 1_000_000 }
  const made = await createToken({ db, clock: systemClock }, settings)
  if (!made.ok) throw new Error(made.problem.message)
  const { text } = made.value
  const server = await startServer(FROM_SOURCE, {
    DATABASE_URL: external.url(`bench_${name}`),
    DATA_DIR: dataDir,
  })
  try {
    const headers = { Authorization: `Bearer ${text}`, 'X-API-Token': text }
    return await measure({ db, sql, base: `${server.base}/api/public`, headers, text })
  } finally {
    await server.stop()
    await close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const ask = async ({ base, headers }: Prepared, path: string): Promise<void> => {
  const answer = await fetch(base + path, { headers })
  const text = await answer.text()
  if (answer.status !== 200)
    throw new Error(`${path} was answered with ${answer.status}: ${text.slice(0, 200)}`)
}

export const benchApi = (): Promise<Measure[]> =>
  withServer(
    'api',
    (sql) => sql.unsafe(`${FILL}; ${FILL_FACTS}`),
    async (prepared) => {
      const admit = createAdmission(
        createTokenFinder(() => prepared.sql, systemClock),
        systemClock,
      )
      for (let n = 0; n < CHECKS / 10; n += 1) await admit(prepared.text, '127.0.0.1')
      const began = performance.now()
      for (let n = 0; n < CHECKS; n += 1) await admit(prepared.text, '127.0.0.1')
      const checkUs = ((performance.now() - began) / CHECKS) * 1000

      let asked = 0
      const next = () => {
        asked += 1
        return ask(prepared, LISTS[asked % LISTS.length]!(asked))
      }
      for (const _ of LISTS) await next()
      await steadily(PER_SECOND, WARM_SECONDS, next)
      const times = await steadily(PER_SECOND, SECONDS, next)
      return [
        { what: 'check of a token', value: checkUs, unit: 'µs', target: CHECK_US },
        {
          what: `lists at ${PER_SECOND} requests a second, 99 of 100 within`,
          value: percentile(times, 0.99),
          unit: 'ms',
          target: LIST_P99_MS,
        },
        { what: 'half of them within', value: percentile(times, 0.5), unit: 'ms' },
      ]
    },
  )

/** Asks so many times a second, whether or not earlier answers have come; milliseconds from when each was due. */
const steadily = async (
  perSecond: number,
  seconds: number,
  question: () => Promise<void>,
): Promise<number[]> => {
  const times: number[] = []
  const running: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < perSecond * seconds; n += 1) {
    const due = began + (n / perSecond) * 1000
    while (performance.now() < due) await Bun.sleep(Math.max(0, due - performance.now()))
    running.push(question().then(() => void times.push(performance.now() - due)))
  }
  await Promise.all(running)
  return times
}

export const benchStatistics = (): Promise<Measure[]> =>
  withServer(
    'statistics',
    async (sql, db) => {
      const now = new Date()
      const months = Array.from({ length: 13 }, (_, back) =>
        new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
      )
      await ensureMonths(db, months)
      await sql.unsafe(FILL_MESSAGES)
      await sql.unsafe(FILL_LEDGER)
      await sql.unsafe(FILL_EVENTS)
    },
    async (prepared) => {
      const times: number[] = []
      for (let campaign = 1; campaign <= CAMPAIGNS; campaign += 1) {
        const began = performance.now()
        await ask(prepared, `/campagnes/${campaign}/statistics`)
        times.push(performance.now() - began)
      }
      return [
        {
          what: `campaign statistics over ${EVENTS} events, 95 of 100 within`,
          value: percentile(times, 0.95),
          unit: 'ms',
          target: STATISTICS_P95_MS,
        },
        { what: 'half of them within', value: percentile(times, 0.5), unit: 'ms' },
        { what: 'the slowest', value: Math.max(...times), unit: 'ms' },
      ]
    },
  )

// One fact of three is an address.
const FILL_FACTS = `
  INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
  SELECT n, kind, value, value, CASE kind WHEN 'email' THEN '{"kind": "role", "mx": true}'::jsonb ELSE '{"category": "host"}'::jsonb END,
    'https://site-' || n || '.fr/', 'mailto', '', 0.95
  FROM generate_series(1, 200000, 2) AS n,
    LATERAL (VALUES ('email', 'info@site-' || n || '.fr'), ('technology', 'OVH'), ('image', 'https://site-' || n || '.fr/a.png')) AS seen (kind, value)`

// A few campaigns are large, most are small: message n of a campaign by the square of n.
const CAMPAIGN_OF = (n: string): string =>
  `1 + floor(${CAMPAIGNS} * power((${n})::float8 / ${MESSAGES}, 2))::int`

const FILL_MESSAGES = `
  INSERT INTO messages (token, campaign_id, recipient, subject, opens, clicks, state, created_at, sent_at)
  SELECT 'bench-' || n, ${CAMPAIGN_OF('n - 1')}, 'a' || n || '@exemple.fr', 'Votre site', 'individual', 'individual', 'sent',
    now() - n * interval '2 minutes', now() - n * interval '2 minutes'
  FROM generate_series(1, ${MESSAGES}) AS n`

const FILL_LEDGER = `
  INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls)
    VALUES ('agence', 'Agence', 'jean@agence.example', '127.0.0.1', 25, 'none');
  INSERT INTO campaigns (name, state, audience, recipients, account_ids)
    SELECT 'Campagne ' || n, 'completed', '{}', '{}', '{1}' FROM generate_series(1, ${CAMPAIGNS}) AS n;
  INSERT INTO campaign_steps (campaign_id, position) SELECT id, 0 FROM campaigns ORDER BY id;
  INSERT INTO campaign_variants (step_id, label, subject, html) SELECT id, 'A', 'Votre site', '<p>' FROM campaign_steps ORDER BY id;
  INSERT INTO campaign_messages (campaign_id, step_id, variant_id, account_id, address, provider, state, due_at, message_id, sent_at)
    SELECT m.campaign_id, s.id, s.id, 1, m.recipient, 'ovh', 'sent', m.sent_at, m.id, m.sent_at
    FROM messages m JOIN campaign_steps s ON s.campaign_id = m.campaign_id`

const FILL_EVENTS = `
  INSERT INTO tracking_events (event_id, at, type, message_id, campaign_id, link, facts, detail, verdict, reason, judged_at)
  SELECT gen_random_uuid(), now() - (n % 365) * interval '1 day' - (n % 86400) * interval '1 second',
    (ARRAY['open', 'open', 'open', 'click', 'read_time'])[1 + n % 5], 1 + n % ${MESSAGES},
    ${CAMPAIGN_OF(`n % ${MESSAGES}`)}, CASE WHEN n % 5 = 3 THEN 'https://exemple.fr/' || n % 7 END,
    '{"method": "GET", "headers": {"user-agent": "Mozilla/5.0"}}', CASE WHEN n % 5 = 4 THEN '{"seconds": 12}'::jsonb END,
    CASE WHEN n % 3 = 0 THEN 'machine' ELSE 'human' END, 'no_evidence', now()
  FROM generate_series(1, ${EVENTS}) AS n`
