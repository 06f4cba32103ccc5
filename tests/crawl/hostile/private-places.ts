import type { Resolve } from '#src/lib/address-vetting.ts'

/** Addresses nobody outside may be led to, as a URL may write them (reference/peers-campaigns.md §4.2). */
export const PRIVATE_HOSTS = [
  '127.0.0.1',
  '127.1',
  '127.0.0.1.',
  '127.255.255.254',
  '0.0.0.0',
  '0',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '１２７.０.０.１',
  '%31%32%37.0.0.1',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::a00:5]',
  '[2002:7f00:1::1]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fec0::1]',
  '[ff02::1]',
  '169.254.169.254',
  '2852039166',
  '100.100.100.200',
  '10.0.0.5',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '192.0.0.1',
  '192.88.99.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
]

/** What an attacker's name server says of names. */
export const PRIVATE_NAMES: Record<string, string[]> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'a.localhost': ['127.0.0.1'],
  '127-0-0-1.sslip.test': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'ten.test': ['10.0.0.5'],
  'carrier.test': ['100.64.0.1'],
  'six.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'nat64.test': ['64:ff9b::7f00:1'],
  'zone.test': ['fe80::1%lo'],
  'unspecified.test': ['0.0.0.0'],
  'both.test': ['93.184.216.34', '127.0.0.1'],
  'both-six.test': ['93.184.216.34', '::1'],
  'last-of-many.test': ['1.1.1.1', '8.8.8.8', '93.184.216.34', '192.168.1.1'],
  'xn--r8jz45g.test': ['127.0.0.1'],
  'garbage.test': ['not an address'],
}

/** Spellings that two readers of URLs may read differently; P is a port. */
export const TRICKY_URLS = [
  'http://169.254.169.254:8888\\@site.test/',
  'http:\\\\127.0.0.1:P\\',
  'http:///127.0.0.1:P/',
  'http://127.0.0.1:P#@site.test/',
  'http://127.0.0.1:P?@site.test/',
  'ht\ttp://127.0.0.1:P/',
  'HTTP://LOCALHOST:P/',
  '//127.0.0.1:P/',
  '/\\127.0.0.1:P/',
  '\\\\127.0.0.1:P/',
  'https://127.0.0.1:P/',
  'http://93.184.216.34:22/',
  'http://93.184.216.34:25/',
  'http://93.184.216.34:5432/',
  'http://93.184.216.34:6379/',
]

/** URLs that are none for the web, or carry a password. */
export const UNFETCHABLE_URLS = [
  'file:///etc/passwd',
  'ftp://127.0.0.1:P/',
  'gopher://127.0.0.1:P/_x',
  'javascript:location="http://127.0.0.1:P/"',
  'data:text/html,hi',
  'unix:/var/run/docker.sock',
  'http://site.test:P@127.0.0.1:P/',
  'http://user:password@127.0.0.1:P/',
  'http://[::1/',
  'http://127.0.0.1:99999/',
]

/** All of them as URLs to a port. */
export const privateUrls = (port: number): string[] =>
  [
    ...PRIVATE_HOSTS.map((host) => `http://${host}:P/`),
    ...Object.keys(PRIVATE_NAMES).map((name) => `http://${name}:P/`),
    ...TRICKY_URLS,
  ].map((url) => withPort(url, port))

export const withPort = (url: string, port: number): string =>
  url.replaceAll('P', String(port)).replace(/^HTT\d+/, 'HTTP')

/** A name server that knows the given names and the attacker's. */
export const resolving =
  (names: Record<string, string[] | (() => string[])>): Resolve =>
  async (name) => {
    const found = names[name] ?? PRIVATE_NAMES[name]
    if (!found) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
    return typeof found === 'function' ? found() : [...found]
  }
