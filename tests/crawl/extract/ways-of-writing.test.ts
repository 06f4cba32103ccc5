// Ways of writing addresses, hosts, hours and days of posts that sites of other builders use; every row is made up.
import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (url: string, body: string, head = '') =>
  parsedAt(url, `<!doctype html><html><head>${head}</head><body>${body}</body></html>`, {
    today: '2026-01-01',
  }).facts

test.each([
  [
    'https://maison-klein.fr/contact',
    '<p>14 r. Porte-de-Metz</p><p>57100 Thionville</p>',
    '14 r. Porte-de-Metz',
  ],
  ['https://maison-klein.fr/agences', '<p>Lotissement Agropole, 47310 Estillac</p>', 'Lotissement Agropole'],
  [
    'https://maison-klein.fr/mentions-legales',
    '<p>Siège : 2 place de la Mairie (BP 7), 76340 Blangy-sur-Bresle</p>',
    '2 place de la Mairie',
  ],
  [
    'https://bodega-klein.es/contacto',
    '<p>Ctra. de Logroño, km 3,2 · 01300 Laguardia</p>',
    'Ctra. de Logroño, km 3,2',
  ],
  ['https://maison-klein.fr/', '<p>Mon studio : 3, rue Bourgneuf – BAYONNE (64100).</p>', '3, rue Bourgneuf'],
  [
    'https://maison-klein.fr/',
    '<p>Venez nous voir au 11 bis rue du Général Leclerc à Mutzig (67190).</p>',
    '11 bis rue du Général Leclerc',
  ],
  [
    'https://klein-vets.co.uk/',
    '<p>Registered office: The Old Dairy, Thirsk Road, Northallerton, North Yorkshire, DL6 2QX.</p>',
    'The Old Dairy, Thirsk Road',
  ],
])('on %s the street of %s', (url, body, street) =>
  expect(factsOf(url, body).addresses.map((address) => address.street)).toEqual([street]),
)

test.each([
  [
    'https://kanzlei-klein.de/impressum',
    '<p>Umsetzung: Studio Blau. Hosting: Mittwald CM Service</p>',
    'host',
    ['Mittwald CM Service'],
  ],
  [
    'https://klein-chauffage.be/',
    '<footer><p>Klein Chauffage SRL · Rue Haute 4 · 4280 Hannut · 019/51.84.37 · info@klein-chauffage.be</p></footer>',
    'legalForm',
    ['SRL'],
  ],
  [
    'https://fromagerie-klein.ch/contact',
    '<p>Lu-ve 07h30-12h00 et 16h30-18h30, sa 07h30-12h00</p>',
    'openingHours',
    ['Mo-Fr 07:30-12:00 16:30-18:30', 'Sa 07:30-12:00'],
  ],
  [
    'https://kanzlei-klein.de/',
    '<p>Für Sie da. Bürozeiten: Mo–Do 8:00–17:00 Uhr, Fr 8:00–13:00 Uhr.</p>',
    'openingHours',
    ['Mo-Th 08:00-17:00', 'Fr 08:00-13:00'],
  ],
])('on %s %s tells the %s', (url, body, kind, values) =>
  expect(
    factsOf(url, body)
      .profile.filter((hint) => hint.kind === kind)
      .map(({ value }) => value),
  ).toEqual(values),
)

test('a partner’s town with its postcode is no address of the house', () =>
  expect(
    factsOf('https://maison-klein.fr/', '<p>Notre partenaire : Weber, 3 rue du Port à Metz (57000).</p>')
      .addresses,
  ).toEqual([]))

test.each([
  [`<div x-data="{open:false, mail:'salut'+'@'+'maison-klein.fr'}"></div>`, 'salut@maison-klein.fr'],
  ['<span data-n="anne" data-h="maison-klein" data-t="fr"></span>', 'anne@maison-klein.fr'],
  ['<a data-who="info" data-a="maison-klein" data-z=".fr">…</a>', 'info@maison-klein.fr'],
])('%s holds an address', (body, address) =>
  expect(factsOf('https://maison-klein.fr/', body).emails.map(({ value }) => value)).toEqual([address]),
)

test('hours before their days are read past an address that ends in .fr', () =>
  expect(
    factsOf(
      'https://maison-klein.fr/salles',
      '<p>Réservations : resa@maison-klein.fr (Anne). Ouvert 8h30-19h du lundi au vendredi.</p>',
    )
      .profile.filter(({ kind }) => kind === 'openingHours')
      .map(({ value }) => value),
  ).toEqual(['Mo-Fr 08:30-19:00']))

test.each([
  ['<a href="/honoraires-mentions">Honoraires &amp; mentions</a>', 'legal_notice'],
  ['<p>Nous engageons ! CV à jobs@maison-klein.fr</p>', 'jobs'],
  ['<h2 class="date-header">mardi 18 juin 2024</h2><h3>La récolte</h3>', 'last_post'],
])('%s shows %s', (body, name) =>
  expect(factsOf('https://maison-klein.fr/', body).features.map((feature) => String(feature.name))).toContain(
    name,
  ),
)

test('a byline with a day is a post on a page of advice', () =>
  expect(
    factsOf(
      'https://maison-klein.fr/conseils/bois',
      '<p>Par Anne Weber, menuisière, le 12/03/2024</p>',
    ).features.find(({ name }) => name === 'last_post')?.value,
  ).toBe('2024-03-12'))

test('Axeptio and Google Sites are known by where their scripts come from', () =>
  expect(
    factsOf(
      'https://maison-klein.fr/',
      '',
      '<script src="https://cdn.axept.io/sdk-slim.js"></script><link rel="stylesheet" href="https://www.gstatic.com/_/atari/_/ss/k=atari.vw.K3cP">',
    )
      .technologies.map(({ name }) => name)
      .toSorted(),
  ).toEqual(['Axeptio', 'Google Sites']))
