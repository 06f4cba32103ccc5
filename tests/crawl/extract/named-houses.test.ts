import { describe, expect, test } from 'bun:test'
import { mergeFacts, type SiteFacts } from '#src/crawl/extract/merge-facts.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const CONTACT = '<p>Tél. 03 27 11 22 33</p>'

/** A site that gives a number on its contact page, and a page more. */
const siteOf = (host: string, path: string, body: string, contact = CONTACT): SiteFacts => {
  const factsOf = (at: string, html: string) =>
    parsedAt(`https://${host}${at}`, `<html lang="fr"><body>${html}</body></html>`, { siteHost: host }).facts
  return mergeFacts(
    [factsOf('/', '<h1>Bienvenue</h1>'), factsOf('/contact', contact), factsOf(path, body)],
    host,
  )
}

const whose = (host: string, path: string, body: string, contact?: string): string[] =>
  siteOf(host, path, body, contact)
    .phones.filter(({ value }) => value !== '+33327112233')
    .map(({ kind }) => kind ?? 'own')

const SITES: [host: string, path: string][] = [
  ['menuiserie-delattre.fr', '/services'],
  ['gite-les-tilleuls.fr', '/tarifs'],
  ['auto-ecole-feu-vert.fr', '/bureaux'],
  ['asso-lire.fr', '/bureau'],
]

describe('a number that stands once, after a name, on a page in passing, is the house’s', () => {
  test.each([
    '<p>Permanence du samedi : Kévin Delattre, 06 23 48 56 71</p>',
    '<p>Votre conseillère Jocelyne Van Den Bossche : 06 23 48 56 71</p>',
    '<p>Trésorier : Gwenvael Kerhervé, 06 23 48 56 71</p>',
    '<p>Tifenn Le Bihan : 06 23 48 56 71</p>',
    '<p>Présidente – Ysaline Vandenbroucke – 06 23 48 56 71</p>',
    '<p>Devis Express : 06 23 48 56 71</p>',
    '<p>Intervention Rapide : 06 23 48 56 71</p>',
    '<p>SOS Fuite 24h/24 : 06 23 48 56 71</p>',
    '<p>Fenêtres Velux, portes Bel’M, volets Bubendorff : renseignements au 03 20 34 56 78</p>',
    '<p>Peugeot 208, Renault Clio, Citroën C3 : 03 20 34 56 78</p>',
    '<p>Droit du Travail, Droit de la Famille : 03 20 34 56 78</p>',
    '<p>Saint-Amand, Raismes, Vicoigne, Petite-Forêt : 03 20 34 56 78</p>',
    '<p>Pour Noël, réservez votre Bûche Royale au 03 20 34 56 78</p>',
    '<p>Galette des Rois : commandez avant le 4 janvier au 03 20 34 56 78</p>',
    '<p>Gîte Les Hirondelles (6 personnes) : réservation au 03 20 34 56 78</p>',
    '<p>Chambre Paul et Virginie : 03 20 34 56 78</p>',
    '<p>Showroom Lille Flandres, 3 rue Faidherbe, 59000 Lille – 03 20 34 56 78</p>',
    '<p>Valenciennes Centre : 12 place d’Armes, 59300 Valenciennes – 03 20 34 56 78</p>',
    '<h3>Bureau de Raismes</h3><p>12 Grand Place, 59590 Raismes</p><p>03 20 34 56 78</p>',
    '<p>Imagerie Médicale : 03 20 34 56 78</p>',
    '<p>SDI: M5UXCR1 — fax 03 20 34 56 78</p>',
    '<p>Stage de Pâques avec Maître Hiroshi Tanaka. Inscriptions : 06 23 48 56 71</p>',
  ])('%s', (body) => {
    for (const [host, path] of SITES) expect(whose(host, path, body)).toEqual(['own'])
  })
})

describe('a number after the name of a house unlike the site’s is another’s', () => {
  test.each([
    '<p>Pour la peinture, voyez avec Couleurs du Hainaut, 03 20 34 56 78.</p>',
    '<p>Aides : Soliha Valenciennes, 03 20 34 56 78.</p>',
    '<p>Gros œuvre : Bâti Escaut (03 20 34 56 78), charpente : nous.</p>',
    '<ul><li>Biocoop Le Fenouil, 18 bd Anatole France, 72000 Le Mans – 03 20 34 56 78</li></ul>',
    '<ul><li>Clinique Atlantia, 22 rue René Viviani, 44200 Nantes – 03 20 34 56 78 – urgences@atlantia.fr</li></ul>',
    '<p>En cas d’indisponibilité, mon collègue Taxi Roy (Cerizay) : 06 23 48 56 71</p>',
    '<p>Filiale du groupe, comme nos sœurs MECAPLAST SUD (03 20 34 56 78).</p>',
    '<p>Recovery 24/7 with Western Tow: 03 20 34 56 78</p>',
    '<p>LADO: Karen Lewsey, 03 20 34 56 78</p>',
    '<p>Médiathèque Simone Veil, place Verte, 59300 Valenciennes. Tél. 03 20 34 56 78</p>',
    '<table><tr><td>14/03</td><td>Théâtre du Rempart, 7 place Henry, 21140 Semur</td><td>Réservations 03 20 34 56 78</td></tr></table>',
  ])('%s', (body) => {
    for (const [host, path] of SITES) expect(whose(host, path, body)).toEqual(['thirdparty'])
  })

  test('where a house gives its own contacts it takes a word that leads up to the name', () => {
    const told =
      '<p>Tél. 03 27 11 22 33</p><p>Transporteur habituel : Géodis Oyonnax, 03 20 34 56 78, quai 4.</p>'
    const bare =
      '<p>Tél. 03 27 11 22 33</p><p>Ateliers Réunis, 3 rue Verte, 59300 Valenciennes – 03 20 34 56 78</p>'
    expect(whose('menuiserie-delattre.fr', '/services', '', told)).toEqual(['thirdparty'])
    expect(whose('menuiserie-delattre.fr', '/services', '', bare)).toEqual(['own'])
  })
})

describe('what the whole site says decides in doubt', () => {
  const named = '<p>Pour la peinture, voyez avec Couleurs du Hainaut, 03 20 34 56 78.</p>'

  test('another page gives the number as the house’s', () => {
    const contact = '<p>Tél. 03 27 11 22 33 ou 03 20 34 56 78</p>'
    expect(whose('menuiserie-delattre.fr', '/services', named, contact)).toEqual(['own'])
  })

  test('the number is in a row with one of the house’s', () => {
    const contact = '<p>Tél. 03 20 34 56 70</p>'
    expect(whose('menuiserie-delattre.fr', '/services', named, contact)).toEqual(['own', 'own'])
  })

  test('the house would have no number without it', () => {
    expect(whose('menuiserie-delattre.fr', '/services', named, '<p>Écrivez-nous.</p>')).toEqual(['own'])
  })
})

describe('addresses', () => {
  const own = '<p>3 rue Verte, 59300 Valenciennes</p>'
  const streets = (body: string, contact = own): (string | null)[] =>
    siteOf('agence-delattre.fr', '/annonces', body, contact).addresses.map(({ street }) => street)

  test.each([
    '<ul><li>Clinique Atlantia, 22 rue René Viviani, 44200 Nantes</li></ul>',
    '<ul><li>Biocoop Le Fenouil, 18 bd Anatole France, 72000 Le Mans</li></ul>',
    '<p>Réf. 1207 – 285 000 € (honoraires inclus). 7 rue Carnot, 89500 Villeneuve-sur-Yonne.</p>',
  ])('%s is not where the house is', (body) => {
    expect(streets(body)).toEqual(['3 rue Verte'])
  })

  test.each([
    '<p>Agence de Nantes : 22 rue René Viviani, 44200 Nantes</p>',
    '<h3>Bureau de Raismes</h3><p>12 rue Carnot, 59590 Raismes</p>',
    '<p>SARL au capital de 10 000 €, 12 rue Carnot, 59590 Raismes</p>',
  ])('%s is where the house is, too', (body) => {
    expect(streets(body)).toHaveLength(2)
  })

  test('the only address of a site is its own whoever is named before it', () => {
    expect(streets('<p>Clinique Atlantia, 22 rue René Viviani, 44200 Nantes</p>', '')).toEqual([
      '22 rue René Viviani',
    ])
  })
})

describe('lists, events and mailboxes of others', () => {
  test('an entry that names a public service does not end the list of useful numbers', () => {
    const list =
      '<h2>Numéros utiles</h2><ul><li>SAMU : 15</li><li>Garde (réseau X) : 05 56 79 02 11</li><li>Infirmières : Cathy Lamarque, 06 07 33 18 20</li></ul>'
    expect(whose('kine-des-gaves.fr', '/infos', list)).toEqual(['thirdparty', 'thirdparty'])
  })

  test('the place of an event in the data of a page is not the house’s, that of the house itself is', () => {
    const place =
      '"telephone":"+33 3 20 34 56 78","address":{"streetAddress":"9 rue de Nimy","postalCode":"59000","addressLocality":"Lille"}'
    const event = `<script type="application/ld+json">{"@type":"MusicEvent","location":{"@type":"Place",${place}}}</script>`
    const house = `<script type="application/ld+json">{"@type":"Store",${place}}</script>`
    expect(whose('fanfare-delattre.fr', '/agenda', event)).toEqual([])
    expect(siteOf('fanfare-delattre.fr', '/agenda', event).addresses).toEqual([])
    expect(whose('fanfare-delattre.fr', '/agenda', house)).toEqual(['own'])
  })

  test('digits of a number that ran into an address are not of it', () => {
    const emails = siteOf(
      'agence-delattre.fr',
      '/equipe',
      '<p><b>06 40 22 87 19</b><i>maelle.tanguy@agence-delattre.fr</i></p>',
    ).emails
    expect(emails.map(({ value }) => value)).toEqual(['maelle.tanguy@agence-delattre.fr'])
    const kept = siteOf(
      'agence-delattre.fr',
      '/equipe',
      '<p>12 rue Verte – 59maelle@agence-delattre.fr</p>',
    ).emails
    expect(kept.map(({ value }) => value)).toEqual(['59maelle@agence-delattre.fr'])
  })

  test('a mailbox that bears the site’s name is the house’s beside the host of the site', () => {
    const notice = '<footer><p>Nina Ferrand, SIRET 1. Hébergeur OVH. nina.coiffure03@gmail.com</p></footer>'
    const other = '<footer><p>Nina Ferrand, SIRET 1. Hébergeur OVH. paul.web@gmail.com</p></footer>'
    const kindsOf = (html: string) =>
      siteOf('atelier-nina-coiffure.fr', '/tarifs', html).emails.map(({ kind }) => kind)
    expect(kindsOf(notice)).not.toContain('thirdparty')
    expect(kindsOf(other)).toEqual(['thirdparty'])
  })
})

describe('who bears the site’s name', () => {
  const people = (host: string, body: string): string[] =>
    siteOf(host, '/equipe', body).people.map(({ name }) => name)

  test('the site itself and its companies are no people', () => {
    const body =
      '<h1>Équipe</h1><h3>Cornouaille Habitat</h3><p>Tél. 02 98 95 63 10</p><p>Geschäftsführerin: Reinholt Verwaltungs-GmbH</p>'
    expect(people('agence-cornouaille-habitat.fr', body)).toEqual([])
  })

  test('who gave the site a name is one of its people', () => {
    expect(
      people('nina-ferrand.fr', '<h1>Équipe</h1><h3>Nina Ferrand</h3><p>Tél. 02 98 95 63 10</p>'),
    ).toEqual(['Nina Ferrand'])
    expect(people('wacziarg-kerdrel.fr', '<p>Le gérant : M. Wacziarg Kerdrel</p>')).toEqual([
      'Wacziarg Kerdrel',
    ])
  })
})
