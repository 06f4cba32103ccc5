import { expect, test } from 'bun:test'
import { createMxCheck, memoryForMx, type MxResolver } from '#src/crawl/contacts/check-mx.ts'
import { startDnsServer } from '#tests/support/dns-server.ts'

const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }))
const resolver = (over: Partial<Record<keyof MxResolver, () => Promise<unknown>>>): MxResolver =>
  ({
    resolveMx: () => fail('ENODATA'),
    resolve4: () => fail('ENODATA'),
    resolve6: () => fail('ENODATA'),
    ...over,
  }) as MxResolver
const check = (over: Parameters<typeof resolver>[0]) =>
  createMxCheck({ resolver: resolver(over), memory: memoryForMx(), now: () => new Date('2026-11-22') })(
    'maison.fr',
  )

test.each<[string, boolean | null, Parameters<typeof resolver>[0]]>([
  ['an MX record takes mail', true, { resolveMx: async () => [{ exchange: 'mx.ovh.net', priority: 1 }] }],
  ['a null MX takes none', false, { resolveMx: async () => [{ exchange: '', priority: 0 }] }],
  ['a name that does not exist takes none', false, { resolveMx: () => fail('ENOTFOUND') }],
  ['an address without MX takes mail', true, { resolve4: async () => ['192.0.2.1'] }],
  ['neither MX nor address takes none', false, {}],
  ['a server failure tells nothing', null, { resolveMx: () => fail('ESERVFAIL') }],
  ['a time-out tells nothing', null, { resolveMx: () => fail('ETIMEOUT') }],
  ['a refusal tells nothing', null, { resolveMx: () => fail('EREFUSED') }],
])('%s', async (_, expected, over) => expect(await check(over)).toBe(expected))

test('a domain is asked once, and silent name servers not for ever', async () => {
  let asked = 0
  let time = 0
  const ask = createMxCheck({
    resolver: resolver({
      resolveMx: () => (
        asked++,
        time < 100_000 ? fail('ETIMEOUT') : Promise.resolve([{ exchange: 'mx', priority: 1 }])
      ),
    }),
    memory: memoryForMx(),
    now: () => new Date(time),
  })
  for (const domain of ['a.fr', 'b.fr', 'c.fr', 'd.fr']) expect(await ask(domain)).toBeNull()
  expect(asked).toBe(2)
  time = 100_000
  expect(await ask('A.fr')).toBe(true)
  expect(await ask('a.fr')).toBe(true)
  expect(asked).toBe(3)
})

test('what a name server says is understood: an address alone takes mail, no such name takes none', async () => {
  const server = await startDnsServer({
    'mail.test MX': ['10 mx.test'],
    'site.test A': ['192.0.2.1'],
    'null.test MX': ['0 .'],
    'words.test TXT': ['x'],
    'broken.test MX': 'servfail',
  })
  const ask = createMxCheck({ resolver: server.resolver(), memory: memoryForMx(), now: () => new Date() })
  const names = ['mail.test', 'site.test', 'null.test', 'words.test', 'nowhere.test', 'broken.test']
  expect(await Promise.all(names.map(ask))).toEqual([true, true, false, false, false, null])
  server.stop()
})
