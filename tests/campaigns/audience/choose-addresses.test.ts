import { expect, test } from 'bun:test'
import { chooseAddresses, type AddressSources } from '#src/campaigns/audience/choose-addresses.ts'

const known: AddressSources['known'] = {
  email: null,
  phone: null,
  contactName: null,
  editedFields: [],
  contactEmail: null,
  contactPerson: null,
  contactRole: null,
  contactPhone: null,
}
type Email = AddressSources['facts']['emails'][number]

const seen = (value: string, more: Partial<Email> = {}): Email => ({
  value,
  kind: 'role',
  pageUrl: 'https://garage-leger.fr/contact',
  mx: null,
  confidence: 0.9,
  ...more,
})

const company = (
  emails: Email[],
  more: Partial<Omit<AddressSources, 'facts'>> & { people?: AddressSources['facts']['people'] } = {},
): AddressSources => ({
  companyId: 1,
  siteKey: 'garage-leger.fr',
  guessed: [],
  known,
  ...more,
  facts: { emails, people: more.people ?? [], phones: [], forms: [] },
})

const standings = (source: AddressSources, takesMail: (domain: string) => boolean | null = () => null) =>
  chooseAddresses(source, takesMail).map(({ address, standing }) => [address, standing])

test.each([
  ['contact@garage-leger.fr', {}, 'own'],
  ['contact@garage-leger.com', {}, 'own'],
  ['garage.leger@orange.fr', {}, 'published'],
  ['garage.leger@orange.fr', { pageUrl: '' }, 'free'],
  ['garage.leger@orange.fr', { pageUrl: '', confirmed: true }, 'free'],
  ['contact@autre-domaine.fr', {}, 'published'],
  ['contact@autre-domaine.fr', { pageUrl: '', confirmed: true }, 'kept'],
  ['contact@autre-domaine.fr', { pageUrl: '', confirmed: false }, 'other'],
  ['bonjour@agence-web.fr', { kind: 'agency' }, 'foreign'],
  ['bonjour@fournisseur.fr', { kind: 'thirdparty' }, 'foreign'],
  ['noreply@garage-leger.fr', {}, 'unread'],
  ['postmaster@garage-leger.fr', {}, 'unread'],
  ['garage@mailinator.com', {}, 'disposable'],
  ['votre-email@garage-leger.fr', {}, 'placeholder'],
  ['nom.prenom@exemple.be', {}, 'placeholder'],
  ['contact@garage-leger.fr', { mx: false }, 'no_mail'],
] as const)('%s, seen as %o, is %s', (address, more, standing) => {
  expect(standings(company([seen(address, more)]))).toEqual([[address, standing]])
})

test('an address of the list alone counts as the company’s own only at its own domain, or where it has no site', () => {
  const listed = (email: string, siteKey: string | null) =>
    standings(company([], { siteKey, known: { ...known, email } }))
  expect(listed('contact@garage-leger.fr', 'garage-leger.fr')).toEqual([['contact@garage-leger.fr', 'own']])
  expect(listed('contact@holding.fr', 'garage-leger.fr')).toEqual([['contact@holding.fr', 'other']])
  expect(listed('contact@holding.fr', null)).toEqual([['contact@holding.fr', 'own']])
  expect(listed('garage@gmail.com', null)).toEqual([['garage@gmail.com', 'free']])
})

test('what is known of a domain now outweighs what a crawl was told', () => {
  const source = company([seen('contact@garage-leger.fr', { mx: false })])
  expect(standings(source, () => true)).toEqual([['contact@garage-leger.fr', 'own']])
  expect(standings(company([seen('contact@garage-leger.fr', { mx: true })]), () => false)).toEqual([
    ['contact@garage-leger.fr', 'no_mail'],
  ])
})

test('the best contact comes first, guesses last and never as an address of their own', () => {
  const source = company(
    [
      seen('info@garage-leger.fr'),
      seen('paul.durand@garage-leger.fr', { kind: 'person' }),
      seen('claire.leger@garage-leger.fr', { kind: 'person' }),
    ],
    {
      guessed: ['c.leger@garage-leger.fr', 'info@garage-leger.fr'],
      people: [
        {
          name: 'Paul Durand',
          role: 'Technicien',
          roleKind: 'technical',
          email: 'paul.durand@garage-leger.fr',
        },
        { name: 'Claire Léger', role: 'Gérante', roleKind: 'owner', email: 'claire.leger@garage-leger.fr' },
      ],
    },
  )
  expect(chooseAddresses(source, () => null)).toMatchObject([
    { address: 'claire.leger@garage-leger.fr', role: 'owner', contactName: 'Claire Léger', standing: 'own' },
    { address: 'paul.durand@garage-leger.fr', role: 'technical', contactName: 'Paul Durand' },
    { address: 'info@garage-leger.fr', role: 'shared', contactName: null },
    { address: 'c.leger@garage-leger.fr', standing: 'guessed' },
  ])
})

test('an address is one however it is written; what is none is left out', () => {
  const source = company(
    [
      seen('Contact@Garage-Leger.fr'),
      seen('contact@garage-leger.fr'),
      seen('contact@garage-léger.fr'),
      seen('a@b'),
      seen('x@garage-leger.fr\r\nBcc: y@z.fr'),
    ],
    { known: { ...known, email: 'CONTACT@GARAGE-LEGER.FR' } },
  )
  expect(chooseAddresses(source, () => null).map(({ address, domain }) => [address, domain])).toEqual([
    ['contact@garage-leger.fr', 'garage-leger.fr'],
    ['contact@garage-léger.fr', 'xn--garage-lger-ibb.fr'],
  ])
})

test('an address edited by hand is taken before all others', () => {
  const source = company([seen('info@garage-leger.fr')], {
    known: { ...known, contactEmail: 'chef@holding.fr', editedFields: ['contactEmail'] },
  })
  expect(standings(source)).toEqual([
    ['chef@holding.fr', 'kept'],
    ['info@garage-leger.fr', 'own'],
  ])
})
