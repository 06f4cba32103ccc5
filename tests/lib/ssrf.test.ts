import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { isPublicAddress } from '#src/lib/address-vetting.ts'
import { safeFetch, type FetchOptions } from '#src/lib/safe-fetch.ts'
import { inspectTls } from '#src/lib/safe-fetch/inspect-tls.ts'
import { networks, page, redirect, startServer, type OutsideServer } from '#tests/support/outside-servers.ts'

// Bypasses seen in other products (reference/peers-campaigns.md §4.2). P stands for the witness's port: a server on
// every loopback address, IPv4 and IPv6, which must never be reached.
const NOT_PUBLIC = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.5',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.127.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:a00:5',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::808:808',
  '64:ff9b:1::a00:1',
  '100::1',
  '100:0:0:1::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:a00:5::1',
  '2606:4700::5efe:7f00:1',
  '2606:4700::200:5efe:a00:1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'ff0e::1',
]
const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '172.32.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4007::200e',
]

const LITERALS = [
  'http://127.0.0.1:P/',
  'https://127.0.0.1:P/',
  'http://127.1:P/',
  'http://0x7f000001:P/',
  'http://0x7f.0.0.1:P/',
  'http://0177.0.0.1:P/',
  'http://2130706433:P/',
  'http://017700000001:P/',
  'http://①②⑦.⓪.⓪.①:P/',
  'http://127。0。0。1:P/',
  'http://0:P/',
  'http://0.0.0.0:P/',
  'http://[::1]:P/',
  'http://[::]:P/',
  'http://[0:0:0:0:0:0:0:1]:P/',
  'http://[::ffff:127.0.0.1]:P/',
  'http://[::ffff:7f00:1]:P/',
  'http://[::127.0.0.1]:P/',
  'http://[64:ff9b::127.0.0.1]:P/',
  'http://[2002:7f00:1::]:P/',
  'http://[fe80::1]:P/',
  'http://[fd00:ec2::254]/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.169.254:8888\\@public.test/',
  'http://2852039166/',
  'http://0xA9FEA9FE/',
  'http://100.100.100.200/',
  'http://10.0.0.5:8080/',
  'http://localhost:P/',
  'http://LOCALHOST:P/',
  'http:127.0.0.1:P/',
  'http:\\\\127.0.0.1:P\\',
  ' http://127.0.0.1:P/ ',
  'ht\ntp://127.0.0.1:P/',
]
const UNFETCHABLE = [
  'file:///etc/passwd',
  'file:/etc/passwd',
  'file:..',
  'source:file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,hi',
  'ftp://127.0.0.1:P/',
  'gopher://127.0.0.1:P/_x',
  'ws://127.0.0.1:P/',
  'unix:/var/run/docker.sock',
  's3://bucket/key',
  'blob:http://127.0.0.1:P/x',
  'about:blank',
  'view-source:http://127.0.0.1:P/',
  '//127.0.0.1:P/',
  'http://',
  'http://[::1',
  'http://127.0.0.1:99999/',
  'http://127.0.0.1:P@public.test:80/',
  'http://user:password@127.0.0.1:P/',
  'http://public.test#@127.0.0.1:P/ bad\u0000host://'.repeat(400),
]
const NAMES = [
  ['127-0-0-1.sslip.test', ['127.0.0.1']],
  ['metadata.google.internal', ['169.254.169.254']],
  ['both.test', ['93.184.216.34', '127.0.0.1']],
  ['both6.test', ['93.184.216.34', '::1']],
  ['zone.test', ['fe80::1%lo']],
  ['mapped.test', ['::ffff:127.0.0.1']],
  ['nat64.test', ['64:ff9b::7f00:1']],
  ['garbage.test', ['not an address']],
] as const

let witness: OutsideServer
let witness6: OutsideServer | null
let asked: string[] = []
const options: FetchOptions = {
  onHop: async ({ address }) => {
    asked.push(address)
    return { go: true }
  },
}
const withPort = (url: string): string => url.replaceAll('P', String(witness.port))
const untouched = (): void => {
  expect(asked).toEqual([])
  expect(witness.connections + (witness6?.connections ?? 0)).toBe(0)
}

beforeAll(async () => {
  witness = await startServer(page('inside'), '0.0.0.0')
  witness6 = await startServer(page('inside'), '::1').catch(() => null)
})
beforeEach(() => {
  asked = []
})
afterAll(untouched)

test.each(NOT_PUBLIC)('%s is not a public address', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(PUBLIC)('%s is a public address', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

describe('without a connection is refused', () => {
  test.each(LITERALS)('%p asked directly', async (url) => {
    expect(await safeFetch(withPort(url), options)).toMatchObject({
      ok: false,
      problem: { code: 'refused_address' },
    })
    untouched()
  })

  test.each(UNFETCHABLE)('%p as no URL to fetch', async (url) => {
    expect(await safeFetch(withPort(url), options)).toMatchObject({ ok: false, problem: { code: 'bad_url' } })
    untouched()
  })

  test.each(NAMES)('the name %s with the addresses %p', async (name, addresses) => {
    const resolve = async () => [...addresses]
    const result = await safeFetch(withPort(`http://${name}:P/`), { ...options, resolve })
    const onHop = async () => ({ go: false, message: 'it got as far as the gate' }) as const
    const usual = await safeFetch(`http://${name}/`, { resolve, onHop })
    for (const one of [result, usual])
      expect(one).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
    untouched()
  })

  test('a public address on a port that is not for the web', async () => {
    for (const port of [22, 25, 5432, 6379, 11211]) {
      const result = await safeFetch(`http://93.184.216.34:${port}/`, options)
      expect(result).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
    }
    untouched()
  })

  test('a public address of this server itself', async () => {
    const result = await safeFetch('http://93.184.216.34/', {
      ...options,
      denyNetworks: networks('93.184.216.34'),
    })
    expect(result).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
    untouched()
  })

  test('a TLS inspection, by name or by a known address', async () => {
    const host = await inspectTls('localhost', witness.port)
    const known = await inspectTls('public.test', 443, { address: '127.0.0.1' })
    for (const result of [host, known])
      expect(result).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
    untouched()
  })
})

describe('a redirect of an allowed site', () => {
  const allowed: FetchOptions = { ...options, allowNetworks: networks('127.0.0.2/32') }
  const follow = async (location: string) => {
    const site = await startServer(redirect(location), '127.0.0.2')
    const result = await safeFetch(`http://127.0.0.2:${site.port}/`, allowed)
    expect(asked).toEqual(['127.0.0.2'])
    asked = []
    untouched()
    return result
  }

  // `http:` without slashes, and white space, are read otherwise when there is a base.
  const absolute = LITERALS.filter((url) => /^http[^\s]*$/.test(url) && !/^http:[^/\\]/.test(url))
  test.each([...absolute, '//127.0.0.1:P/', '\\\\127.0.0.1:P\\'])('to %p is refused', async (url) => {
    expect(await follow(withPort(url))).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
  })

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ftp://127.0.0.1/',
    'http://a:b@127.0.0.2/',
    'http://',
  ])('to %p is no URL to fetch', async (url) => {
    expect(await follow(url)).toMatchObject({ ok: false, problem: { code: 'bad_url' } })
  })
})

test('localhost with a final dot is refused, or unknown to the resolver', async () => {
  const result = await safeFetch(withPort('http://localhost.:P/'), options)
  expect(result.ok ? null : result.problem.code).toMatch(/^(refused_address|dns)$/)
  untouched()
})

test('a name that cannot be resolved is an error and never a request', async () => {
  const fails = async (): Promise<string[]> => {
    throw Object.assign(new Error('no'), { code: 'ENOTFOUND' })
  }
  for (const resolve of [fails, async () => []]) {
    const result = await safeFetch('http://nowhere.test/', { ...options, resolve })
    expect(result).toMatchObject({ ok: false, problem: { code: 'dns' } })
  }
  untouched()
})

test('a resolver that never answers is given up', async () => {
  const silent = { ...options, resolve: () => new Promise<string[]>(() => {}), timeoutMs: 100 }
  expect(await safeFetch('http://silent.test/', silent)).toMatchObject({
    ok: false,
    problem: { code: 'dns' },
  })
})

test('an allowed network may be reached on any port, its neighbours not', async () => {
  const site = await startServer(page('ok'), '127.0.0.2')
  const allow = { allowNetworks: networks('127.0.0.2/32') }
  expect(await safeFetch(`http://127.0.0.2:${site.port}/`, allow)).toMatchObject({ ok: true })
  expect(await safeFetch(`http://127.0.0.1:${witness.port}/`, allow)).toMatchObject({ ok: false })
})

test('of a name with an allowed and a refused address only the allowed one is used', async () => {
  const site = await startServer(page('ok'), '127.0.0.2')
  const result = await safeFetch(`http://split.test:${site.port}/`, {
    allowNetworks: networks('127.0.0.2/32'),
    resolve: async () => ['127.0.0.1', '127.0.0.2'],
  })
  expect(result).toMatchObject({ ok: true, response: { address: '127.0.0.2' } })
})
