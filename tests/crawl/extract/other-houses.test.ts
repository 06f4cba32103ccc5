// Numbers and mailboxes of houses that a page names in passing, told by how they are named; every row is made up.
import { expect, test } from 'bun:test'
import { parsePage } from '#src/crawl/extract/parse-page.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'

const factsOf = (body: string, path = '/contact', title = 'Maison Klein, menuiserie à Metz'): PageFacts =>
  parsePage({
    url: `https://www.maison-klein.fr${path}`,
    finalUrl: `https://www.maison-klein.fr${path}`,
    siteHost: 'www.maison-klein.fr',
    depth: 1,
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: new TextEncoder().encode(
      `<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`,
    ),
    deep: true,
    today: '2026-11-22',
  }).facts

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
