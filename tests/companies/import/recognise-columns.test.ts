import { describe, expect, test } from 'bun:test'
import { recogniseColumns } from '#src/companies/import/recognise-columns.ts'

const names = (header: string[], sample: string[][] = []) => {
  const { mapping, unmapped } = recogniseColumns(header, sample)
  return {
    mapping: Object.fromEntries(Object.entries(mapping).map(([field, column]) => [field, header[column]])),
    unmapped: unmapped.map((column) => header[column]),
  }
}

describe('columns by name', () => {
  test('all the existing product’s names are known', () => {
    const header = [
      'name',
      'website',
      'category',
      'category_translate',
      'phone_number',
      'country',
      'address_1',
      'address_2',
      'longitude',
      'latitude',
      'rating',
      'reviews_count',
    ]
    const { mapping, unmapped } = recogniseColumns(header)
    expect(Object.keys(mapping)).toHaveLength(header.length)
    expect(unmapped).toEqual([])
  })

  test('a French list is understood whatever its accents, case and punctuation', () => {
    const found = names([
      'RAISON SOCIALE',
      'Site Internet :',
      'Tél.',
      'E-mail',
      'Adresse',
      'C.P.',
      'VILLE',
      'N° SIRET',
      "Secteur d'activité",
      'Couleur',
    ])
    expect(found.mapping).toEqual({
      name: 'RAISON SOCIALE',
      website: 'Site Internet :',
      phone: 'Tél.',
      email: 'E-mail',
      address1: 'Adresse',
      postalCode: 'C.P.',
      city: 'VILLE',
      companyId: 'N° SIRET',
      category: "Secteur d'activité",
    })
    expect(found.unmapped).toEqual(['Couleur'])
  })

  test('an export of map results is understood', () => {
    const found = names([
      'title',
      'totalScore',
      'reviewsCount',
      'street',
      'city',
      'countryCode',
      'website',
      'phone',
      'categoryName',
      'url',
      'location/lat',
      'location/lng',
    ])
    expect(found.mapping).toMatchObject({
      name: 'title',
      rating: 'totalScore',
      reviewsCount: 'reviewsCount',
      address1: 'street',
      website: 'website',
      latitude: 'location/lat',
      longitude: 'location/lng',
      country: 'countryCode',
    })
    expect(found.unmapped).toEqual(['url'])
  })

  test('the README’s names of the existing product, phone and address, are known', () => {
    expect(names(['name', 'phone', 'address']).mapping).toEqual({
      name: 'name',
      phone: 'phone',
      addressFull: 'address',
    })
  })

  test('a bare "Nom" beside the company’s name is the person’s', () => {
    expect(names(['Nom', 'Prénom', 'Entreprise', 'Email']).mapping).toEqual({
      contactName: 'Nom',
      contactFirstName: 'Prénom',
      name: 'Entreprise',
      email: 'Email',
    })
    expect(names(['Nom', 'Email']).mapping).toEqual({ name: 'Nom', email: 'Email' })
  })

  test('the first of two equal columns wins and the second is listed', () => {
    expect(names(['Nom', 'Téléphone 1', 'Téléphone 2'])).toEqual({
      mapping: { name: 'Nom', phone: 'Téléphone 1' },
      unmapped: ['Téléphone 2'],
    })
    expect(recogniseColumns(['Email', 'Email', 'Nom'])).toEqual({
      mapping: { email: 0, name: 2 },
      unmapped: [1],
    })
  })

  test('a landline is preferred to a mobile wherever it stands', () => {
    expect(names(['Mobile', 'Téléphone', 'Nom']).mapping.phone).toBe('Téléphone')
    expect(names(['Mobile', 'Nom']).mapping.phone).toBe('Mobile')
  })

  test('"Note" alone is text, "Note moyenne" is a rating, "Notes" is text', () => {
    expect(names(['Nom', 'Note moyenne', 'Notes']).mapping).toEqual({
      name: 'Nom',
      rating: 'Note moyenne',
      notes: 'Notes',
    })
  })

  test('a better name wins over a vague one that stands before it', () => {
    expect(names(['Client', 'Raison sociale']).mapping.name).toBe('Raison sociale')
    expect(names(['Numéro', 'Client', 'Tél']).mapping).toEqual({ name: 'Client', phone: 'Tél' })
  })

  test('names every object has are not fields', () => {
    expect(names(['constructor', '__proto__', 'toString', 'Nom']).mapping).toEqual({ name: 'Nom' })
  })
})

describe('columns by content', () => {
  test('unnamed columns are found by what is in them', () => {
    const found = names(
      ['Column 1', 'Column 2', 'Column 3', 'Column 4', 'Column 5'],
      [
        ['Paul', 'contact@paul.fr', 'paul.fr', '03 87 00 00 01', '57000'],
        ['Luc', 'x@luc.fr', 'https://luc.fr', '+33 3 87 00 00 02', '54000'],
        ['Éva', '', '', '', ''],
      ],
    )
    expect(found).toEqual({
      mapping: {
        email: 'Column 2',
        website: 'Column 3',
        phone: 'Column 4',
        postalCode: 'Column 5',
        name: 'Column 1',
      },
      unmapped: [],
    })
  })

  test('content never takes a column that its name gave to another field', () => {
    expect(
      names(
        ['Nom', 'Remarques'],
        [
          ['Paul', 'a@b.fr'],
          ['Luc', 'c@d.fr'],
        ],
      ).mapping,
    ).toEqual({ name: 'Nom', notes: 'Remarques' })
  })

  test('endless cells made to slow a search down cost nothing', () => {
    const long = [
      '('.repeat(32_000),
      `www.${'.'.repeat(32_000)} `,
      `${'a'.repeat(32_000)}@`,
      `${'a.'.repeat(16_000)}!`,
    ]
    const started = performance.now()
    recogniseColumns(
      long,
      Array.from({ length: 50 }, () => long),
    )
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  test('an empty header and no rows give nothing', () => {
    expect(recogniseColumns([])).toEqual({ mapping: {}, unmapped: [] })
  })
})
