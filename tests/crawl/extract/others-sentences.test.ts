import { expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (path: string, html: string): PageFacts =>
  parsedAt(`https://maison-klein.fr${path}`, `<!doctype html><html><body><main>${html}</main></body></html>`)
    .facts

const ofOthers = (path: string, html: string) => {
  const { emails, phones, addresses, companyIds } = factsOf(path, html)
  return {
    emails: emails.filter(({ kind }) => kind !== 'thirdparty' && kind !== 'agency').map(({ value }) => value),
    phones: phones.filter(({ kind }) => !kind).map(({ value }) => value),
    addresses: addresses.map(({ city }) => city),
    companyIds: companyIds.map(({ value }) => value),
  }
}
const NOTHING = { emails: [], phones: [], addresses: [], companyIds: [] }

test.each([
  [
    '/atelier',
    '<p>Pièces détachées : contactez M. Marc Fischer, Outils Weber, 12 rue du Port, 57000 Metz, 03 87 11 22 04 (pieces@outils-weber.de).</p>',
  ],
  ['/emploi', '<p>Renseignements : GEIQ 54, Anne Schmitt, 03 87 11 22 04, geiq54@geiq-lorraine.org.</p>'],
  [
    '/where-to-buy.html',
    '<p>Belgium: Wijnhuis De Smet, Pieter De Smet, +32 9 225 31 70, pieter@wijnhuisdesmet.be</p>',
  ],
  ['/partenaires', '<ul><li>Garage Weber, 12 rue du Port, 57000 Metz – 03 87 11 22 04</li></ul>'],
  [
    '/impressum',
    '<p>Zuständige Kammer: Steuerberaterkammer Saarland, Am Kieselhumes 15, 66123 Saarbrücken, Telefon 03 87 11 22 04</p>',
  ],
  ['/mentions', '<p>Franchiseur : Klein France SAS, RCS Nanterre 552 100 554, 03 87 11 22 04.</p>'],
  ['/tarifs', '<p>Ou par la centrale : Gîtes de France, 12 rue du Port, 57000 Metz, 03 87 11 22 04.</p>'],
  ['/agenda', '<p>Co-accueil avec le Théâtre du Port, 12 rue du Port, 57000 Metz, 03 87 11 22 04</p>'],
  ['/equipe', '<p>Référente : Dr Anne Weber, PMI de la Moselle, 03 87 11 22 04</p>'],
  ['/mentions-legales', '<p>Charte graphique et logo : Atelier Bleu, 03 87 11 22 04, a@atelierbleu.com</p>'],
  ['/contact', '<p>Location de salle : s’adresser à la mairie, 03 87 11 22 04</p>'],
  ['/', '<p>CV à l’agence (Randstad Metz, 03 87 11 22 04) </p>'],
  ['/contact', '<p>Écrire à anne point weber arobase maison tiret klein point fr</p>'],
  ['/', '<p>Call us: +1 234 567 8900</p>'],
  [
    '/mentions-legales',
    '<p>SARL Klein. Identité graphique : Studio Vert (Mona Weber, mona@studiovert.net, 03 87 11 22 04).</p>',
  ],
  [
    '/impressum',
    '<p>Klein AG, Metz, seit Jahren im Holzbau zu Hause und stolz darauf. Konzept &amp; Code: Nord GmbH, hoi@nord-web.ch, 03 87 11 22 04.</p>',
  ],
  ['/contact', '<p>Gérant : Paul Klein. Site : Lorraine Com, lorrainecom@orange.fr</p>'],
  ['/histoire', '<p>Nos meuniers : Moulin Weber, M. Weber, 57000 Metz, 03 87 11 22 04.</p>'],
  [
    '/mariages',
    '<p>Mes prestataires préférés : fleurs – Atelier Rose (Anne Weber, 03 87 11 22 04), traiteur Maison Bleue – contact@maisonbleue.com</p>',
  ],
  [
    '/',
    '<p>Ils travaillent ici : Anne Weber (naturopathe, 03 87 11 22 04), Studio Vert (a@studiovert.fr).</p>',
  ],
  ['/about', '<p>Our growers: Weber Farm, 03 87 11 22 04, anne@weberfarm.co.uk</p>'],
  ['/salles', '<p>Ménage : Lorraine Net, 03 87 11 22 04, M. Weber</p>'],
  ['/contatti', '<p>Trasporti a cura di Autotrasporti Weber, tel. 03 87 11 22 04.</p>'],
  [
    '/contact',
    '<p>Maltraitance : ARS Grand Est, 12 rue du Port, 57000 Metz, ars@ars.sante.fr, 03 87 11 22 04.</p>',
  ],
  [
    '/privacy',
    '<p>You may complain to the Information Commissioner’s Office, Water Lane, Wilmslow, 03 87 11 22 04.</p>',
  ],
  ['/livre-d-or', '<p>1. Anne Weber</p><p>Au top ! 03 87 11 22 04 anne.weber@gmail.com</p>'],
  ['/gaestebuch.html', '<p>Super! anne.weber@gmail.com, 03 87 11 22 04</p>'],
  ['/agence', '<h2>Bureaux d’études</h2><p>Fluides : Weber Ing. 03 87 11 22 04</p>'],
  ['/salles', '<p>wifi hangar / 0387112204</p>'],
])('on %s nothing is the company’s of %s', (path, html) => expect(ofOthers(path, html)).toEqual(NOTHING))

test.each([
  ['/atelier', '<p>Notre fournisseur : info@weber.de. Atelier : 03 87 11 22 04.</p>'],
  ['/atelier', '<p>Bureau 03 87 11 22 04 · Fournisseur : info@weber.de</p>'],
  ['/partner', '<h2>Anne Weber</h2><p>03 87 11 22 04</p>'],
  ['/distributeurs', '<p>Devenir distributeur : 03 87 11 22 04 ou export@maison-klein.fr</p>'],
  ['/tarifs', '<p>Centrale de réservation : 03 87 11 22 04, resa@maison-klein.fr</p>'],
  ['/agences', '<p>Metz : 03 87 11 22 04, metz@klein-immobilier.fr</p>'],
  ['/equipe', '<p>Commissaire aux comptes</p><p>03 87 11 22 04</p>'],
  [
    '/mentions-legales',
    '<h2>Médiation</h2><p>CM2C</p><p>14 rue Saint-Jean, 75017 Paris</p><p>01 89 47 00 14</p><p>cm2c@cm2c.net</p><h2>Contact</h2><p>03 87 11 22 04</p>',
  ],
  ['/', '<p>Nos producteurs : Ferme Weber, Moulin Bleu. Pour commander : 03 87 11 22 04</p>'],
  ['/', '<p>Nos conseillers : Anne Weber, 03 87 11 22 04</p>'],
  ['/services', '<p>Entretien : 03 87 11 22 04</p>'],
  ['/contact', '<p>Devis au O3 87 11 22 04</p>'],
  ['/ou-nous-trouver', '<p>Au marché de Metz le samedi. 03 87 11 22 04</p>'],
  ['/equipe', '<h3>Anne Weber</h3><p>Expert-comptable</p><p>03 87 11 22 04</p>'],
])('on %s the number is the company’s of %s', (path, html) =>
  expect(ofOthers(path, html).phones).toEqual(['+33387112204']),
)

test('numbers behind a button and with long dashes, addresses in the data of a component, a mail domain that a team shares', () => {
  const { phones } = factsOf(
    '/equipe',
    '<p data-tel="MDMgODcgMTEgMjIgMDQ=">Voir le numéro</p><p>Régie : 06—18—40—77—29</p>',
  )
  expect(phones.map(({ value }) => value)).toEqual(['+33387112204', '+33618407729'])
  const { emails } = factsOf(
    '/equipe',
    `<button data-contact='{"mail":"YW5uZS53ZWJlckBncm91cGUtd2ViZXIuZnI="}'>Contacter</button><p>Accueil : info@groupe-weber.fr</p><p>Devis : devis@groupe-weber.fr</p>`,
  )
  expect(emails.map(({ value, kind }) => `${value} ${kind}`).toSorted()).toEqual([
    'anne.weber@groupe-weber.fr person',
    'devis@groupe-weber.fr role',
    'info@groupe-weber.fr role',
  ])
})
