import { expect, test } from 'bun:test'
import { clientResolver, type EdgeEnv } from '#edge/tracking.ts'
import { createApp } from '#src/app.ts'
import type { Hit } from '#src/tracking/hit.ts'
import { openTracking } from '#src/tracking/open-tracking.ts'
import { linkKeys, newMessageKey, signToken } from '#src/tracking/token.ts'
import { authDeps } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { cameFrom } from '#tests/support/sign-in.ts'
import { KEYS, NOW, testEdge } from './test-edge.ts'

const PROXY = '127.0.0.1'
const TOKEN = 'a-token-for-this-test'
const CLIENT = '203.0.113.9'
const LAN = '192.168.7.8'

const PEERS = { proxy: PROXY, 'somebody on the LAN': LAN, 'somebody outside': CLIENT } as const

/** What may be in a header, and the address it tells when a trusted proxy sends it; null: none. */
const CHAINS: [string, string | null][] = [
  [CLIENT, CLIENT],
  [LAN, LAN],
  ['127.0.0.1', '127.0.0.1'],
  [`6.6.6.6, ${CLIENT}`, CLIENT],
  [`${LAN}, ${CLIENT}`, CLIENT],
  [`127.0.0.1, ${CLIENT}`, CLIENT],
  [`${CLIENT}, ${LAN}`, LAN],
  [`${CLIENT}, 127.0.0.1`, CLIENT],
  [`  ${CLIENT} ,  127.0.0.1 `, CLIENT],
  [`${CLIENT}:51234`, CLIENT],
  ['[2001:db8:1:2::3]:443', '2001:db8:1:2::3'],
  ['2001:DB8:1:2:0:0:0:3', '2001:db8:1:2::3'],
  [`::ffff:${CLIENT}`, CLIENT],
  [`127.0.0.1, unknown`, null],
  ['localhost', null],
  ['203.0.113.9.evil.example', null],
  ['0x7f000001', null],
  ['2130706433', null],
  ['127.1', null],
  [`${CLIENT}\u00e9`, null],
  ["' OR 1=1 --", null],
  ['<script>', null],
  [Array.from({ length: 60 }, () => '127.0.0.1').join(', '), null],
]

type Case = { name: string; headers: Record<string, string>; claims: (string | null)[] }

const forwarded = (value: string): string =>
  value
    .split(',')
    .map((entry) => `for="${entry.trim()}";proto=http`)
    .join(', ')

/** Each header alone, and each pair of them that disagrees. */
const CASES: Case[] = [
  { name: 'no header', headers: {}, claims: [] },
  ...CHAINS.flatMap(([value, claim]): Case[] => [
    { name: `X-Forwarded-For: ${value}`, headers: { 'X-Forwarded-For': value }, claims: [claim] },
    { name: `X-Real-IP: ${value}`, headers: { 'X-Real-IP': value }, claims: [claim] },
    { name: `Forwarded: ${value}`, headers: { Forwarded: forwarded(value) }, claims: [claim] },
    {
      name: `X-Forwarded-For ${CLIENT} beside X-Real-IP: ${value}`,
      headers: { 'X-Forwarded-For': CLIENT, 'X-Real-IP': value },
      claims: [CLIENT, claim],
    },
    {
      name: `X-Forwarded-For ${CLIENT} beside Forwarded: ${value}`,
      headers: { 'X-Forwarded-For': CLIENT, Forwarded: forwarded(value) },
      claims: [CLIENT, claim],
    },
    {
      name: `X-Forwarded-For ${LAN} beside all others: ${value}`,
      headers: { 'X-Forwarded-For': LAN, 'X-Real-IP': value, Forwarded: forwarded(value) },
      claims: [LAN, claim, claim],
    },
    {
      name: `headers nobody reads: ${value}`,
      headers: { 'X-Client-IP': value, 'True-Client-IP': value, 'CF-Connecting-IP': value, Via: value },
      claims: [],
    },
  ]),
]

const isLocal = (address: string | null): boolean => address === LAN || address === '127.0.0.1'

/** What must be recorded: of a stranger the socket alone counts; of a proxy its X-Forwarded-For before all others. */
const expectedAddress = (peer: string, { claims }: Case): string | null =>
  peer !== PROXY || claims.length === 0 ? peer : (claims[0] ?? null)

/** Whether /metrics may answer: every claim must be local, and a claim by nobody's proxy only takes away. */
const mayReadMetrics = (peer: string, { claims, headers }: Case): boolean => {
  if (peer === PROXY) return claims.every(isLocal)
  const speaksForOthers = /[^\s]/.test(
    [headers['X-Forwarded-For'], headers['X-Real-IP'], headers['Forwarded']].join(''),
  )
  return isLocal(peer) && (!speaksForOthers || onlyLocalHops(headers))
}

const onlyLocalHops = (headers: Record<string, string>): boolean =>
  [headers['X-Forwarded-For'], headers['X-Real-IP'], headers['Forwarded']]
    .filter((value) => value !== undefined)
    .flatMap((value) => value.split(',').map((entry) => entry.replace(/^\s*for="|";proto=http$/g, '').trim()))
    .every(isLocal)

/** What is kept of an address. */
const networkOf = (address: string | null): string | undefined =>
  address === null ? undefined : address.includes(':') ? '2001:db8:1::' : address.replace(/\.\d+$/, '.0')

const subject = { mode: 'individual', message: newMessageKey() } as const
const bearer = { Authorization: `Bearer ${TOKEN}` }

type Program = {
  pixel: string
  hits: Hit[]
  ask: (path: string, headers: Record<string, string>, peer: string) => Promise<Response>
  /** What /metrics says to who may not read it. */
  refused: number
}

const edge = (): Program => {
  const hits: Hit[] = []
  const clientOf = clientResolver({ TRUSTED_PROXIES: [PROXY] })
  const { app } = testEdge({
    clientOf,
    metricsToken: TOKEN,
    tracking: {
      clock: { now: () => NOW },
      keys: () => KEYS,
      record: async (hit) => (hits.push(hit), 'stored'),
      findOldLink: async () => null,
      addressOf: (c) => clientOf(c.req.raw, c.env as EdgeEnv).address,
    },
  })
  return {
    pixel: `/track/pixel/${signToken(KEYS, { kind: 'pixel', subject, locale: 'fr', target: '' }, NOW)}`,
    hits,
    ask: async (path, headers, peer) =>
      app.request(path, { headers }, { requestIP: () => ({ address: peer }) }),
    refused: 404,
  }
}

const server = async (): Promise<Program> => {
  const { db, sql } = await testDatabase()
  const environment = { DATA_DIR: '/nonexistent/never-made', TRUSTED_PROXIES: PROXY, METRICS_TOKEN: TOKEN }
  const deps = authDeps({ db, sql }, { environment })
  const hits: Hit[] = []
  const tracking = { ...openTracking(deps), record: async (hit: Hit) => (hits.push(hit), 'stored' as const) }
  const { app } = createApp({ ...deps, tracking })
  const token = { kind: 'pixel', subject, locale: 'fr', target: '' } as const
  return {
    pixel: `/track/pixel/${signToken(linkKeys(deps.keys.links), token, deps.clock.now())}`,
    hits,
    ask: async (path, headers, peer) => app.request(path, { headers }, cameFrom(peer)),
    refused: 404,
  }
}

const programs = { edge: edge(), server: await server() }

for (const [name, program] of Object.entries(programs))
  for (const [who, peer] of Object.entries(PEERS))
    test(`the ${name} is told nothing by forged headers from ${who === 'proxy' ? 'its proxy’s clients' : who}`, async () => {
      const wrong: unknown[] = []
      for (const each of CASES) {
        const { headers } = each
        program.hits.length = 0
        const { status } = await program.ask(program.pixel, headers, peer)
        const kept = program.hits[0]?.facts.ip
        const expected = networkOf(expectedAddress(peer, each))
        if (status !== 200 || kept !== expected) wrong.push([each.name, status, kept, expected])
        const metrics = await program.ask('/metrics', { ...headers, ...bearer }, peer)
        const may = mayReadMetrics(peer, each) ? 200 : program.refused
        if (metrics.status !== may) wrong.push([`/metrics, ${each.name}`, metrics.status, may])
      }
      expect(wrong).toEqual([])
    })
