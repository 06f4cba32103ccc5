import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (body: string, host: string) =>
  parsedAt(`https://${host}/contact`, `<!doctype html><html><body>${body}</body></html>`).facts

test.each([
  ['www.joinery.co.uk', 'Call 01904 627318', '+441904627318'],
  ['pourvoirie.ca', 'T: (819) 523-7714', '+18195237714'],
  ['imprimerie.ca', 'Cell. : 581.306.4417', '+15813064417'],
  ['can-ferrer.es', 'Tel. 972 25 61 38', '+34972256138'],
  ['trattoria.it', 'Tel. 055 234 5678', '+390552345678'],
  ['bakkerij.nl', '020 123 4567', '+31201234567'],
  ['yachts.mc', 'Tél. 93 30 12 12', '+37793301212'],
  ['brouwerij.be', 'GSM : 0478/38.12.46', '+32478381246'],
  ['tischlerei.de', 'Telefon: 0 51 51 / 94 27 - 0', '+49515194270'],
  ['tischlerei.de', 'Fon (05151) 94 27 11', '+495151942711'],
  ['tischlerei.de', '05151 / 94 27 12', '+495151942712'],
  ['maison-klein.fr', 'Annaïg : 06.77/41.02.96', '+33677410296'],
  ['maison-klein.fr', '0-6-7-7-4-1-0-2-9-6', '+33677410296'],
  ['maison-klein.fr', '+33 [0]3 87 11 22 33', '+33387112233'],
])('on %s, %s is a number', (host, text, number) => {
  expect(factsOf(`<p>${text}</p>`, host).phones.map(({ value }) => value)).toEqual([number])
})

test.each([
  'Numéro CAF : 0478290611',
  'Annonce n° 0321-2024-17',
  'Zeiss : 0612 1006 00 mm',
  'R.M. 334 762 101 88',
  'Réf. client C-0387654321',
  'Dosage 02 04 06 08 10',
])('%s is no number to call', (text) => {
  expect(factsOf(`<p>${text}</p>`, 'maison-klein.fr').phones).toEqual([])
})

test.each([
  ['schreinerei.de', 'Hafenstraße 19<br>77694 Kehl', 'Hafenstraße 19|77694|Kehl'],
  ['lumiere.be', 'Chaussée de Dinant 184, 5000 Namur', 'Chaussée de Dinant 184|5000|Namur'],
  ['physio.ch', 'Avenue de la Gare 9, 1800 Vevey', 'Avenue de la Gare 9|1800|Vevey'],
  ['can-ferrer.es', 'Carrer de la Platja, 7<br>17480 Roses', 'Carrer de la Platja, 7|17480|Roses'],
  ['solicitors.co.uk', 'Office: 14 Micklegate, York YO1 6JX', '14 Micklegate|YO1 6JX|York'],
  [
    'imprimerie.ca',
    '1871, boulevard Talbot, bureau 204<br>Chicoutimi (Québec) G7H 4C1',
    '1871, boulevard Talbot|G7H 4C1|Chicoutimi',
  ],
  ['fiduciaire.ch', 'Rue du Lac 19<br>Case postale 1042<br>CH-1401 Yverdon', 'Rue du Lac 19|1401|Yverdon'],
  ['weingut.at', 'Wiener Straße 64, 3100 St. Pölten', 'Wiener Straße 64|3100|St. Pölten'],
  ['plongee.gp', 'Plage de Malendure, 97125 Bouillante', 'Plage de Malendure|97125|Bouillante'],
])('on %s, %s is an address', (host, html, address) => {
  const found = factsOf(`<p>${html}</p>`, host).addresses
  expect(found.map(({ street, postalCode, city }) => [street, postalCode, city].join('|'))).toEqual([address])
})

test.each([
  ['fiduciaire.ch', 'IDE CHE-107.832.456 TVA', ['CHE107832456']],
  ['weingut.at', 'UID: ATU67418234', ['ATU67418234']],
  ['guesthouse.ie', 'VAT IE3284716K', ['IE3284716K']],
  ['fiduciaire.ch', 'IDE CHE-107.832.456', []],
  ['fiduciaire.ch', 'IDE CHE-107.832.457 TVA', []],
])('on %s, %s says what number pays value added tax', (host, text, ids) => {
  expect(factsOf(`<p>${text}</p>`, host).companyIds.map(({ value }) => value)).toEqual(ids)
})
