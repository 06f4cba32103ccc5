import { expect, test } from 'bun:test'
import { classifyHits } from '#src/tracking/classify-hits.ts'
import { readTraffic } from '#src/tracking/traffic-document.ts'

const hit = { at: '2026-03-19T12:10:27.840Z', kind: 'click', link: 'https://a.example/', method: 'GET' }
const judge = (document: unknown) => {
  const read = readTraffic(document)
  return read.ok ? classifyHits(read.value) : read.problem.message
}

test('unknown keys, no headers, no address and no time of sending are judged all the same', () => {
  const odd = { ...hit, ip: null, headers: null, colour: 'red' }
  expect(judge({ hits: [odd], more: { than: 'needed' } })).toEqual([
    { verdict: 'machine', reason: 'no_agent' },
  ])
  expect(judge({ message: null, sentAt: null, links: [], hits: [] })).toEqual([])
})

test('header names count in any case, and a header given several times is one', () => {
  const headers = { 'USER-agent': ['Mozilla/5.0', 'HeadlessChrome/120'], ACCEPT: undefined, x: null }
  expect(judge({ hits: [{ ...hit, headers }] })).toEqual([{ verdict: 'machine', reason: 'scanner_agent' }])
})

test('what cannot be judged is named', () => {
  expect(judge([])).toStartWith('document:')
  expect(judge({})).toStartWith('hits:')
  expect(judge({ hits: [hit, { ...hit, at: 'yesterday' }] })).toStartWith('hits.1.at:')
  expect(judge({ hits: [{ ...hit, kind: 'smell' }] })).toStartWith('hits.0.kind:')
  expect(judge({ hits: [{ ...hit, headers: { Accept: 7 } }] })).toStartWith('hits.0.headers.Accept')
  const odd = { ...hit, headers: { [`\u001b[31m${'x'.repeat(999)}`]: 7 } }
  expect(judge({ hits: [odd] })).toMatch(/^hits\.0\.headers\.\?\[31mx{55}: [ -~]{1,80}$/)
  expect(judge({ hits: [hit], links: [{ honeypot: true }] })).toStartWith('links.0')
})

test('times before the sending, in the far future and all alike are judged', () => {
  const times = ['0001-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '2026-03-19T12:10:27.840Z']
  const hits = times.flatMap((at) => [
    { ...hit, at, headers: { 'user-agent': 'Mozilla/5.0 (X11) Firefox/140.0' } },
  ])
  expect(judge({ sentAt: '2026-03-19T12:10:27.840Z', links: [], hits })).toHaveLength(3)
})

test('ten thousand hits of one instant, each with its own address, link and agent, take less than five seconds', () => {
  const hits = Array.from({ length: 10_000 }, (_, i) => ({
    ...hit,
    link: `https://a.example/${i % 5_000}`,
    ip: `10.0.${i >> 8}.${i & 255}`,
    headers: { 'user-agent': `Mozilla/5.0 (Windows NT 10.0) Chrome/1${i % 50}.0.0.${i} Safari/537.36` },
  }))
  const start = performance.now()
  expect(judge({ hits })).toHaveLength(10_000)
  expect(performance.now() - start).toBeLessThan(5_000)
})

test('values of headers as long as a server lets through cost nothing', () => {
  const long = 'Version/'.repeat(8_000)
  const headers = { 'user-agent': `Mozilla/5.0 ${long}`, accept: long, 'sec-ch-ua': '"'.repeat(60_000) }
  const hits = Array.from({ length: 200 }, () => ({ ...hit, headers }))
  const start = performance.now()
  expect(judge({ hits })).toHaveLength(200)
  expect(performance.now() - start).toBeLessThan(2_000)
})
