// Numbers and mailboxes of houses that a page names in passing, told by how they are named; every row is made up.
import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'

const TITLES: Record<string, string> = {
  'www.maison-klein.fr': 'Maison Klein, menuiserie à Metz',
  'hotel-bellerive.com': 'Hôtel Bellerive – Annecy',
  'garage-moulin.fr': 'Garage Moulin',
  'veto-des-halles.fr': 'Clinique vétérinaire des Halles',
  'tischlerei-lang.de': 'Tischlerei Lang',
  'harbour-inn.ie': 'Harbour Inn',
}
const factsOf = (body: string, path = '/contact', host = 'www.maison-klein.fr'): PageFacts =>
  parsedAt(
    `https://${host}${path}`,
    `<!doctype html><html><head><title>${TITLES[host]}</title></head><body>${body}</body></html>`,
    { today: '2026-11-22' },
  ).facts

const ownOf = (facts: PageFacts): string[] => [
  ...facts.phones.filter(({ kind }) => !kind).map(({ value }) => value),
  ...facts.emails.filter(({ kind }) => kind === 'role' || kind === 'person').map(({ value }) => value),
  ...facts.addresses.map(({ city }) => city ?? ''),
]

test.each([
  "<p>En cas d'absence : Dr Weber, 12 rue Haute, 57000 Metz, 03 87 11 22 33</p>",
  '<p>Pendant mes congés, contactez le cabinet Roth au 03 87 11 22 33</p>',
  '<p>En dehors de nos horaires, les urgences sont assurées par la clinique des Prés : 03 87 11 22 33</p>',
  '<p>Les gardes sont assurées par le CHV Lorraine au 03 87 11 22 33</p>',
  '<p>Chambres d’hôtes : Le Mas de Mme Peyre, 03 87 11 22 33</p>',
  '<p>Chambres d’hôtes à proximité : Les Glycines, 03 87 11 22 33</p>',
  '<p>Gästezimmer: Pension Huber, +49 6834 123 45</p>',
  '<p>Kerry Airport: +353 66 976 4644</p>',
  '<p>Suivi Chronopost : 09 69 39 13 91</p>',
  '<p>Identification perdue ? I-CAD : 0 810 778 778</p>',
  '<p>Barreau de Metz : 1 rue de la Haye, 57000 Metz, 03 87 11 22 33</p>',
  '<p>Mitglied der Handwerkskammer, Wiener Straße 64, 3100 Linz, office@hwk-linz.at, +43 732 12 34 56</p>',
  '<p>Conception, hébergement et référencement : TOILEO, 18 rue Haute 75008 Paris, info@toileo.com, 01 80 11 22 33.</p>',
  '<section><h2>3 réflexions sur « Tiques »</h2><p>Mon mail : paul.weber39@gmail.com</p></section>',
  '<p>Julie Castel, comportementaliste invitée</p><p>Julie Castel reçoit à domicile : 06 43 70 11 22, julie.castel@gmail.com</p>',
])('%s is another’s', (html) => {
  const facts = factsOf(html)
  expect(facts.phones.length + facts.emails.length).toBeGreaterThan(0)
  expect(ownOf(facts)).toEqual([])
  expect(facts.people).toEqual([])
})

test('a card whose heading names the house that it links to has the contacts of that house', () => {
  const facts = factsOf(
    `<h3>Hôtel du Lac</h3><p>12 rue du Port, 57100 Thionville</p><p>03 87 11 22 33</p>
     <p><a href="https://www.hoteldulac.fr">Site</a></p>
     <h3>Cabane Bleue</h3><p>info@cabane-bleue.fr</p><p>Tél. 03 87 11 22 34</p>
     <h3>Atelier</h3><p>03 87 11 22 35</p><p><a href="https://www.bois-et-scies.com/">Nos scies</a></p>`,
    '/sejour',
  )
  expect(ownOf(facts)).toEqual(['+33387112235'])
})

test.each([
  "<p>En cas d'absence, laissez un message au 03 87 11 22 33</p>",
  "<p>En cas d'absence du Dr Weber, laissez un message au 03 87 11 22 33</p>",
  "<p>En dehors des heures d'ouverture : Marie au 06 70 11 22 33</p>",
  '<p>En dehors de nos horaires : Dr Klein, 03 87 11 22 33</p>',
  '<p>Magasin : Maison Klein, 03 87 11 22 33</p>',
  '<p>Éditeur : Boulangerie Dupont, 12 rue Haute, 03 87 11 22 33</p>',
  '<p>Restaurant : La Table du Lac, 03 87 11 22 33</p>',
  '<p>SAV : Pierre Dupont, 03 87 11 22 33</p>',
  '<h3>Agence de Nancy</h3><p>12 rue Haute</p><p>03 87 11 22 33</p>',
  '<p>Une urgence ? 03 87 11 22 33</p>',
  '<p>Conception, fabrication et pose : 03 87 11 22 33</p>',
  '<p>Vous êtes invités à nous appeler. Jean Klein, gérant : 03 87 11 22 33</p>',
  '<p>Membre de la Chambre de métiers – 03 87 11 22 33</p>',
])('%s is the company’s', (html) => {
  expect(ownOf(factsOf(html)).filter((value) => value.startsWith('+'))).toHaveLength(1)
})

test.each([
  ['hotel-bellerive.com', '/sejour', '<p>Location de vélos : Roul’ma Poule, 04 50 27 86 83</p>'],
  ['hotel-bellerive.com', '/sejour', '<p>Moniteur de ski : ESF du Semnoz, 04 50 01 25 60</p>'],
  ['hotel-bellerive.com', '/sejour', '<p>Nous travaillons avec Alpes Navette, 06 80 11 22 33.</p>'],
  [
    'hotel-bellerive.com',
    '/sejour',
    "<p>Nous vous recommandons le restaurant L'Esquisse, 21 rue Royale, 74000 Annecy, 04 50 44 80 59.</p>",
  ],
  ['hotel-bellerive.com', '/sejour', '<h3>À voir, à faire</h3><p>Golf de Talloires – 04 50 60 12 89</p>'],
  [
    'hotel-bellerive.com',
    '/mentions',
    '<h2>Propriétaire des murs</h2><p>SCI des Tilleuls, 12 rue Royale, 74000 Annecy, 04 50 11 22 33</p>',
  ],
  ['hotel-bellerive.com', '/mentions', '<p>Réservations assurées par Reservit, 04 72 11 22 33</p>'],
  ['hotel-bellerive.com', '/mentions', '<p>Taxe de séjour : Office intercommunal, 04 50 11 22 44</p>'],
  ['garage-moulin.fr', '/services', "<p>Remorquage la nuit : Dépann'Auto 31, 05 61 11 22 33</p>"],
  ['garage-moulin.fr', '/services', '<p>Contrôle technique : Autovision Blagnac, 05 61 71 00 11</p>'],
  ['veto-des-halles.fr', '/urgences', '<p>La nuit et le dimanche, appelez Vetalia au 04 78 11 22 33.</p>'],
  ['veto-des-halles.fr', '/urgences', '<p>Nuit et jours fériés : VetoNuit 01 86 47 11 11</p>'],
  ['www.maison-klein.fr', '/contact', "<p>Notre expert-comptable : Fiduciaire de l'Est, 03 87 30 11 22</p>"],
  [
    'www.maison-klein.fr',
    '/contact',
    '<p>Votre interlocuteur chez Velux France : Paul Mercier, 06 11 22 33 44, paul.mercier@velux.com</p>',
  ],
  ['www.maison-klein.fr', '/chantiers', '<p>Maître d’œuvre : Bois & Cie, 03 87 55 66 77</p>'],
  [
    'www.maison-klein.fr',
    '/mariages',
    '<p>Traiteur : Marc Fournil, 06 11 22 33 44</p><p>Fleuriste : Rose Delaunay, 06 11 22 33 45</p>',
  ],
  ['www.maison-klein.fr', '/ecole', '<p>Transport scolaire : Keolis, 03 84 11 22 33</p>'],
  ['www.maison-klein.fr', '/ecole', '<p>Mutuelles : contactez Almerys au 04 73 74 82 98.</p>'],
  ['www.maison-klein.fr', '/aides', '<p>Pour vos aides, France Rénov’ : 0 808 800 700</p>'],
  [
    'www.maison-klein.fr',
    '/mentions',
    '<h2>Tête de réseau</h2><p>Groupe Visio, 3 rue du Lac, 69003 Lyon</p><p>04 78 00 11 22</p>',
  ],
  ['www.maison-klein.fr', '/ecole', '<p>Nous écrire : apel.saintyves22@gmail.com</p>'],
  [
    'tischlerei-lang.de',
    '/kontakt',
    '<p>Außerhalb unserer Öffnungszeiten: Schlüsseldienst Weber, 0171 1234567</p>',
  ],
  [
    'tischlerei-lang.de',
    '/kontakt',
    '<p>Datenschutzbeauftragter: Kanzlei Dr. Meier, Bahnhofstr. 1, 30159 Hannover, 0511 123450</p>',
  ],
  ['harbour-inn.ie', '/local-area', '<p>Killarney Golf Club 064 663 1034</p>'],
  ['harbour-inn.ie', '/stay', "<p>For bicycles ring O'Shea's Cycles on 087 222 3344.</p>"],
])('on %s%s, %s is another’s', (host, path, html) => {
  const facts = factsOf(html, path, host)
  expect(facts.phones.length + facts.emails.length).toBeGreaterThan(0)
  expect(ownOf(facts)).toEqual([])
  expect(facts.people).toEqual([])
})

test.each([
  ['hotel-bellerive.com', '/chambres', '<p>Réservation groupes : Sophie Lambert, 04 50 11 22 33</p>'],
  ['hotel-bellerive.com', '/chambres', '<p>Appartement Les Edelweiss : 04 50 11 22 33</p>'],
  ['hotel-bellerive.com', '/seminaires', '<p>Commercial Groupes & Séminaires : 04 50 11 22 33</p>'],
  ['hotel-bellerive.com', '/agences', '<p>Saint-Flour : Résidence Belvédère, 3 rue X, 04 50 11 22 33</p>'],
  ['garage-moulin.fr', '/vehicules', '<p>Peugeot Toulouse Nord : 05 61 11 22 33</p>'],
  ['garage-moulin.fr', '/location', '<p>Location utilitaires : Agence de Blagnac, 05 61 11 22 33</p>'],
  ['www.maison-klein.fr', '/services', '<p>Pour un devis, appelez Nathalie au 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/services', '<p>Pour un devis, appelez Mme Dupuis au 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/services', '<p>Nous travaillons avec passion, tél. 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/ecole', '<p>Restauration : Corinne, 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/fete', '<p>Traiteur : 03 87 11 22 33</p><p>Décoration : sur devis</p>'],
  ['www.maison-klein.fr', '/salon', '<p>Jean Klein est invité au salon : 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/services', '<p>Nous vous conseillons au 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/services', '<p>SAV – Nadia, comptabilité fournisseurs : 03 87 11 22 35</p>'],
  ['www.maison-klein.fr', '/services', '<p>Hotline Technique : Du Lundi au Vendredi, 03 87 11 22 33</p>'],
  ['www.maison-klein.fr', '/cv', '<p>Candidatures : Direction des Ressources Humaines, 03 87 11 22 33</p>'],
  ['veto-des-halles.fr', '/urgences', '<p>Urgences de nuit : Dr Forest 06 11 22 33 44</p>'],
  ['veto-des-halles.fr', '/urgences', '<p>La nuit, appelez Anne Forest au 06 11 22 33 44</p>'],
  ['veto-des-halles.fr', '/soins', '<p>Ostéopathie : M. Da Silva, 04 78 11 22 33</p>'],
  ['tischlerei-lang.de', '/leistungen', '<p>Planung: Katrin Lang, 0171 1234567</p>'],
  ['harbour-inn.ie', '/weddings', '<p>Function Room: Harbour Suite, 064 663 1034</p>'],
])('on %s%s, %s is the company’s', (host, path, html) => {
  const { phones } = factsOf(html, path, host)
  expect(phones.map(({ kind }) => kind)).toEqual([undefined])
})

// What a reader of the rules above found them to take from a house.
test.each([
  '<p>Votre interlocuteur chez Klein : 03 87 11 22 33</p>',
  '<p>En dehors des heures d’ouverture, appelez notre service d’astreinte au 03 87 11 22 33</p>',
  '<p>En dehors de nos horaires, contactez le service de dépannage : 03 87 11 22 33</p>',
  '<p>Pendant les vacances, le centre reste ouvert : 03 87 11 22 33</p>',
  '<p>Pendant les congés, le cabinet est joignable au 03 87 11 22 33</p>',
  '<p>En mon absence, me contacter au 03 87 11 22 33</p>',
  '<p>Nous travaillons avec Bosch et Makita, appelez-nous au 03 87 11 22 33</p>',
  '<p>Nous vous conseillons du Lundi au Vendredi : 03 87 11 22 33</p>',
  '<p>Nous vous recommandons de réserver par Téléphone au 03 87 11 22 33</p>',
  '<p>Nous travaillons avec Renault et Peugeot.</p><p>03 87 11 22 33</p>',
  '<p>Les réservations sont effectuées par téléphone au 03 87 11 22 33</p>',
  '<p>Les urgences sont prises en charge à toute heure au 03 87 11 22 33</p>',
  '<p>La permanence est assurée au cabinet, 03 87 11 22 33</p>',
  '<p>Réservation effectuée par mail ou au 03 87 11 22 33</p>',
  '<p>03 87 11 22 33 (permanence assurée 24h/24)</p>',
  '<p>Paul Klein (entreprise individuelle, 03 87 11 22 33)</p>',
  '<p>Chef de chantier : Luc Petit – 03 87 11 22 33</p>',
  '<p>Conducteur de chantiers : 03 87 11 22 33</p>',
  '<p>Responsable partenaires : Luc Petit, 03 87 11 22 33</p>',
  '<p>Relations fournisseurs : 03 87 11 22 33</p>',
  '<p>Devenir revendeur : 03 87 11 22 33</p>',
  '<p>Votre revendeur Stihl à Metz : 03 87 11 22 33</p>',
  '<p>Comptable : Sylvie Petit, 03 87 11 22 33</p>',
  '<p>Graphiste : Julie Weber, 03 87 11 22 33</p>',
  '<p>Alma Petit, assistante : 03 87 11 22 33</p>',
  '<p>Adil Benali – 03 87 11 22 33</p>',
  '<p>Alec Martin, conseiller : 03 87 11 22 33</p>',
  '<p>Notre cabinet est partenaire des mutuelles. Tél. : 03 87 11 22 33</p>',
  '<p>Compagnie Lune, association loi 1901 – 03 87 11 22 33</p>',
  '<p>Je travaille avec Julie, tél. 03 87 11 22 33</p>',
  '<p>Nos fournisseurs sont locaux.</p><p>03 87 11 22 33</p>',
  '<p>Nettoyage : appelez le 03 87 11 22 33</p>',
  '<h3>Espace partenaires</h3><p>03 87 11 22 33</p>',
  '<h2>Nos autres magasins</h2><p>Nancy : 03 87 11 22 33</p>',
])('%s is the company’s own', (html) => {
  expect(factsOf(html).phones.map(({ kind }) => kind)).toEqual([undefined])
})

test.each([
  ['tischlerei-lang.de', '/kontakt', '<p>Ihr Partner für Türen und Fenster: 0511 123450</p>'],
  ['tischlerei-lang.de', '/kontakt', '<h2>Ihr Fachhändler</h2><p>0511 123450</p>'],
  ['tischlerei-lang.de', '/kontakt', '<p>Dr. Klaus Huber, Geschäftsführer: 0511 123450</p>'],
  ['tischlerei-lang.de', '/kontakt', '<p>Wir empfehlen eine Terminvereinbarung unter 0511 123450</p>'],
  ['tischlerei-lang.de', '/kontakt', '<p>Wir empfehlen Ihnen die Anreise mit dem Bus, Tel. 0511 123450</p>'],
  [
    'tischlerei-lang.de',
    '/kontakt',
    '<p>Außerhalb unserer Öffnungszeiten erreichen Sie unseren Notdienst unter 0511 123450</p>',
  ],
  ['tischlerei-lang.de', '/leistungen', '<p>Öffnungszeiten: Montag bis Freitag, Tel. 0511 123450</p>'],
  [
    'tischlerei-lang.de',
    '/leistungen',
    '<p>Werkstatt: Alte Poststraße 4, 30159 Hannover, Tel. 0511 123450</p>',
  ],
  ['harbour-inn.ie', '/contact', '<p>Please call Customer Services on 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>Telephone Head Office: 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>To book, contact Guest Relations at 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>We work with Bosch, call us on 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>Your partner for weddings: 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>Beside Garda Station, 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>Insurance claims: 064 663 1034</p>'],
  ['harbour-inn.ie', '/contact', '<p>Become a stockist: 064 663 1034</p>'],
  ['harbour-inn.ie', '/stay', '<p>Opening hours: Monday to Friday, tel. 064 663 1034</p>'],
  ['harbour-inn.ie', '/stay', '<p>Workshop: Unit 4 Mill Lane, tel. 064 663 1034</p>'],
  ['garage-moulin.fr', '/location', '<p>Véhicules : BMW, Audi – 05 61 11 22 33</p>'],
  ['garage-moulin.fr', '/location', '<p>Règlement : Carte Bleue acceptée, 05 61 11 22 33</p>'],
  [
    'veto-des-halles.fr',
    '/urgences',
    '<h3>Doctolib</h3><p><a href="https://www.doctolib.fr/x">Agenda</a></p><p>04 78 11 22 33</p>',
  ],
  [
    'veto-des-halles.fr',
    '/marques',
    '<h3>Royal Canin</h3><p><a href="https://www.royalcanin.fr">Site</a></p><p>Commandez chez nous : 04 78 11 22 33</p>',
  ],
])('on %s%s, %s is the company’s own', (host, path, html) => {
  expect(factsOf(html, path, host).phones.map(({ kind }) => kind)).toEqual([undefined])
})

test('who is invited elsewhere keeps what the page says of him', () => {
  const facts = factsOf(
    '<p>Luc Petit, invité de France Bleu en 2023</p><p>Luc Petit, gérant : 06 43 70 11 22, luc.petit@gmail.com</p>',
  )
  expect(ownOf(facts)).toEqual(['+33643701122', 'luc.petit@gmail.com'])
  expect(facts.people.map(({ name }) => name)).toEqual(['Luc Petit'])
})

test.each([
  ['hotel-bellerive.com', '/contact', '<h3>Revendeurs</h3><p>Contactez-nous : 04 50 11 22 33</p>'],
  ['hotel-bellerive.com', '/distribution', '<h1>Distribution</h1><p>Contactez-nous : 04 50 11 22 33</p>'],
  ['harbour-inn.ie', '/contact', '<h3>Suppliers</h3><p>Call us on 064 663 1034</p>'],
  ['maison-sante-lys.fr', '/', '<h2>Les professionnels de santé</h2><p>Dr Anne Roth : 03 83 11 22 33</p>'],
])('on %s%s, under a heading of others, %s is the company’s own', (host, path, html) => {
  expect(factsOf(html, path, host).phones.map(({ kind }) => kind)).toEqual([undefined])
})
