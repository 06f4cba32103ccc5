import { beforeEach, describe, expect, test } from 'bun:test'
import { testDatabase } from '#tests/support/database.ts'
import { addsUp, importRows } from './import-tools.ts'

const { db, sql } = await testDatabase()
beforeEach(async () => void (await sql`TRUNCATE companies, imports RESTART IDENTITY CASCADE`))

const A = '12 rue des Lilas'
type Case = [title: string, rows: string[][], counts: Record<string, number>]
// name, site, phone, address, postal code, town
const cases: Case[] = [
  ['one company', [['Noël', 'noel.fr']], { created: 1 }],
  [
    'the same row twice',
    [
      ['Noël', 'noel.fr'],
      ['Noël', 'noel.fr'],
    ],
    { created: 1, duplicates: 1 },
  ],
  [
    'www, scheme, port and path do not make another site',
    [
      ['Noël', 'noel.fr'],
      ['Noël', 'https://www.noel.fr:8443/contact'],
    ],
    { created: 1, duplicates: 1 },
  ],
  [
    'a subdomain is another site',
    [
      ['Noël', 'noel.fr'],
      ['Noël', 'boutique.noel.fr'],
    ],
    { created: 2 },
  ],
  [
    'two sites on one platform are two companies',
    [
      ['A', 'a.wixsite.com'],
      ['A', 'b.wixsite.com'],
    ],
    { created: 2 },
  ],
  [
    'one site, two phones: two branches',
    [
      ['Noël', 'noel.fr', '03 87 00 00 01'],
      ['Noël', 'noel.fr', '03 87 00 00 02'],
    ],
    { created: 2, branches: 1 },
  ],
  [
    'one site, two addresses: two branches',
    [
      ['Noël', 'noel.fr', '', A, '57000'],
      ['Noël', 'noel.fr', '', '3 place du Lac', '74000'],
    ],
    { created: 2, branches: 1 },
  ],
  [
    'one site, two towns: two branches',
    [
      ['Noël', 'noel.fr', '', '', '', 'Metz'],
      ['Noël', 'noel.fr', '', '', '', 'Nancy'],
    ],
    { created: 2, branches: 1 },
  ],
  [
    'one phone written in two ways',
    [
      ['Noël', 'noel.fr', '03 87 00 00 01'],
      ['Noël', 'noel.fr', '+33387000001'],
    ],
    { created: 1, duplicates: 1 },
  ],
  [
    'one address written in two ways',
    [
      ['Noël', 'noel.fr', '', '12, av. St-Jean', '57000', 'Metz'],
      ['Noël', 'noel.fr', '', '12 avenue Saint Jean', '57000', 'METZ Cedex'],
    ],
    { created: 1, duplicates: 1 },
  ],
  [
    'a row without phone is the company of that site',
    [
      ['Noël', 'noel.fr', '03 87 00 00 01'],
      ['Noël', 'noel.fr', ''],
    ],
    { created: 1, duplicates: 1 },
  ],
  [
    'what the second row completes tells the third apart',
    [
      ['Noël', 'noel.fr'],
      ['Noël', 'noel.fr', '', A, '57000'],
      ['Noël', 'noel.fr', '', '9 quai Sud', '57000'],
    ],
    { created: 2, duplicates: 1, branches: 1 },
  ],
  [
    'no site: name and address decide',
    [
      ['Noël', '', '', A, '57000'],
      ['NOEL', '', '', A, '57000'],
      ['Noël', '', '', A, '54000'],
    ],
    { created: 2, duplicates: 1 },
  ],
  [
    'no site, no address: the phone decides',
    [
      ['Noël', '', '03 87 00 00 01'],
      ['Noël', '', '03 87 00 00 02'],
    ],
    { created: 2 },
  ],
  [
    'social pages are no site',
    [
      ['A', 'https://facebook.com/a'],
      ['B', 'https://facebook.com/b'],
      ['A', 'https://www.facebook.com/a'],
    ],
    { created: 2, duplicates: 1 },
  ],
  [
    'IP hosts keep their port',
    [
      ['A', 'http://10.0.0.1:8001'],
      ['B', 'http://10.0.0.1:8002'],
      ['A', 'http://10.0.0.1:8001/x'],
    ],
    { created: 2, duplicates: 1 },
  ],
  [
    'a later row brings the site',
    [
      ['Noël', '', '', A, '57000'],
      ['Noël', 'noel.fr', '', A, '57000'],
      ['Autre', 'noel.fr', '', A, '57000'],
    ],
    { created: 1, duplicates: 2 },
  ],
  [
    'a name and an address on two sites are two companies',
    [
      ['Noël', 'a.fr', '', A, '57000'],
      ['Noël', 'b.fr', '', A, '57000'],
    ],
    { created: 2 },
  ],
  [
    'no name is rejected',
    [
      ['', 'noel.fr'],
      ['n/a', 'noel.fr'],
      ['#REF!', 'a.fr'],
      ['B', ''],
    ],
    { created: 1, rejected: 3 },
  ],
  [
    'blank lines do not count',
    [
      ['A', ''],
      ['', '', '', '', '', '', ''],
      ['B', ''],
    ],
    { created: 2 },
  ],
]

describe('rows are told apart', () => {
  test.each(cases)('%s', async (_, rows, expected) => {
    const wide = rows.map((row) => Array.from({ length: 7 }, (_, i) => row[i] ?? ''))
    const first = await importRows(db, wide)
    const { rows: count, ...counts } = first.counts
    expect(Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0))).toEqual(expected)
    expect(count).toBe(wide.filter((row) => row.some(Boolean)).length)
    expect(addsUp(first)).toBe(true)
    const again = await importRows(db, wide)
    expect(again.counts).toEqual({
      ...again.counts,
      rows: count,
      created: 0,
      updated: 0,
      branches: 0,
      rejected: counts.rejected,
    })
    expect(addsUp(again)).toBe(true)
  })
})
