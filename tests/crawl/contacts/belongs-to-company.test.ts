import { expect, test } from 'bun:test'
import {
  belongsToCompany,
  knownElsewhere,
  type KnownCompany,
} from '#src/crawl/contacts/belongs-to-company.ts'
import type { SiteRecord } from '#src/crawl/site-record.ts'
import { page, site } from '#tests/support/site-record.ts'

const known: KnownCompany = {
  name: 'SARL Menuiserie Vauthier',
  phone: '03 84 12 13 14',
  address1: '4 av. de la Gare',
  postalCode: '39600',
  city: 'Arbois',
  siren: '443061841',
  siret: null,
}
const from = { pageUrl: 'https://www.x.fr/', method: 'text', snippet: '', confidence: 0.9 }
const title = (text: string): Partial<SiteRecord> => ({
  finalUrl: 'https://www.x.fr/',
  openGraph: [],
  phones: [],
  pages: [page({ title: text, h1: [], textLength: 900 })],
})
const siren = (value: string) => [{ ...from, kind: 'siren' as const, value }]
const phones = (value: string) => [{ ...from, value, raw: value, type: 'fixed' as const }]
const place = (street: string | null, postalCode: string, city: string) => [
  { ...from, street, postalCode, city, country: 'FR' },
]

test.each<[string, string, Partial<KnownCompany>, Partial<SiteRecord>]>([
  ['its number', 'proven', {}, { ...title('Accueil'), companyIds: siren('443061841') }],
  [
    'the first part of its SIRET',
    'proven',
    { siren: null, siret: '44306184100047' },
    { ...title('x'), companyIds: siren('443061841') },
  ],
  [
    'its phone and name',
    'proven',
    { siren: null },
    { ...title('Menuiserie Vauthier'), phones: phones('+33384121314') },
  ],
  [
    'its street and name',
    'proven',
    { siren: null },
    { ...title('Vauthier menuiserie à Arbois'), addresses: place('4 avenue de la Gare', '39600', 'ARBOIS') },
  ],
  [
    'its phone under another number',
    'likely',
    {},
    { ...title('Menuiserie Vauthier'), phones: phones('+33384121314'), companyIds: siren('552100554') },
  ],
  [
    'its name and town',
    'likely',
    { siren: null },
    { ...title('Menuiserie Vauthier'), addresses: place(null, '39600', 'Arbois') },
  ],
  [
    'its name in the host',
    'likely',
    { siren: null },
    { ...title('Accueil'), finalUrl: 'https://www.menuiserie-vauthier.fr/' },
  ],
  [
    'its phone alone',
    'likely',
    { siren: null },
    { ...title('Portes et fenêtres'), phones: phones('+33384121314') },
  ],
  ['another number', 'doubtful', {}, { ...title('Menuiserie Vauthier'), companyIds: siren('552100554') }],
  ['another name', 'doubtful', {}, title('Boulangerie Martin')],
  [
    'its name in another town',
    'doubtful',
    { siren: null },
    { ...title('Menuiserie Vauthier'), addresses: place('1 rue X', '13001', 'Marseille') },
  ],
  [
    'a parked page',
    'unchecked',
    {},
    { ...title('Domaine réservé'), pages: [page({ title: 'Domaine réservé', h1: [], parked: 'parked' })] },
  ],
  [
    'a page drawn by scripts',
    'unchecked',
    {},
    { ...title(''), pages: [page({ title: null, h1: [], textLength: 0, needsBrowser: true })] },
  ],
])('a site with %s is %s', (_, verdict, company, over) => {
  expect(belongsToCompany({ ...known, ...company }, site(over)).verdict).toBe(verdict as 'proven')
})

test('an address in place of a name is compared with nothing', () => {
  const listed = { ...known, name: 'www.x.fr', phone: null, postalCode: null, city: null, siren: null }
  const alone = belongsToCompany(listed, site({ ...title('Menuiserie X'), addresses: [] }))
  expect(alone).toEqual({ verdict: 'unchecked', evidence: [] })
})

test('what a crawl filled in from the site proves nothing of it', () => {
  const read = site({ ...title('Accueil'), companyIds: siren('443061841') })
  const filled = { pages: 4, siren: [null, '443061841'], city: [null, 'Dole'] }
  expect(knownElsewhere(known, [filled])).toEqual({ ...known, siren: null })
  expect(belongsToCompany(knownElsewhere(known, [filled]), read).verdict).not.toBe('proven')
})

test('the evidence says what was compared and where it was seen', () => {
  const { evidence } = belongsToCompany(
    known,
    site({ ...title('Menuiserie Vauthier'), companyIds: siren('443061841') }),
  )
  expect(evidence).toContainEqual({
    field: 'siren',
    agrees: true,
    known: '443061841',
    found: '443061841',
    pageUrl: 'https://www.x.fr/',
  })
})
