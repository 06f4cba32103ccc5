import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const phonesAt = (host: string, html: string): string[] =>
  parsedAt(
    `https://${host}/produits`,
    `<!doctype html><html><body><main>${html}</main></body></html>`,
  ).facts.phones.map(({ value }) => value)

const FRENCH = 'www.pompes-meunier.fr'
const SWISS = 'www.aeschlimann-werkzeuge.ch'
const BELGIAN = 'www.vandamme-onderdelen.be'
const ITALIAN = 'www.officine-bertolotti.it'

const counted = (rows: number, row: (at: number) => string): string =>
  Array.from({ length: rows }, (_, at) => row(at)).join('')
const two = (at: number): string => String(at).padStart(2, '0')

test.each<[string, string, string]>([
  [
    'codes of articles counting up, without heads',
    FRENCH,
    `<table>${counted(6, (at) => `<tr><td>PC-${at}</td><td>Ø${20 + at} mm</td><td>03816182${two(at)}</td></tr>`)}</table>`,
  ],
  [
    'a column of references, one row',
    FRENCH,
    '<table><tr><th>Produit</th><th>Réf.</th><th>Prix</th></tr><tr><td>Joint</td><td>03 81 61 82 10</td><td>4,90</td></tr></table>',
  ],
  [
    'heads that are cells',
    FRENCH,
    '<table><tr><td>Désignation</td><td>Code article</td></tr><tr><td>Joint</td><td>03 81 61 82 10</td></tr><tr><td>Vis</td><td>04 22 61 82 10</td></tr></table>',
  ],
  [
    'a list of prices in pairs',
    FRENCH,
    `<ul>${counted(5, (at) => `<li>Clapet C${at} – 03 81 61 83 ${two(at)} – ${at + 4},90 €</li>`)}</ul>`,
  ],
  [
    'options of a form',
    FRENCH,
    `<select>${counted(5, (at) => `<option>03816184${two(at)}</option>`)}</select>`,
  ],
  [
    'a product feed',
    FRENCH,
    `<script type="application/json">{"products":[${counted(5, (at) => `{"sku":"03816185${two(at)}","price":4},`)}{}]}</script>`,
  ],
  [
    'Art.-Nr. in a table of prices',
    SWISS,
    `<table><tr><th>Artikel</th><th>Art.-Nr.</th><th>CHF</th></tr>${counted(5, (at) => `<tr><td>Bohrer B${at}</td><td>032 34${at} 19 6${at}</td><td>9${at}.50</td></tr>`)}</table>`,
  ],
  ['Bestellnummer', SWISS, '<p>Spannfutter, Bestellnummer: 032 345 19 60</p>'],
  [
    'Artikelnummer of Belgian parts',
    BELGIAN,
    '<table><tr><th>Onderdeel</th><th>Artikelnummer</th></tr><tr><td>Filter</td><td>063 22 33 44</td></tr></table>',
  ],
  [
    'codice articolo',
    ITALIAN,
    '<table><tr><th>Codice</th><th>Descrizione</th></tr><tr><td>0173 50 12 34</td><td>Pompa</td></tr></table>',
  ],
])('no phones: %s', (_, host, html) => expect(phonesAt(host, html)).toEqual([]))

const EXTENSIONS = ['+33381618210', '+33381618211', '+33381618212', '+33381618213']

test.each<[string, string, string[]]>([
  [
    'offices that count up',
    '<table><tr><td>Accueil</td><td>+33 3 81 61 82 10</td></tr><tr><td>Comptabilité</td><td>+33 3 81 61 82 11</td></tr><tr><td>SAV</td><td>+33 3 81 61 82 12</td></tr><tr><td>Atelier</td><td>+33 3 81 61 82 13</td></tr></table>',
    EXTENSIONS,
  ],
  [
    'people that count up, digits unspaced',
    '<ul><li>Pierre Maillot 0381618210</li><li>Sophie Grandjean 0381618211</li><li>Hélène Faivre 0381618212</li><li>Marc Tissot 0381618213</li></ul>',
    EXTENSIONS,
  ],
  [
    'under a heading of phones',
    `<h2>Lignes directes</h2><ul>${counted(4, (at) => `<li>B${at} : 038161821${at}</li>`)}</ul>`,
    EXTENSIONS,
  ],
  [
    'each after its word',
    `<ul>${counted(4, (at) => `<li>P${at} Tél. 03 81 61 82 1${at}</li>`)}</ul>`,
    EXTENSIONS,
  ],
  [
    'a column of phones beside one of references',
    '<table><tr><th>Réf.</th><th>Magasin</th><th>Téléphone</th></tr><tr><td>A12</td><td>Dole</td><td>03 81 61 82 10</td></tr></table>',
    ['+33381618210'],
  ],
  [
    'the linked one among references',
    `<p><a href="tel:0381618201">03 81 61 82 01</a></p><table>${counted(5, (at) => `<tr><td>V${at}</td><td>03816182${two(at)}</td></tr>`)}</table>`,
    ['+33381618201'],
  ],
  [
    'the labelled one among references',
    `<table>${counted(5, (at) => `<tr><td>V${at}</td><td>03816182${two(at)}</td></tr>`)}</table><p>Téléphone : 03 81 61 82 50</p>`,
    ['+33381618250'],
  ],
  ['three in a row', '<p>03 81 61 82 10<br>03 81 61 82 11<br>03 81 61 82 12</p>', EXTENSIONS.slice(0, 3)],
  [
    'four in a row, in pairs, nothing else',
    '<p>03 81 61 82 10<br>03 81 61 82 11<br>03 81 61 82 12<br>03 81 61 82 13</p>',
    EXTENSIONS,
  ],
])('phones: %s', (_, html, expected) => expect(phonesAt(FRENCH, html)).toEqual(expected))
