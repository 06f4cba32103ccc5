import { expect, test } from 'bun:test'
import { classifyRequest } from '#src/tracking/classify-request.ts'

const at = Date.UTC(2026, 2, 19)
const judge = (kind: 'pixel' | 'click', ip: string | null, headers: Record<string, string>, method = 'GET') =>
  classifyRequest({ kind, method, ip, at, headers: new Headers(headers) }).verdict

test('a request is judged as it arrives, without anything around it', () => {
  expect(judge('pixel', null, { 'User-Agent': 'Mozilla/5.0 (X11) (via ggpht.com GoogleImageProxy)' })).toBe(
    'human',
  )
  expect(judge('pixel', '17.58.1.2', { 'user-agent': 'Mozilla/5.0' })).toBe('machine')
  expect(judge('click', '90.1.2.3', { 'user-agent': 'curl/8.5.0', accept: '*/*' })).toBe('machine')
  expect(judge('click', '90.1.2.3', {}, 'head')).toBe('machine')
})

test('thousands of agents are judged in no time and not remembered for ever', () => {
  const start = performance.now()
  for (let i = 0; i < 5_000; i++) judge('click', `10.0.${i >> 8}.${i & 255}`, { 'user-agent': `Thing ${i}` })
  expect(performance.now() - start).toBeLessThan(5_000)
})
