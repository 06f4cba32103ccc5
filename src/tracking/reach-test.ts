import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#src/lib/clock.ts'
import type { Keys } from '#src/lib/keys.ts'
import { parseNetworks } from '#src/lib/networks.ts'
import { safeFetch, type FetchOptions } from '#src/lib/safe-fetch.ts'
import type { Db } from '#src/db/open.ts'
import { readSetting, writeSetting } from '#src/operations/queries-settings.ts'
import { PROOF_HEADER } from './hit.ts'
import { proofOf, signToken } from './token.ts'
import { readTrackingSettings, signingKeys } from './tracking-settings.ts'

/** Named in queries-inbox.ts too. */
const SETTING = 'reach_test'
const WITHIN_MS = 10_000
const MAX_BYTES = 200_000
const NONCE_KEPT_MS = 3600_000
const NEW_FOR_MS = 5 * 60_000
/** BASE_URL may lead to a network of one's own from inside; it is the admin's own address. */
const OWN_NETWORKS = ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']

const stored = z.object({
  nonce: z.int(),
  issuedAt: z.string(),
  reachedAt: z.string().optional(),
  host: z.string().optional(),
})

/** server: this machine read the page through BASE_URL just now. report: somebody did within the last five minutes, as the
 *  edge (or this server) saw. Else why not, and the link to open from elsewhere; `detail` of `unreachable`: a code of
 *  lib/safe-fetch. */
export type ReachAnswer =
  | { ok: true; by: 'server' | 'report' }
  | { ok: false; why: 'unreachable' | 'tls' | 'other_page'; detail: string; link: string }

type Needs = { db: Db; keys: Pick<Keys, 'links'>; clock: Clock }

/** Whether recipients can reach the unsubscribe page: the page of a test link is asked for through BASE_URL and must prove
 *  that it is ours. Where a network does not let its own server out and in again, opening the link from a phone does. */
export const testReach = async (
  { db, keys, clock }: Needs,
  baseUrl: string,
  options: FetchOptions = {},
): Promise<ReachAnswer> => {
  const now = clock.now()
  const test = await currentTest(db, now)
  const signing = signingKeys(keys.links, await readTrackingSettings(db))
  const subject = { mode: 'aggregate', campaign: test.nonce } as const
  const token = signToken(signing, { kind: 'unsubscribe', subject, locale: 'fr', target: '' }, now) ?? ''
  const link = `${baseUrl}/track/unsubscribe/${token}`
  const own = parseNetworks(OWN_NETWORKS)
  const asked = await safeFetch(link, {
    ...(own.ok && { allowNetworks: own.value }),
    timeoutMs: WITHIN_MS,
    maxBytes: MAX_BYTES,
    followRedirects: false,
    ...options,
  })
  const proof = asked.ok ? asked.response.headers[PROOF_HEADER.toLowerCase()] : undefined
  if (asked.ok && asked.response.status === 200 && proof === proofOf(signing, token))
    return { ok: true, by: 'server' }
  if (isReported(test, baseUrl, now)) return { ok: true, by: 'report' }
  if (asked.ok) return { ok: false, why: 'other_page', detail: String(asked.response.status), link }
  const { code, message } = asked.problem
  if (code === 'tls') return { ok: false, why: 'tls', detail: message, link }
  return { ok: false, why: 'unreachable', detail: code, link }
}

const currentTest = async (db: Db, now: Date): Promise<z.output<typeof stored>> => {
  const read = stored.safeParse(await readSetting(db, SETTING))
  if (read.success && now.getTime() - Date.parse(read.data.issuedAt) < NONCE_KEPT_MS) return read.data
  const made = {
    ...(read.success ? read.data : {}),
    nonce: randomInt(1, 2 ** 31),
    issuedAt: now.toISOString(),
  }
  await writeSetting(db, SETTING, made)
  return made
}

const isReported = (test: z.output<typeof stored>, baseUrl: string, now: Date): boolean => {
  const age = now.getTime() - Date.parse(test.reachedAt ?? '')
  return age >= 0 && age < NEW_FOR_MS && nameOf(test.host ?? '') === new URL(baseUrl).hostname.toLowerCase()
}

const nameOf = (host: string): string => host.replace(/:\d+$/, '')
