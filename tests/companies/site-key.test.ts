import { describe, expect, test } from 'bun:test'
import shared from '#src/companies/shared-hosts.data.json'
import { siteKey } from '#src/companies/site-key.ts'

const key = (value: string): string | null => siteKey(value).siteKey
const url = (value: string): string | null => siteKey(value).canonicalUrl

describe('the key of a site', () => {
  const keys: [string, string | null][] = [
    ['https://www.Example.FR/contact?x=1#y', 'example.fr'],
    ['http://example.fr:8080/', 'example.fr'],
    ['example.fr.', 'example.fr'],
    ['//example.fr/a', 'example.fr'],
    ['shop.example.fr', 'shop.example.fr'],
    ['www.shop.example.fr', 'shop.example.fr'],
    ['https://www.fr', 'www.fr'],
    ['example.co.uk', 'example.co.uk'],
    ['https://a.wixsite.com/resto', 'a.wixsite.com'],
    ['https://b.wixsite.com/resto', 'b.wixsite.com'],
    ['https://paul.github.io/site', 'paul.github.io'],
    ['https://chez-paul.business.site/?m=true', 'chez-paul.business.site'],
    ['http://192.168.1.20:8001/a', '192.168.1.20:8001'],
    ['http://192.168.1.20:8002', '192.168.1.20:8002'],
    ['http://192.168.1.20:80/', '192.168.1.20'],
    ['http://[2001:DB8::1]:8080/', '[2001:db8::1]:8080'],
    ['localhost:3000', 'localhost:3000'],
    ['Café-Éclair.fr', 'xn--caf-clair-d4ab.fr'],
    ['xn--caf-clair-d4ab.fr', 'xn--caf-clair-d4ab.fr'],
    ['https://sites.google.com/view/ChezPaul/accueil', 'sites.google.com/view/chezpaul'],
    ['http://perso.orange.fr/jean.dupont/index.htm', 'perso.orange.fr/jean.dupont'],
    ['http://jean.dupont.pagesperso-orange.fr/', 'jean.dupont.pagesperso-orange.fr'],
    ['http://maboutique.free.fr', 'maboutique.free.fr'],
    ['chez-paul.carrd.co', 'chez-paul.carrd.co'],
    ['wixsite.com', null],
    ['http://perso.orange.fr/', null],
    ['gmail.com', null],
  ]
  for (const [value, expected] of keys)
    test(`${value} → ${expected}`, () => expect(key(value)).toBe(expected))
})

describe('what people type', () => {
  const typed: [string, string | null][] = [
    ['HTTP//exemple.fr', 'http://exemple.fr'],
    ['http:/exemple.fr', 'http://exemple.fr'],
    ['https:exemple.fr', 'https://exemple.fr'],
    ['https://https://exemple.fr', 'https://exemple.fr'],
    ['ttps://exemple.fr', 'https://exemple.fr'],
    ['(www.exemple.fr)', 'https://www.exemple.fr'],
    ['www.a.fr / www.b.fr', 'https://www.a.fr'],
    ['voir exemple.fr', 'https://exemple.fr'],
    ['<a href="http://exemple.fr">site</a>', 'http://exemple.fr'],
    ['exemple.fr:8080/x', 'https://exemple.fr:8080/x'],
    ['127.0.0.1:8001', 'http://127.0.0.1:8001'],
    ['https://u:secret@exemple.fr/', 'https://exemple.fr'],
    ['https://exemple.fr/?utm_source=g&id=3&gclid=z#top', 'https://exemple.fr/?id=3'],
    ['https://www.google.com/url?q=https://exemple.fr/&sa=D', 'https://exemple.fr'],
    ['https://l.facebook.com/l.php?u=https%3A%2F%2Fexemple.fr%2F&h=A', 'https://exemple.fr'],
    ['https.fr', 'https://https.fr'],
  ]
  for (const [value, expected] of typed)
    test(`${value} → ${expected}`, () => expect(url(value)).toBe(expected))

  const notSites = [
    '',
    'oui',
    'S.A.R.L',
    'M.Paul',
    '12.50',
    'http://12.50',
    'contact@exemple.fr',
    'javascript:alert(1)',
  ]
  const neither = [
    'ftp://a.fr',
    'mailto:a@b.fr',
    'file:///etc/passwd',
    'data:text/html,x',
    'https://a..fr',
    'http://',
    'www.exemple',
    'tel:+33387000001',
    `http://${'a'.repeat(70)}.fr`,
  ]
  for (const value of [...notSites, ...neither]) {
    test(`"${value.slice(0, 40)}" is not a site`, () =>
      expect(siteKey(value)).toEqual({ siteKey: null, canonicalUrl: null, profileUrl: null }))
  }
})

describe('hosts shared by many companies', () => {
  test('there are at least 120 of them, each with its kind', () => {
    const all = Object.values(shared.hosts)
    expect(all.length).toBeGreaterThanOrEqual(120)
    for (const host of all) expect(['social', 'directory', 'marketplace', 'link-page']).toContain(host.kind)
  })

  const profiles: [string, string][] = [
    ['https://www.facebook.com/chezpaul', 'facebook'],
    ['fr-fr.facebook.com/chezpaul', 'facebook'],
    ['https://fr.linkedin.com/company/x', 'linkedin'],
    ['https://www.pagesjaunes.fr/pros/1', 'pagesjaunes'],
    ['https://www.tripadvisor.co.uk/Restaurant-1', 'tripadvisor'],
    ['https://www.doctolib.fr/dentiste/metz/x', 'doctolib'],
    ['https://www.google.fr/maps/place/x', 'google-maps'],
    ['https://maps.google.com/?cid=1', 'google-maps'],
    ['https://linktr.ee/x', 'linktree'],
    ['https://www.societe.com/societe/x-1.html', 'societe'],
    ['https://www.amazon.de/stores/x', 'amazon'],
    ['https://entreprises.lefigaro.fr/x', 'lefigaro'],
  ]
  for (const [value, network] of profiles) {
    test(`${value} is a profile on ${network}, not a site`, () => {
      const found = siteKey(value)
      expect(found.siteKey).toBeNull()
      expect(found.canonicalUrl).toBeNull()
      expect(found.profileUrl).toStartWith('https://')
      expect(found.profileNetwork).toBe(network)
    })
  }

  test('a host that only ends like a shared one is a site of its own', () => {
    expect(key('https://notfacebook.com/x')).toBe('notfacebook.com')
    expect(key('https://x.com.example.fr')).toBe('x.com.example.fr')
  })

  test('a company’s own name under tumblr or bandcamp is a site of its own', () => {
    expect(key('https://chezpaul.tumblr.com')).toBe('chezpaul.tumblr.com')
    expect(siteKey('https://www.tumblr.com/chezpaul').siteKey).toBeNull()
  })

  test('a cell with a profile and a site gives both', () => {
    expect(siteKey('https://facebook.com/paul ; www.paul.fr')).toEqual({
      siteKey: 'paul.fr',
      canonicalUrl: 'https://www.paul.fr',
      profileUrl: 'https://facebook.com/paul',
      profileNetwork: 'facebook',
    })
  })
})
