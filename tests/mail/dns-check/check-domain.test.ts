import { expect, test } from 'bun:test'
import { DNS_PARTS } from '#src/mail/dns-check/check-domain.ts'
import type { Zone } from '#tests/support/dns-server.ts'
import { smallDomain, spf } from './small-domain.ts'

const { check, server } = await smallDomain()

test('a domain with everything in place is fine in every part', async () => {
  const found = await check({})
  expect(DNS_PARTS.map((part) => [part, found[part].status, found[part].code])).toEqual([
    ['mx', 'ok', 'mx_ok'],
    ['spf', 'ok', 'spf_ok'],
    ['dkim', 'ok', 'dkim_ok'],
    ['dmarc', 'ok', 'dmarc_ok'],
    ['ptr', 'ok', 'ptr_ok'],
  ])
  expect(found.spf).toMatchObject({
    found: ['v=spf1 a:mail.agence.fr -all'],
    values: { lookups: '1', limit: '10' },
  })
})

test('a record to be replaced is named with what it replaces', async () => {
  const { spf: found } = await check(spf('v=spf1 mx -all', 'v=spf1 a -all'))
  expect(found.records).toEqual([
    {
      name: 'agence.fr',
      type: 'TXT',
      value: 'v=spf1 mx a ~all',
      replaces: ['v=spf1 mx -all', 'v=spf1 a -all'],
    },
  ])
})

test('a domain in another script is asked for as the world writes it', async () => {
  const found = await check({ 'xn--caf-dma.fr MX': ['10 mail.agence.fr'] }, { domain: 'Café.fr' })
  expect([found.domain, found.mx.code]).toEqual(['xn--caf-dma.fr', 'mx_ok'])
})

test('what is kept of a hostile record is bounded and has no control characters', async () => {
  const { spf: found } = await check(spf(`v=spf1 \u0007\u001b[31m${'x'.repeat(9_000)}`))
  expect(found.found[0]!.length).toBeLessThanOrEqual(4_096)
  expect(found.found[0]).not.toMatch(/\p{Cc}/u)
})

test('an SPF record that branches without end is not followed for ever', async () => {
  const zone: Zone = {}
  for (let level = 0; level < 12; level++)
    zone[`l${level}.test TXT`] = [
      `v=spf1 ${Array.from({ length: 8 }, () => `include:l${level + 1}.test`).join(' ')} -all`,
    ]
  const before = server.questions.length
  const { spf: found } = await check({ ...zone, ...spf('v=spf1 include:l0.test -all') })
  expect(found.status).toBe('failed')
  expect(server.questions.length - before).toBeLessThan(60)
})
