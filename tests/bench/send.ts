import { createTransport } from 'nodemailer'
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { loadConfig } from '#src/config.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { openDatabase, type Db, type Sql } from '#src/db/open.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { createLog } from '#src/lib/log.ts'
import { newAccount, newCampaign } from '#tests/campaigns/sending/running-campaign.ts'
import { startSinkProcess } from '#tests/support/mail-sink.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import type { Bench, Measure } from './measure.ts'

const MAILS = 5_000
const WARM_UP = 500
const LINES = 10
const SHARE_OF_POOL = 0.8
const SHARE_OF_LIMIT = 0.95
const PER_MINUTE = 600
/** Enough for more than two minutes; the first one may begin with as many as the limit at once. */
const LIMITED_MAILS = 1_300
const SLOW_ANSWER_MS = 200
const WAIT_MS = 200_000
const LOOK_EVERY_MS = 300

const PARAGRAPH =
  '<p style="margin:0 0 12px;font-family:Arial,sans-serif">Bonjour, le site de {{ entreprise }} a été relu : le <a href="https://agence.fr/conseils/{{ email | url_encode }}">certificat</a> expire bientôt et la page d’accueil répond lentement.</p>\n'
/** 15 KB, HTML and text together, with a personal link. */
const HTML = `<!doctype html><html><head><title>Audit</title></head><body>${PARAGRAPH}${PARAGRAPH.replace(
  /<a .*?<\/a>/,
  'certificat',
)
  .replaceAll('{{ entreprise }}', 'votre entreprise')
  .repeat(52)}</body></html>`

/** Mails per second of a campaign, beside a bare nodemailer pool that sends the same mails to the same sink; and how much
 *  of a configured limit is reached by a server that takes its time. */
export const benchSend: Bench = async () => {
  const postgres = await ownPostgres()
  await postgres.start()
  const { db, sql, close } = openDatabase({ url: await postgres.newDatabase('send') })
  try {
    await migrateDatabase(sql)
    return [...(await fullSpeed({ db, sql })), ...(await limitedSpeed({ db, sql }))]
  } finally {
    await close()
    await postgres.remove()
  }
}

type Place = { db: Db; sql: Sql }

const fullSpeed = async ({ db, sql }: Place): Promise<Measure[]> => {
  const sink = await startSinkProcess()
  try {
    await campaignRate({ db, sql }, sink.port, WARM_UP, 'chauffe')
    const raw = await sampleMail(db)
    await poolRate(sink.port, WARM_UP, raw)
    const before = await poolRate(sink.port, MAILS, raw)
    const ours = await campaignRate({ db, sql }, sink.port, MAILS, 'essai')
    const after = await poolRate(sink.port, MAILS, raw)
    const pool = (before + after) / 2
    const target = pool * SHARE_OF_POOL
    return [
      { what: 'size of a mail', value: (raw.html.length + raw.text.length) / 1000, unit: 'kB' },
      {
        what: 'campaign to a local sink',
        value: ours,
        unit: 'mails/s',
        target,
        atLeast: true,
        peer: { name: 'bare nodemailer pool', value: pool },
      },
    ]
  } finally {
    await sink.stop()
  }
}

const campaignRate = async (
  { db, sql }: Place,
  port: number,
  count: number,
  name: string,
): Promise<number> => {
  const account = await newAccount(db, port)
  const addresses = Array.from({ length: count }, (_, n) => `${name}${n}@exemple${n % 50}.fr`)
  const { campaign } = await newCampaign(db, account.id, addresses, { html: HTML, companies: true })
  return sendAll({ db, sql }, campaign.id, count)
}

const sendAll = async ({ db, sql }: Place, campaignId: number, count: number): Promise<number> => {
  const config = loadConfig({ BASE_URL: 'https://suivi.agence.fr' })
  const deps = {
    db,
    sql,
    config,
    clock: systemClock,
    log: createLog(),
    keys: deriveKeys('the secret of a bench'),
  }
  const stop = startSending(deps)
  const deadline = performance.now() + WAIT_MS
  let sent = await sentOf(db, campaignId)
  // Counting is not free: what is measured is not to wait for it.
  for (; sent.count < count; sent = await sentOf(db, campaignId)) {
    if (performance.now() > deadline) throw new Error(`${sent.count} of ${count} mails were sent`)
    await Bun.sleep(LOOK_EVERY_MS)
  }
  await stop()
  return count / sent.seconds
}

const sentOf = async (db: Db, campaignId: number): Promise<{ count: number; seconds: number }> => {
  const [row] = await db.execute<{ count: number; seconds: number }>(
    `SELECT count(*)::int AS count, extract(epoch FROM max(sent_at) - min(sent_at))::float AS seconds
    FROM campaign_messages WHERE campaign_id = ${campaignId} AND state = 'sent'`,
  )
  return row!
}

type Sample = { html: string; text: string; subject: string }

/** The words of a mail that went out, so that both send the same. */
const sampleMail = async (db: Db): Promise<Sample> => {
  const [row] = await db.execute<{ html: Uint8Array; text: Uint8Array; subject: string }>(
    'SELECT html, text, subject FROM messages ORDER BY id DESC LIMIT 1',
  )
  const unpacked = (bytes: Uint8Array) => new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(bytes)))
  return { html: unpacked(row!.html), text: unpacked(row!.text), subject: row!.subject }
}

const poolRate = async (port: number, count: number, mail: Sample): Promise<number> => {
  const options = { pool: true, maxConnections: LINES, host: '127.0.0.1', port, ignoreTLS: true } as const
  const pool = createTransport(options)
  const since = performance.now()
  let next = 0
  const sender = async (): Promise<void> => {
    while (next < count) {
      const to = `pool${(next += 1)}@exemple.fr`
      await pool.sendMail({ from: 'Jean <jean@agence.fr>', to, ...mail })
    }
  }
  await Promise.all(Array.from({ length: LINES * 2 }, sender))
  const rate = count / ((performance.now() - since) / 1000)
  pool.close()
  return rate
}

const limitedSpeed = async ({ db, sql }: Place): Promise<Measure[]> => {
  const sink = await startSinkProcess(SLOW_ANSWER_MS)
  try {
    const account = await newAccount(db, sink.port, { perMinute: PER_MINUTE })
    const addresses = Array.from({ length: LIMITED_MAILS }, (_, n) => `lent${n}@exemple.fr`)
    const { campaign } = await newCampaign(db, account.id, addresses, { html: HTML, companies: true })
    await sendAll({ db, sql }, campaign.id, LIMITED_MAILS)
    const [row] = await sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM campaign_messages, (
        SELECT min(sent_at) AS at FROM campaign_messages WHERE campaign_id = ${campaign.id}) AS first
      WHERE campaign_id = ${campaign.id}
        AND sent_at >= first.at + interval '1 minute' AND sent_at < first.at + interval '2 minutes'`
    return [
      {
        what: `second minute at a limit of ${PER_MINUTE}, by a server that answers after ${SLOW_ANSWER_MS} ms`,
        value: row!.count,
        unit: 'mails/min',
        target: PER_MINUTE * SHARE_OF_LIMIT,
        atLeast: true,
      },
    ]
  } finally {
    await sink.stop()
  }
}
