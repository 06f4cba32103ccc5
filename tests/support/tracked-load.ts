import { linkKeys, newMessageKey, signToken, type LinkKeys } from '#src/tracking/token.ts'
import type { Sql } from '#src/db/open.ts'
import type { Answer, Shot } from './hammer.ts'

const SITE = 'https://exemple.fr/'
/** What browsers send with a click and with an image. */
const BROWSER =
  'User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n' +
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n' +
  'Accept-Language: fr-FR,fr;q=0.9,en;q=0.8\r\nAccept-Encoding: gzip, deflate, br\r\n'
/** Every so many requests one is an unsubscribe, of a mail of its own. */
const UNSUBSCRIBE_EVERY = 40

const ROWS = 5_000

type Kind = 'pixel' | 'click' | 'unsubscribe'

/** Requests of mails that can each be found again: a click by its target, a pixel by its campaign, an unsubscribe by
 *  its address. */
export const trackedLoad = async (
  sql: Sql,
  {
    mails: count = 500,
    unsubscribes = 0,
    keys = linkKeys(Buffer.alloc(32, 9)),
  }: { mails?: number; unsubscribes?: number; keys?: LinkKeys } = {},
) => {
  const mails = await newMails(sql, count, 'clic')
  const leaving = await newMails(sql, unsubscribes, 'sortie')
  const acknowledged = { hits: new Set<number>(), unsubscribes: new Set<number>() }
  const latencies: Record<Kind, number[]> = { pixel: [], click: [], unsubscribe: [] }
  const wrong: [string, Answer][] = []
  let made = 0
  let left = 0

  const sign = (kind: Kind, message: string, target = '') =>
    signToken(keys, { kind, subject: { mode: 'individual', message }, locale: 'fr', target }, new Date())

  const click = (n: number): Shot => {
    const target = `${SITE}${n}`
    return {
      path: `/track/click/${sign('click', mails[n % mails.length]!, target)}`,
      headers: BROWSER,
      answered: (answer) => {
        if (answer.status !== 302 || answer.location !== target) return void wrong.push(['click', answer])
        latencies.click.push(answer.ms)
        acknowledged.hits.add(n)
      },
    }
  }
  const pixel = (n: number): Shot => {
    const subject = { mode: 'aggregate', campaign: n } as const
    const token = signToken(keys, { kind: 'pixel', subject, locale: 'fr', target: '' }, new Date())
    return {
      path: `/track/pixel/${token}.png`,
      headers: BROWSER,
      answered: (answer) => {
        if (answer.status !== 200) return void wrong.push(['pixel', answer])
        latencies.pixel.push(answer.ms)
        acknowledged.hits.add(n)
      },
    }
  }
  const unsubscribe = (n: number): Shot => ({
    path: `/track/unsubscribe/${sign('unsubscribe', leaving[n]!)}`,
    headers: 'Content-Type: application/x-www-form-urlencoded\r\n',
    body: 'List-Unsubscribe=One-Click',
    answered: (answer) => {
      if (answer.status !== 200) return void wrong.push(['unsubscribe', answer])
      latencies.unsubscribe.push(answer.ms)
      acknowledged.unsubscribes.add(n)
    },
  })

  return {
    env: { EDGE_KEYS: keys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(',') },
    /** The next request: pixels and clicks in turn, and now and then an unsubscribe. */
    next: (): Shot => {
      made += 1
      if (made % UNSUBSCRIBE_EVERY === 0 && left < leaving.length) return unsubscribe(left++)
      return made % 2 === 0 ? pixel(made) : click(made)
    },
    click: () => click((made += 1)),
    pixel: () => pixel((made += 1)),
    unsubscribe: () => unsubscribe(left++),
    acknowledged,
    latencies,
    /** Answers that are not what a mail's link must give. */
    wrong,
    /** What was acknowledged and is not there, and what is there more than once. */
    faults: async () => {
      const [row] = await sql<{ hits: string | null; twice: string | null }[]>`
        SELECT string_agg(n::text, ',') AS hits, string_agg(n::text, ',') FILTER (WHERE times > 1) AS twice
        FROM (
          SELECT coalesce(substring(link FROM ${SITE.length + 1}::int)::int, campaign_id) AS n, count(*) AS times
          FROM tracking_events WHERE type IN ('open', 'click') GROUP BY 1
        ) AS seen`
      const found = numbersOf(row?.hits)
      const gone = await sql<{ address: string }[]>`SELECT address FROM suppressions`
      const suppressed = new Set(gone.map(({ address }) => Number(/^sortie(\d+)@/.exec(address)?.[1])))
      return {
        missing: [...acknowledged.hits].filter((n) => !found.has(n)),
        twice: [...numbersOf(row?.twice)],
        stillWritten: [...acknowledged.unsubscribes].filter((n) => !suppressed.has(n)),
      }
    },
  }
}

const numbersOf = (list: string | null | undefined): Set<number> =>
  new Set((list ?? '').split(',').filter(Boolean).map(Number))

/** Mails as they are after having been sent; their keys. */
const newMails = async (sql: Sql, count: number, name: string): Promise<string[]> => {
  const rows = Array.from({ length: count }, (_, n) => ({
    token: newMessageKey(),
    recipient: `${name}${n}@exemple.fr`,
    subject: 'x',
    opens: 'aggregate',
    clicks: 'individual',
    state: 'sent',
  }))
  for (let at = 0; at < count; at += ROWS) await sql`INSERT INTO messages ${sql(rows.slice(at, at + ROWS))}`
  return rows.map(({ token }) => token)
}
