import { expect, test } from 'bun:test'
import type { Hit } from '#src/tracking/hit.ts'
import { trackingRoutes } from '#src/tracking/routes.tsx'
import { linkKeys } from '#src/tracking/token.ts'

const NOW = new Date('2026-11-22T12:00:00Z')

const ask = async (names: string[]) => {
  const recorded: Hit[] = []
  const keys = linkKeys(Buffer.alloc(32, 3))
  const routes = trackingRoutes({
    clock: { now: () => NOW },
    keys: () => keys,
    record: async (hit) => {
      recorded.push(hit)
      return 'stored'
    },
    findOldLink: async () => null,
    addressOf: () => '203.0.113.7',
  })
  for (const name of names) {
    const answer = await routes.request(`/pixel/${name}`)
    expect([name, answer.status, answer.headers.get('content-type')]).toEqual([name, 200, 'image/png'])
  }
  return recorded
}

test('a pixel of the existing product is recorded, to be looked up later; nothing else unsigned is', async () => {
  const old = 'Ab_-'.repeat(10) + 'xyz'
  const recorded = await ask([`${old}?ch=css`, 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}.`, 'a.b.c'])
  expect(recorded.map(({ message, type, detail }) => ({ message, type, detail }))).toEqual([
    { message: old, type: 'open', detail: { old: true } },
  ])
})

test('made-up ones do not fill the spool', async () => {
  const recorded = await ask(Array.from({ length: 400 }, (_, at) => String(at).padStart(43, 'x')))
  expect(recorded.length).toBeLessThanOrEqual(200)
  expect(recorded.length).toBeGreaterThan(100)
})
