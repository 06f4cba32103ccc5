import { describe, expect, test } from 'bun:test'
import { cleanRow } from '#src/companies/import/clean-row.ts'
import { branchKey, companyKey, sameBranch } from '#src/companies/company-key.ts'
import type { CompanyField, Mapping } from '#src/companies/import/recognise-columns.ts'

const clean = (values: Partial<Record<CompanyField, string>>, country?: string) => {
  const row = { name: 'Chez Paul', ...values }
  const mapping = Object.fromEntries(Object.keys(row).map((field, i) => [field, i])) as Mapping
  const result = cleanRow(Object.values(row), mapping, country)
  if (!result.ok) throw new Error(result.reason)
  return { ...result.company, warnings: result.warnings }
}

describe('the name', () => {
  for (const name of [
    '',
    '  ',
    '#NOM?',
    '#REF!',
    'nan',
    'None',
    'NULL',
    'n/a',
    'N/A',
    '#N/A',
    '-',
    '\u200b',
  ]) {
    test(`a row called "${name}" is rejected`, () =>
      expect(cleanRow([name, 'x'], { name: 0 })).toEqual({ ok: false, reason: 'no_name' }))
  }

  test('a row without a name column is rejected', () => {
    expect(cleanRow(['Paul'], { website: 0 })).toEqual({ ok: false, reason: 'no_name' })
  })

  const columns = { name: 0, category: 1, phone: 2 }
  test.each([['Total'], ['TOTAL :'], ['Sous-total'], ['Total général'], ['Totaux']])(
    'the sums below the list are no company: %s',
    (name) => expect(cleanRow([name, '1 204', ''], columns)).toEqual({ ok: false, reason: 'total' }),
  )

  test.each([
    [['Total', 'Station-service', '']],
    [['Total', '12', '03 87 00 10 00']],
    [['Total', '', '']],
    [['Total Rénovation', '12', '']],
  ])('a company that is called so is one: %p', (row) => expect(cleanRow(row, columns).ok).toBe(true))

  test('a name is kept as written, on one line and bounded', () => {
    expect(clean({ name: ' A.N.A.\n  & Fils ' }).name).toBe('A.N.A. & Fils')
    const long = clean({ name: 'é'.repeat(500) })
    expect(long.name).toHaveLength(300)
    expect(long.warnings).toEqual(['text_cut'])
  })
})

describe('values that cannot be right are left out and named', () => {
  test('a website that is none is no rejection', () => {
    expect(clean({ website: 'en cours' })).toMatchObject({
      website: null,
      siteKey: null,
      warnings: ['website_not_a_site'],
    })
    expect(clean({ website: 'n/a' }).warnings).toEqual([])
  })

  test('an address on a social network is kept as a profile', () => {
    expect(clean({ website: 'facebook.com/paul' })).toMatchObject({
      website: null,
      siteKey: null,
      profileUrl: 'https://facebook.com/paul',
      profileNetwork: 'facebook',
      warnings: [],
    })
  })

  test('positions have decimal commas and limits', () => {
    expect(clean({ latitude: '48,5', longitude: '-6,125' })).toMatchObject({
      latitude: 48.5,
      longitude: -6.125,
      warnings: [],
    })
    expect(clean({ latitude: '91', longitude: 'est' })).toMatchObject({
      latitude: null,
      longitude: null,
      warnings: ['coordinates_invalid'],
    })
  })

  test('ratings go from 0 to 5 and reviews are whole numbers', () => {
    expect(clean({ rating: '4,5 / 5', reviewsCount: '1 234 avis' })).toMatchObject({
      rating: 4.5,
      reviewsCount: 1234,
      warnings: [],
    })
    expect(clean({ rating: '4.0', reviewsCount: '(1,234)' })).toMatchObject({ rating: 4, reviewsCount: 1234 })
    expect(clean({ rating: '9', reviewsCount: '-3' })).toMatchObject({
      rating: null,
      reviewsCount: null,
      warnings: ['rating_invalid', 'reviews_invalid'],
    })
  })

  test('a SIRET or SIREN is checked by its sum, spaces and lost zeros allowed', () => {
    expect(clean({ companyId: '732 829 320 00074' })).toMatchObject({
      siren: '732829320',
      siret: '73282932000074',
    })
    expect(clean({ companyId: '732829320' })).toMatchObject({ siren: '732829320', siret: null })
    expect(clean({ companyId: '5650015' })).toMatchObject({ siren: '005650015' })
    expect(clean({ companyId: '35600000000048' })).toMatchObject({ siret: '35600000000048' })
    expect(clean({ companyId: '732829321' })).toMatchObject({ siren: null, warnings: ['company_id_invalid'] })
  })
})

describe('e-mails', () => {
  const cases: [string, string | null, string[], boolean][] = [
    ['Contact@Exemple.FR', 'Contact@exemple.fr', [], false],
    ['mailto:a@b.fr?subject=x', 'a@b.fr', [], false],
    ['Paul <paul@b.fr>; contact@b.fr', 'paul@b.fr', ['contact@b.fr'], false],
    ['a@b.fr, a@b.fr', 'a@b.fr', [], false],
    ['jérôme@café.fr', 'jérôme@café.fr', [], false],
    ['a@b', null, [], true],
    ['pas de mail', null, [], true],
    ['a..b@c.fr', null, [], true],
    ['a@b.fr c@', 'a@b.fr', [], true],
  ]
  for (const [text, email, otherEmails, isBad] of cases) {
    test(`"${text}" gives ${email}`, () =>
      expect(clean({ email: text })).toMatchObject({
        email,
        otherEmails,
        warnings: isBad ? ['email_invalid'] : [],
      }))
  }
})

describe('phones', () => {
  const cases: [string, string | undefined, string | null][] = [
    ['03 87 00 00 01', undefined, '+33387000001'],
    ['03.87.00.00.01', undefined, '+33387000001'],
    ['+33 (0)3 87 00 00 01', undefined, '+33387000001'],
    ['33387000001', undefined, '+33387000001'],
    ['387000001', undefined, '+33387000001'],
    ['0033387000001', undefined, '+33387000001'],
    ['02 511 22 33', 'Belgique', '+3225112233'],
    ['030 901820', 'Germany', '+4930901820'],
    ['0262 20 20 20', 'La Réunion', '+262262202020'],
    ['12', undefined, null],
    ['non communiqué', undefined, null],
  ]
  for (const [phone, country, phoneE164] of cases) {
    test(`${phone} in ${country ?? 'France'} is ${phoneE164}`, () => {
      const found = clean(country ? { phone, country } : { phone })
      expect(found).toMatchObject({ phone, phoneE164 })
      expect(found.warnings).toEqual(phoneE164 ? [] : ['phone_invalid'])
    })
  }

  test('several phones in a cell are all kept', () => {
    const found = clean({ phone: '03 87 00 00 01 / 06 12 34 56 78' })
    expect(found.phoneE164).toBe('+33387000001')
    expect(found.otherPhones).toEqual([{ raw: '06 12 34 56 78', e164: '+33612345678' }])
  })
})

describe('postal codes', () => {
  test('a French code gets its lost zero back', () => {
    expect(clean({ postalCode: '1000', country: 'France' })).toMatchObject({
      postalCode: '01000',
      warnings: ['postal_code_completed'],
    })
    expect(clean({ postalCode: '1000' }).postalCode).toBe('01000')
    expect(clean({ postalCode: '01000', country: 'FR' }).warnings).toEqual([])
  })

  test('a Belgian or Swiss code of four digits stays', () => {
    expect(clean({ postalCode: '1000', country: 'Belgium' }).postalCode).toBe('1000')
    expect(clean({ postalCode: '1200', website: 'https://exemple.ch' }).postalCode).toBe('1200')
    expect(clean({ postalCode: '1000' }, 'BE').postalCode).toBe('1000')
  })
})

describe('addresses', () => {
  const cases: [Parameters<typeof clean>[0], Record<string, string | null>][] = [
    [
      { addressFull: '12 rue de Metz, 57000 Metz, France' },
      { address1: '12 rue de Metz', postalCode: '57000', city: 'Metz', addressFull: null },
    ],
    [
      { address1: '12 rue de Metz', address2: 'F-57000 METZ Cedex 1' },
      { address1: '12 rue de Metz', address2: null, postalCode: '57000', city: 'METZ Cedex 1' },
    ],
    [
      { address1: '12 rue 57000 Saint-Avold' },
      { address1: '12 rue', postalCode: '57000', city: 'Saint-Avold' },
    ],
    [
      { address1: '5 rue du 11 novembre', postalCode: '57000' },
      { address1: '5 rue du 11 novembre', postalCode: '57000', city: null },
    ],
    [
      { addressFull: '1 Main St, Springfield, IL 62704, USA' },
      { addressFull: '1 Main St, Springfield, IL 62704, USA' },
    ],
    [{ addressFull: '57000 Metz' }, { address1: null, postalCode: '57000', city: 'Metz' }],
  ]
  for (const [given, expected] of cases) {
    test(`${Object.values(given).join(' | ')} is taken apart as far as it is sure`, () =>
      expect(clean(given)).toMatchObject(expected))
  }
})

test('a contact’s two names are joined and tags are split', () => {
  expect(clean({ contactFirstName: 'Anne', contactName: 'Roy', tags: 'a, b;a' })).toMatchObject({
    contactName: 'Anne Roy',
    tags: ['a', 'b'],
  })
})

test('a mapping that points past the row reads nothing', () => {
  expect(cleanRow(['Paul'], { name: 0, email: 7 })).toMatchObject({ ok: true, company: { email: null } })
})

describe('companies without a site', () => {
  const paul = { name: 'Chez Paul & Fils', address1: '12, av. St-Jean', postalCode: '57000', city: 'Metz' }

  test('spelling does not make another company', () => {
    expect(companyKey(paul)).toBe(
      companyKey({ ...paul, name: 'CHEZ PAUL ET FILS', address1: '12 Avenue Saint Jean' }),
    )
  })

  test('a full address is the same as its parts', () => {
    expect(companyKey({ name: paul.name, addressFull: '12 avenue Saint-Jean, 57000 Metz, France' })).toBe(
      companyKey(paul),
    )
  })

  test('another name, street or town is another company', () => {
    for (const other of [{ name: 'Chez Luc' }, { address1: '13 av. St-Jean' }, { postalCode: '54000' }]) {
      expect(companyKey({ ...paul, ...other })).not.toBe(companyKey(paul))
    }
  })
})

describe('branches of one site', () => {
  const metz = { address1: '1 rue A', postalCode: '57000', phone: '+33387000001' }

  test('another address or another phone is another branch', () => {
    expect(sameBranch(metz, { ...metz, address1: '2 rue B' })).toBe(false)
    expect(sameBranch(metz, { ...metz, postalCode: '54000' })).toBe(false)
    expect(sameBranch(metz, { ...metz, phone: '+33387000002' })).toBe(false)
    expect(branchKey(metz)).not.toBe(branchKey({ ...metz, phone: '+33387000002' }))
  })

  test('what one of them does not say tells nothing', () => {
    expect(sameBranch(metz, { phone: '+33 3 87 00 00 01' })).toBe(true)
    expect(sameBranch(metz, {})).toBe(true)
    expect(sameBranch(metz, { address1: '1, Rue A' })).toBe(true)
  })
})
