import { randomBytes } from 'node:crypto'
import { isPublicAddress } from '#src/lib/address-vetting.ts'
import { parseNetworks } from '#src/lib/networks.ts'
import { safeFetch, type FetchedResponse } from '#src/lib/safe-fetch.ts'
import { newMessageKey, signToken, type LinkKeys } from '#src/tracking/token.ts'
import { bad, good, unknown, type Finding } from './finding.ts'

const WITHIN_MS = 10_000
const MAX_BYTES = 256 * 1024
const PIXEL_START = Buffer.from('\x89PNG', 'latin1')

// The address stands in the settings: it may be of this very machine.
const everywhere = parseNetworks(['0.0.0.0/0', '::/0'])
const ANYWHERE = everywhere.ok ? everywhere.value : []

type Asked = { ok: true; response: FetchedResponse } | { ok: false; message: string }

export type BaseUrlFindings = {
  findings: Finding[]
  /** What the far side's clock says; null when it could not be asked. */
  date: Date | null
}

/** BASE_URL is set, public tracking answers there, and it does so with the keys of this very installation: a signed
 *  unsubscribe page is shown in the language of its token, a forged one in that of the browser. Nothing is recorded. */
export const checkBaseUrl = async (
  baseUrl: string | undefined,
  keys: LinkKeys,
  now: Date,
): Promise<BaseUrlFindings> => {
  if (baseUrl === undefined)
    return {
      findings: [
        bad(
          'base_url',
          'BASE_URL is not set: links in mails would lead nowhere.',
          'Set BASE_URL to the public address of /track, such as https://t.example.org.',
        ),
        unknown('edge', 'Without BASE_URL nothing can be asked.'),
        unknown('edge_keys', 'Without BASE_URL nothing can be asked.'),
      ],
      date: null,
    }
  const pixel = await ask(`${baseUrl}/track/pixel/doctor.png`)
  const reachable = judgePixel(baseUrl, pixel)
  const date = pixel.ok ? dateOf(pixel.response) : null
  if (reachable.status !== 'ok')
    return {
      findings: [
        judgeAddress(baseUrl),
        reachable,
        unknown('edge_keys', 'No tracking answers at BASE_URL that could be asked.'),
      ],
      date,
    }
  const health = judgeHealth(await ask(`${baseUrl}/healthz`))
  return { findings: [judgeAddress(baseUrl), health ?? reachable, await challenge(baseUrl, keys, now)], date }
}

const ask = async (url: string, language = 'fr'): Promise<Asked> => {
  const asked = await safeFetch(url, {
    allowNetworks: ANYWHERE,
    followRedirects: false,
    timeoutMs: WITHIN_MS,
    maxBytes: MAX_BYTES,
    headers: { 'Accept-Language': language },
  })
  return asked.ok ? asked : { ok: false, message: asked.problem.message }
}

const judgeAddress = (baseUrl: string): Finding => {
  const { protocol, hostname } = new URL(baseUrl)
  if (protocol === 'https:') return good('base_url', baseUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isLocal = host === 'localhost' || (/^[\d.]+$|:/.test(host) && !isPublicAddress(host))
  if (isLocal) return good('base_url', `${baseUrl} (not https: of use on this network only)`)
  return bad(
    'base_url',
    `${baseUrl} is not https: links in mails travel in clear.`,
    'Give the proxy a certificate and set BASE_URL to the https address.',
  )
}

const judgePixel = (baseUrl: string, pixel: Asked): Finding => {
  if (!pixel.ok)
    return bad(
      'edge',
      `${baseUrl} cannot be reached from this machine: ${pixel.message}`,
      'Start the edge and its proxy; check the name, the port and the certificate. Where this network cannot reach its own public address, try from outside.',
    )
  const { status, headers, body } = pixel.response
  const isPixel = Buffer.from(body.subarray(0, PIXEL_START.length)).equals(PIXEL_START)
  if (status === 200 && headers['content-type'] === 'image/png' && isPixel)
    return good('edge', `${baseUrl} answers with a pixel.`)
  return bad(
    'edge',
    `${baseUrl}/track/pixel/… answers ${status} and no pixel.`,
    'BASE_URL must lead to the edge, or to this server: see the proxy configuration.',
  )
}

/** Only an edge that can be reached without a proxy tells how it is; null when nothing is told. */
const judgeHealth = (health: Asked): Finding | null => {
  if (!health.ok || health.response.status !== 503) return null
  const text = Buffer.from(health.response.body).toString('utf8')
  if (!text.startsWith('{')) return null
  return bad('edge', `The edge says that it is not well: ${text.slice(0, 500)}`, 'See what /healthz names.')
}

const dateOf = ({ headers }: FetchedResponse): Date | null => {
  const date = new Date(headers['date'] ?? '')
  return Number.isNaN(date.getTime()) ? null : date
}

const challenge = async (baseUrl: string, keys: LinkKeys, now: Date): Promise<Finding> => {
  const languageOf = async (token: string): Promise<string | null> => {
    const asked = await ask(`${baseUrl}/track/unsubscribe/${token}`)
    if (!asked.ok || asked.response.status !== 200) return null
    const page = Buffer.from(asked.response.body).toString('utf8')
    return /<html[^>]*\blang="?(\w+)/.exec(page)?.[1] ?? null
  }
  const tokenOf = (known: LinkKeys) => {
    const subject = { mode: 'individual', message: newMessageKey() } as const
    return signToken(known, { kind: 'unsubscribe', subject, locale: 'en', target: '' }, now) ?? ''
  }
  const strange = keys.map(({ id }) => ({ id, key: randomBytes(32) }))
  if ((await languageOf(tokenOf(strange))) !== 'fr')
    return unknown('edge_keys', 'What answers at BASE_URL does not answer as an edge of this version.')
  const answers: { id: string; language: string | null }[] = []
  for (const key of keys) answers.push({ id: key.id, language: await languageOf(tokenOf([key])) })
  const unknownKeys = answers.filter(({ language }) => language !== 'en').map(({ id }) => id)
  if (unknownKeys.length === 0)
    return good('edge_keys', 'What answers at BASE_URL knows the keys of this installation.')
  return bad(
    'edge_keys',
    `What answers at BASE_URL does not know these keys of this installation: ${unknownKeys.join(', ')}.`,
    'Give the edge the EDGE_KEYS that `prospectlab edge-env` prints and start it again; or BASE_URL leads to another installation.',
  )
}
