import { expect, test } from 'bun:test'
import { systemClock } from '#src/lib/clock.ts'
import { trackingRoutes, warnPlainly } from '#src/tracking/routes.tsx'
import { answerSigned } from '#src/tracking/signed-hits.ts'
import { linkKeys } from '#src/tracking/token.ts'
import type { Tracking } from '#src/tracking/tracking.ts'

const keys = linkKeys(Buffer.alloc(32, 7))
const tracking: Tracking = {
  clock: systemClock,
  keys: () => keys,
  record: async () => 'stored',
  findOldLink: async () => null,
  addressOf: () => null,
}
const routes = trackingRoutes(tracking)
const directly = (path: string, language = 'fr') => {
  const request = new Request(`http://edge.test/track${path}`, { headers: { 'Accept-Language': language } })
  return answerSigned(tracking, { request, address: () => null }, warnPlainly)
}

test('a forged token is answered without the router in the very words of the router', async () => {
  const said = async (answer: Response) => [
    answer.status,
    [...answer.headers].toSorted(),
    await answer.text(),
  ]
  const token = `${keys[0]!.id}.AAAA.BBBBBBBBBBBBBBBBBBBBBB`
  for (const path of [`/pixel/${token}.gif`, `/pixel/${token}`, '/pixel/x?url=1', `/click/${token}`])
    for (const language of ['fr', 'en-GB']) {
      const answer = await directly(path, language)
      const headers = { 'Accept-Language': language }
      expect(await said(answer!)).toEqual(await said(await routes.request(path, { headers })))
    }
})

test('what may be of the existing product, or is not written plainly, is left to the router', () => {
  for (const path of [
    `/pixel/${'a'.repeat(43)}`,
    '/click/a?url=https%3A%2F%2Fa.test',
    '/click/%61',
    '/pixel/a/b',
  ])
    expect(directly(path)).toBeNull()
})
