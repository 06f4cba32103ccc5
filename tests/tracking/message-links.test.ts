import { expect, test } from 'bun:test'
import { messageLinks, type TrackedMessage } from '#src/tracking/message-links.ts'
import { linkKeys, newMessageKey, readToken, type TokenKind } from '#src/tracking/token.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const BASE = 'https://suivi.exemple.fr'
const keys = linkKeys(Buffer.alloc(32, 3))
const token = newMessageKey()
const linksOf = (given: Partial<TrackedMessage> = {}) =>
  messageLinks(
    keys,
    BASE,
    { token, campaignId: 5, locale: 'fr', opens: 'aggregate', clicks: 'individual', ...given },
    NOW,
  )
const subjectOf = (kind: TokenKind, url: string | null) =>
  readToken(keys, kind, url?.split('/').at(-1) ?? '', NOW)?.subject

test('opens and clicks have their mode each; unsubscribing is always the recipient’s own', () => {
  const links = linksOf()
  expect(links.pixelUrl).toStartWith(`${BASE}/track/pixel/`)
  expect(subjectOf('pixel', links.pixelUrl)).toEqual({ mode: 'aggregate', campaign: 5 })
  expect(subjectOf('click', links.clickUrl('https://exemple.fr/'))).toEqual({
    mode: 'individual',
    message: token,
  })
  expect(subjectOf('read', links.readTimeUrl)).toEqual({ mode: 'individual', message: token })
  const off = linksOf({ opens: 'off', clicks: 'off' })
  expect([off.pixelUrl, off.clickUrl('https://exemple.fr/'), off.readTimeUrl]).toEqual([
    null,
    'https://exemple.fr/',
    null,
  ])
  expect(subjectOf('unsubscribe', off.unsubscribeUrl)).toEqual({ mode: 'individual', message: token })
  const single = linksOf({ campaignId: null, clicks: 'aggregate' })
  expect(subjectOf('click', single.clickUrl('https://exemple.fr/'))).toEqual({
    mode: 'aggregate',
    campaign: null,
  })
})

test('links that no click may lead to stay as they are', () => {
  const { clickUrl } = linksOf()
  for (const target of [
    'mailto:a@b.fr',
    'tel:+33102030405',
    '#haut',
    'javascript:x',
    `https://a.fr/${'x'.repeat(3000)}`,
  ])
    expect(clickUrl(target)).toBe(target)
})

test('a link of ordinary length makes one that every mail program keeps whole', () => {
  expect(linksOf().clickUrl('https://www.exemple.fr/nos-services/creation-de-site').length).toBeLessThan(200)
})
