import { expect, test } from 'bun:test'
import { providerOf } from '#src/mail/limits/provider.ts'
import { providersOf } from '#src/mail/limits/providers-of.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db } = await testDatabase()

test.each([
  ['garage-dupont.fr', ['aspmx.l.google.com', 'alt1.aspmx.l.google.com'], 'google'],
  ['mairie.fr', ['mairie-fr.mail.protection.outlook.com'], 'microsoft'],
  ['cabinet.fr', ['cabinet-fr.n-v1.mx.microsoft'], 'microsoft'],
  ['boulangerie.fr', ['mx1.mail.ovh.net.', 'mx2.mail.ovh.net.'], 'ovh'],
  ['Hotel.FR', ['MX00.IONOS.FR'], 'ionos'],
  ['agence.fr', ['spool.mail.gandi.net'], 'gandi'],
  ['orange.fr', ['smtp-in.orange.fr'], 'orange'],
  ['shop.com', ['mxa-00123.gslb.pphosted.com'], 'proofpoint'],
  ['own.fr', ['mail.own.fr'], 'own.fr'],
  ['client.fr', ['mx1.petit-hebergeur.co.uk', 'mx2.other.net'], 'petit-hebergeur.co.uk'],
  ['filtered.fr', ['filter.unheard-of.net', 'aspmx.l.google.com'], 'google'],
  ['gmail.com', null, 'google'],
  ['hotmail.fr', null, 'microsoft'],
  ['wanadoo.fr', null, 'orange'],
  ['menuiserie-leroy.fr', null, 'menuiserie-leroy.fr'],
  ['menuiserie-leroy.fr', [], 'menuiserie-leroy.fr'],
  ['notgoogle.com', ['mx.notgoogle.com'], 'notgoogle.com'],
])('mail for %s over %j goes to %s', (domain, hosts, provider) => {
  expect(providerOf(domain, hosts)).toBe(provider)
})

/** Name servers that know some domains, say of others that there is none, and never answer for the rest. */
const nameServers = (known: Record<string, string[] | 'ENODATA' | 'ESERVFAIL'>) => {
  const asked: string[] = []
  const resolveMx = async (domain: string) => {
    asked.push(domain)
    const hosts = known[domain] ?? 'ESERVFAIL'
    if (typeof hosts === 'string') throw Object.assign(new Error(hosts), { code: hosts })
    return hosts.map((exchange, index) => ({ exchange, priority: 10 - index }))
  }
  return { asked, resolver: { resolveMx } }
}

test('providers are asked for once a month and remembered for all nodes', async () => {
  let now = new Date('2026-03-10T11:00:00Z')
  const clock = { now: () => now }
  const { asked, resolver } = nameServers({
    'a.fr': ['filter.of-a.net', 'aspmx.l.google.com'],
    'b.fr': 'ENODATA',
    'c.fr': ['.'],
  })
  const deps = { db, clock, resolver }
  const expected = { 'a.fr': 'google', 'b.fr': 'b.fr', 'c.fr': 'c.fr' }
  const all = ['A.fr', 'b.fr', 'c.fr', 'a.fr']
  expect(Object.fromEntries(await providersOf(deps, all))).toEqual(expected)
  expect(asked).toEqual(['a.fr', 'b.fr', 'c.fr'])
  expect(Object.fromEntries(await providersOf(deps, all))).toEqual(expected)
  expect(asked).toHaveLength(3)
  now = new Date('2026-04-12T11:00:00Z')
  await providersOf(deps, all)
  expect(asked).toHaveLength(6)
})

test('name servers that do not answer are not asked for thousands of names, and nothing is remembered', async () => {
  const { asked, resolver } = nameServers({})
  const domains = Array.from({ length: 3_000 }, (_, index) => `silent-${index}.fr`)
  const deps = { db, clock: { now: () => new Date() }, resolver }
  const found = await providersOf(deps, [...domains, 'gmail.com'])
  expect(found.size).toBe(3_001)
  expect(found.get('silent-7.fr')).toBe('silent-7.fr')
  expect(found.get('gmail.com')).toBe('google')
  expect(asked.length).toBeLessThan(60)
  const answered = nameServers({ 'silent-7.fr': ['mx1.mail.ovh.net'] })
  expect(await providersOf({ ...deps, resolver: answered.resolver }, ['silent-7.fr'])).toEqual(
    new Map([['silent-7.fr', 'ovh']]),
  )
})

test('thousands of domains are looked up and remembered', async () => {
  const domains = Array.from({ length: 6_000 }, (_, index) => `many-${index}.fr`)
  const { resolver } = nameServers(
    Object.fromEntries(domains.map((domain) => [domain, ['mx1.mail.ovh.net']])),
  )
  const deps = { db, clock: { now: () => new Date() }, resolver }
  const found = await providersOf(deps, domains)
  expect([...new Set(found.values())]).toEqual(['ovh'])
  const silent = nameServers({})
  await providersOf({ ...deps, resolver: silent.resolver }, domains)
  expect(silent.asked).toEqual([])
})
