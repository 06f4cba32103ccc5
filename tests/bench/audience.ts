// Whom a campaign would reach among 200,000 companies with half a million addresses, suppressions, earlier mails and
// bounces: counted with five conditions, as while somebody fills in the form of an audience.
import { defaultRules, emptyAudience } from '#src/campaigns/audience/audience.ts'
import { countAudience, listRecipients } from '#src/campaigns/audience/queries-audience.ts'
import { refreshAddresses } from '#src/campaigns/audience/refresh-addresses.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase } from '#src/db/open.ts'
import { startTestServer } from '#tests/support/postgres.ts'
import { FILL } from './list.ts'
import { percentile, type Measure } from './measure.ts'

const ROUNDS = 12
const TARGET_MS = 300

// Narrow and broad ones; each has five conditions.
export const FILTERS = [
  'level=high&level=very-high&site=yes&weakness=tls-expired&notStatus=Perdu&contacted=never',
  'sectorWords=garage&place=57&cms=WordPress&notTag=vip&scoreMin=20',
  'technology=PHP&level=high&status=Nouveau&notWords=martin&contact=yes',
  'group=1&site=yes&scoreMax=80&notStatus=Perdu&noPublicBodies=1',
  'q=metz&level=medium&weakIn=security&weakIn=mobile&contacted=never&tag=vip',
  'favourite=1&status=Nouveau&status=Relance&contact=yes&notWords=salon&place=Metz',
  'sector=Boulangerie&sector=Garage&weakness=tls-expired&weakness=viewport-missing&crawl=done&contacted=never&scoreMin=10',
]
// Matches more than half of all companies.
const BROAD = 'site=yes&notStatus=Perdu&notTag=vip&noPublicBodies=1&contacted=never'

export const benchAudience = async (): Promise<Measure[]> => {
  const server = await startTestServer()
  await server.admin.unsafe('CREATE DATABASE bench_audience')
  const { db, sql, close } = openDatabase(server.connection('bench_audience'))
  await migrateDatabase(sql)
  await sql.unsafe(FILL)
  for (const statement of MORE) await sql.unsafe(statement)
  const judging = performance.now()
  const judged = await refreshAddresses(db)
  const judgedMs = performance.now() - judging
  // Without the traces of having been filled at one go.
  for (const table of ['companies', 'facts', 'company_addresses', 'company_reach'])
    await sql.unsafe(`VACUUM FULL ${table}`)
  await sql.unsafe('VACUUM ANALYZE')
  try {
    const times: { filter: string; ms: number }[] = []
    const count = async (filter: string): Promise<number> => {
      const started = performance.now()
      await countAudience(db, { ...emptyAudience, filter }, { ...defaultRules, perCompany: 2 }, null)
      return performance.now() - started
    }
    for (let round = 0; round <= ROUNDS; round++)
      for (const filter of FILTERS) {
        const ms = await count(filter)
        // The first round warms caches.
        if (round > 0) times.push({ filter, ms })
      }
    if (Bun.argv.includes('--each'))
      for (const filter of FILTERS)
        console.error(
          filter,
          percentile(
            times.filter((one) => one.filter === filter).map(({ ms }) => ms),
            0.5,
          ),
        )
    const several = async (filter: string) => {
      const found: number[] = []
      for (let round = 0; round < ROUNDS; round++) found.push(await count(filter))
      return percentile(found, 0.5)
    }
    const broad = await several(BROAD)
    const all = await several('')
    const listing = performance.now()
    let listed = 0
    for await (const batch of listRecipients(db, emptyAudience, defaultRules, null)) listed += batch.length
    const listedMs = performance.now() - listing
    const ms = times.map((one) => one.ms)
    const slowest = times.toSorted((a, b) => b.ms - a.ms)[0]!
    return [
      {
        what: '200,000 companies, five conditions: 95 of 100 counts within',
        value: percentile(ms, 0.95),
        unit: 'ms',
        target: TARGET_MS,
      },
      { what: 'half of them within', value: percentile(ms, 0.5), unit: 'ms' },
      { what: `slowest: ${slowest.filter}`, value: slowest.ms, unit: 'ms' },
      { what: 'five conditions that more than half of all match, half within', value: broad, unit: 'ms' },
      { what: 'all companies, no condition, half within', value: all, unit: 'ms' },
      { what: 'recipients listed for planning', value: (listed / listedMs) * 1_000, unit: '/s' },
      { what: 'addresses of companies judged', value: (judged / judgedMs) * 1_000, unit: 'companies/s' },
    ]
  } finally {
    await close()
  }
}

// Sites give an address of the company, one of a person and some at free providers; names are guessed from.
export const MORE = [
  `UPDATE companies SET weaknesses = CASE WHEN id % 3 = 0 THEN '[{"id": "tls-expired", "severity": "critical"}]'::jsonb
     WHEN id % 7 = 0 THEN '[{"id": "viewport-missing", "severity": "high"}]'::jsonb ELSE '[]'::jsonb END,
     site_key = 'site-' || id || '.fr', website = 'https://site-' || id || '.fr/', status = CASE WHEN id % 97 = 0 THEN 'Désabonné' ELSE status END`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'email', 'info@site-' || n || '.fr', 'info@site-' || n || '.fr', '{"kind": "role", "mx": true}', 'https://site-' || n || '.fr/', 'mailto', '', 0.95
   FROM generate_series(1, 200000) AS n WHERE n % 2 = 0`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'email', 'claire.martin@site-' || n || '.fr', 'claire.martin@site-' || n || '.fr', '{"kind": "person", "person": "Claire Martin"}', 'https://site-' || n || '.fr/', 'mailto', '', 0.9
   FROM generate_series(1, 200000) AS n WHERE n % 3 = 0`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'person', 'claire martin', 'Claire Martin', jsonb_build_object('role', 'Gérante', 'roleKind', 'owner', 'email', 'claire.martin@site-' || n || '.fr'), '', 'text', '', 0.9
   FROM generate_series(1, 200000) AS n WHERE n % 3 = 0`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'email', 'garage' || n || '@orange.fr', 'garage' || n || '@orange.fr', '{"kind": "role", "free": true}', 'https://site-' || n || '.fr/', 'text', '', 0.9
   FROM generate_series(1, 200000) AS n WHERE n % 4 = 0`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'suggested_email', 'c.martin@site-' || n || '.fr', 'c.martin@site-' || n || '.fr', '{"person": "Claire Martin"}', '', 'pattern', '', 0.4
   FROM generate_series(1, 200000) AS n WHERE n % 3 = 0`,
  `INSERT INTO facts (company_id, kind, key, value, data, page_url, method, snippet, confidence)
   SELECT n, 'technology', tech, tech, '{"category": "language"}', '', 'header', '', 0.9
   FROM generate_series(1, 200000) AS n, unnest(ARRAY['PHP', 'nginx']) AS tech WHERE n % 2 = 0`,
  `INSERT INTO groups (name) VALUES ('Foire')`,
  `INSERT INTO company_groups SELECT n, 1 FROM generate_series(1, 200000) AS n WHERE n % 5 = 0`,
  `INSERT INTO suppressions (kind, address, scope, source)
   SELECT 'address', 'info@site-' || n * 20 || '.fr', 'all', 'page' FROM generate_series(1, 5000) AS n`,
  `INSERT INTO suppressions (kind, address, scope, source)
   SELECT 'domain', '@site-' || n * 31 || '.fr', 'all', 'hand' FROM generate_series(1, 500) AS n`,
  `INSERT INTO suppressions (kind, address, scope, source)
   SELECT 'company', 'site:site-' || n * 41 || '.fr', 'all', 'hand' FROM generate_series(1, 500) AS n ON CONFLICT DO NOTHING`,
  `INSERT INTO messages (token, company_id, recipient, subject, opens, clicks, state, sent_at)
   SELECT 'token-' || n, n * 3, 'info@site-' || n * 3 || '.fr', 'Bonjour', 'off', 'off', 'sent', now() - n * interval '1 hour'
   FROM generate_series(1, 50000) AS n`,
  `INSERT INTO mail_accounts (slug, label, sender_address, host, port, tls) VALUES ('a', 'A', 'a@agence.fr', 'localhost', 25, 'none')`,
  `INSERT INTO campaigns (name, audience, recipients) VALUES ('Avant', '{}', '{}')`,
  `INSERT INTO campaign_steps (campaign_id, position) SELECT id, 0 FROM campaigns`,
  `INSERT INTO campaign_variants (step_id, label, subject, html) SELECT id, 'A', 'Bonjour', '' FROM campaign_steps`,
  `INSERT INTO campaign_messages (campaign_id, step_id, variant_id, company_id, account_id, address, provider, state, due_at, bounce_kind)
   SELECT s.campaign_id, s.id, v.id, n * 11, a.id, 'info@site-' || n * 11 || '.fr', 'x', 'sent', now(),
     CASE WHEN n % 10 = 0 THEN 'hard' END
   FROM generate_series(1, 18000) AS n, campaign_steps s, campaign_variants v, mail_accounts a`,
]
