import { expect, test } from 'bun:test'
import { canonicalAddress, isInNetworks, parseNetworks } from '#src/lib/networks.ts'
import { networks } from '#tests/support/outside-servers.ts'

test.each([
  ['192.168.1.20', '192.168.0.0/16', true],
  ['192.169.1.20', '192.168.0.0/16', false],
  ['10.0.0.5', '10.0.0.5', true],
  ['10.0.0.6', '10.0.0.5', false],
  ['fd12::1', 'fc00::/7', true],
  ['2001:db8::1', 'fc00::/7', false],
  ['::1', '::1/128', true],
  ['::ffff:192.168.1.20', '192.168.0.0/16', true],
  ['::ffff:c0a8:0114', '192.168.0.0/16', true],
  ['192.168.1.20', '::ffff:192.168.0.0/112', true],
  ['10.1.2.3', '::/0', false],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['[::1]', '::1', true],
  ['127.1', '127.0.0.0/8', false],
  ['0177.0.0.1', '127.0.0.0/8', false],
  ['not an address', '0.0.0.0/0', false],
  ['', '0.0.0.0/0', false],
])('%s in %s: %s', (address, network, inside) => {
  expect(isInNetworks(address, networks(network))).toBe(inside)
})

test.each([
  '192.168.0.0/33',
  '10.1/8',
  'fc00::/129',
  'localhost',
  '',
  '10.0.0.0/8/8',
  '10.0.0.0/x',
  '::ffff:0.0.0.0/90',
])('%p is not a network and is named', (text) => {
  expect(parseNetworks(['127.0.0.0/8', text])).toMatchObject({ ok: false, problem: { code: 'bad_network' } })
})

test('an address has one canonical text', () => {
  expect(canonicalAddress('::ffff:10.0.0.1')).toBe('10.0.0.1')
  expect(canonicalAddress('2001:0DB8:0:0::1')).toBe('2001:db8::1')
  expect(canonicalAddress('fe80::1%eth0')).toBe('fe80::1')
  expect(canonicalAddress('example.org')).toBeNull()
})
