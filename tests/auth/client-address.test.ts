import { expect, test } from 'bun:test'
import { networkRules, resolveClient } from '#src/auth/client-address.ts'

type Headers = Record<string, string>

const ask = (
  socket: string | null,
  headers: Headers = {},
  settings: { allowed?: string[]; trusted?: string[] } = {},
) =>
  resolveClient(
    socket,
    (name) => headers[name],
    networkRules({ ALLOWED_NETWORKS: settings.allowed ?? [], TRUSTED_PROXIES: settings.trusted ?? [] }),
  )

test('local are loopback, RFC 1918, unique local and link-local addresses, in every notation, and nothing else', () => {
  const local = [
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '::1',
    'fc00::1',
    'fdff:ffff::1',
    'fe80::1%eth0',
    '::ffff:192.168.1.2',
    '::ffff:c0a8:102',
    '0:0:0:0:0:ffff:a00:1',
  ]
  const outside = [
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '11.0.0.1',
    '100.64.0.1',
    '169.254.1.1',
    '0.0.0.0',
    '::',
    '2001:db8::1',
    'fec0::1',
    'fe00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::1',
    'ff02::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '127.0.0.1.evil.example',
    '010.0.0.1',
  ]
  expect(local.filter((address) => !ask(address).local)).toEqual([])
  expect(outside.filter((address) => ask(address).local)).toEqual([])
  expect(ask(null)).toMatchObject({ local: false, address: null })
})

test('ALLOWED_NETWORKS adds networks, IPv4, IPv6 and mapped alike', () => {
  const settings = { allowed: ['100.64.0.0/10', '2001:db8:1::/48', '::ffff:203.0.113.0/120'] }
  expect(ask('100.100.1.1', {}, settings).local).toBe(true)
  expect(ask('::ffff:100.100.1.1', {}, settings).local).toBe(true)
  expect(ask('2001:db8:1:2::3', {}, settings).local).toBe(true)
  expect(ask('203.0.113.9', {}, settings).local).toBe(true)
  expect(ask('2001:db8:2::3', {}, settings).local).toBe(false)
  expect(ask('10.0.0.1', {}, settings).local).toBe(true)
})

test('without a trusted proxy no header makes anyone local', () => {
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded'])
    for (const value of ['127.0.0.1', '192.168.1.1', '::1', 'for=127.0.0.1', 'for="[::1]"'])
      expect(ask('203.0.113.5', { [name]: value })).toMatchObject({ local: false, address: '203.0.113.5' })
})

test('a local peer that speaks for someone outside is an undeclared proxy, whichever header says so', () => {
  const headers: Headers[] = [
    { 'x-forwarded-for': '203.0.113.5' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.5' },
    { 'x-forwarded-for': '203.0.113.5, 127.0.0.1' },
    { 'x-forwarded-for': '203.0.113.5:4711' },
    { 'x-forwarded-for': '[2001:db8::5]:4711' },
    { 'x-forwarded-for': 'unknown' },
    { 'x-real-ip': '203.0.113.5' },
    { 'x-real-ip': '::ffff:203.0.113.5' },
    { forwarded: 'for=203.0.113.5;proto=https' },
    { forwarded: 'proto=https;For="[2001:db8::5]:80"' },
    { forwarded: 'for=127.0.0.1, for=203.0.113.5' },
    { forwarded: 'for=_hidden' },
    { forwarded: 'for=127.0.0.1;for=203.0.113.5' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '203.0.113.5' },
  ]
  for (const each of headers)
    expect([each, ask('192.168.1.2', each)]).toEqual([
      each,
      expect.objectContaining({ local: false, undeclaredProxy: true, peer: '192.168.1.2' }),
    ])
})

test('a local peer that speaks for someone local stays what it is', () => {
  const headers: Headers[] = [
    { 'x-forwarded-for': '192.168.1.7' },
    { 'x-real-ip': '::1' },
    { 'x-forwarded-for': '' },
  ]
  for (const each of headers)
    expect(ask('192.168.1.2', each)).toMatchObject({
      local: true,
      undeclaredProxy: false,
      address: '192.168.1.2',
    })
})

test('behind a trusted proxy the last address that is no proxy counts; earlier ones are the client’s own words', () => {
  const settings = { trusted: ['10.0.0.1', '10.0.0.2'] }
  const cases: [Headers, string | null, boolean][] = [
    [{}, '10.0.0.1', true],
    [{ 'x-forwarded-for': '192.168.1.7' }, '192.168.1.7', true],
    [{ 'x-forwarded-for': '203.0.113.5' }, '203.0.113.5', false],
    [{ 'x-forwarded-for': '127.0.0.1, 203.0.113.5' }, '203.0.113.5', false],
    [{ 'x-forwarded-for': '203.0.113.5, 192.168.1.7' }, '192.168.1.7', true],
    [{ 'x-forwarded-for': '203.0.113.5, 10.0.0.2' }, '203.0.113.5', false],
    [{ 'x-forwarded-for': '127.0.0.1, 203.0.113.5, 10.0.0.2, 10.0.0.1' }, '203.0.113.5', false],
    [{ 'x-forwarded-for': '203.0.113.5, garbage' }, null, false],
    [{ 'x-forwarded-for': 'garbage, 192.168.1.7' }, '192.168.1.7', true],
    [{ 'x-real-ip': '203.0.113.5' }, '203.0.113.5', false],
    [{ forwarded: 'for=192.168.1.7' }, '192.168.1.7', true],
    [{ forwarded: 'for=unknown' }, null, false],
    [{ 'x-forwarded-for': Array(60).fill('10.0.0.2').join(',') }, null, false],
  ]
  for (const [headers, address, local] of cases)
    expect([headers, ask('10.0.0.1', headers, settings)]).toEqual([
      headers,
      expect.objectContaining({ address, local }),
    ])
})

test('a header that the proxy passed on unseen makes nobody local', () => {
  const settings = { trusted: ['10.0.0.1'] }
  const forged: Headers[] = [
    { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=127.0.0.1' },
    { 'x-real-ip': '203.0.113.5', 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=203.0.113.5', 'x-real-ip': '127.0.0.1', 'x-forwarded-for': '127.0.0.1' },
    { 'x-forwarded-for': '203.0.113.5', 'x-real-ip': '10.0.0.1' },
  ]
  for (const headers of forged)
    expect([headers, ask('10.0.0.1', headers, settings).local]).toEqual([headers, false])
})

test('https and the asked-for host are believed from a trusted proxy only', () => {
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'crm.example.org' }
  expect(ask('10.0.0.1', headers, { trusted: ['10.0.0.0/8'] })).toMatchObject({
    https: true,
    forwardedHost: 'crm.example.org',
  })
  expect(ask('10.0.0.1', headers)).toMatchObject({ https: false, forwardedHost: null })
})
