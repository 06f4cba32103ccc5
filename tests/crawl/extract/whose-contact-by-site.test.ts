import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

/** Own and others' numbers of a page, by the kind of site that shows them. */
const kindsOf = (host: string, title: string, body: string): boolean[] =>
  parsedAt(
    `https://${host}/contact`,
    `<html lang="fr"><head><title>${title}</title></head><body>${body}</body></html>`,
  ).facts.phones.map(({ kind }) => kind === undefined)

test.each<[string, string, string, string]>([
  [
    'ecole-saint-joseph-vannes.fr',
    'École Saint-Joseph',
    '<p>École maternelle : 02 97 11 22 33</p><p>Collège : 02 97 11 22 34</p>',
    'own',
  ],
  ['saint-joseph-vannes.fr', 'Groupe scolaire Saint-Joseph', '<p>Lycée : 02 97 11 22 33</p>', 'own'],
  ['pharmacie-du-port.fr', 'Pharmacie du Port', '<p>Pharmacie du Port – 02 97 11 22 33</p>', 'own'],
  [
    'mairie-plougastel.fr',
    'Mairie de Plougastel',
    '<p>Mairie : 02 98 11 22 33</p><p>Police municipale : 02 98 11 22 34</p>',
    'own',
  ],
  [
    'plougastel.bzh',
    'Commune de Plougastel',
    '<p>Accueil mairie : 02 98 11 22 33</p><p>Services techniques : 02 98 11 22 35</p>',
    'own',
  ],
  [
    'plougastel.bzh',
    'Commune de Plougastel',
    '<p>Pharmacie Le Goff : 02 98 11 22 33</p><p>Camping de la Plage : 02 98 11 22 35</p><p>Garage Morvan 02 98 11 22 37</p>',
    'others',
  ],
  [
    'notaires-roth-weiss.fr',
    'Office notarial Roth & Weiss',
    '<p>Me Roth, notaire : 03 87 11 22 33</p>',
    'own',
  ],
  [
    'garage-muller.fr',
    'Garage Muller',
    '<p>Dépannage : 06 70 11 22 33</p><p>Notre partenaire assurance : Axa Metz, 03 87 11 22 34</p>',
    'mixed',
  ],
  [
    'assurances-durand.fr',
    'Assurances Durand',
    '<p>Assurance auto : 03 87 11 22 33</p><p>Agence Assurances Durand – 03 87 11 22 34</p>',
    'own',
  ],
  ['taxi-bernard.fr', 'Taxi Bernard', '<p>Taxi Bernard : 06 70 11 22 33</p>', 'own'],
  [
    'amicale-laique-brest.org',
    'Amicale laïque de Brest',
    '<p>Amicale : 02 98 11 22 33</p><p>Section foot : 06 70 11 22 33</p>',
    'own',
  ],
  ['club-nautique.org', 'Club nautique', '<p>Club house : 02 98 11 22 33</p>', 'own'],
  [
    'hotel-du-lac.fr',
    'Hôtel du Lac',
    '<p>Hôtel – Réception : 04 50 11 22 33</p><p>Restaurant Le Ponton : 04 50 11 22 34</p>',
    'own',
  ],
  [
    'hotel-du-lac.fr',
    'Hôtel du Lac',
    '<p>Taxi Alain : 06 70 11 22 33</p><p>Office de tourisme : 04 50 11 22 34</p>',
    'others',
  ],
  [
    'veto-des-halles.fr',
    'Clinique vétérinaire des Halles',
    '<p>Clinique vétérinaire : 03 87 11 22 33</p><p>Dr Petit : 06 70 11 22 33</p>',
    'own',
  ],
  [
    'veto-des-halles.fr',
    'Clinique vétérinaire des Halles',
    '<p>En dehors des horaires, vétérinaire de garde : 03 87 11 22 33</p>',
    'others',
  ],
  [
    'cabinet-dupont.fr',
    'Cabinet Dupont, expertise comptable',
    '<p>Expert-comptable : Jean Dupont 03 87 11 22 33</p>',
    'own',
  ],
  ['ambulances-leroy.fr', 'Ambulances Leroy', '<p>Ambulances et taxis : 03 87 11 22 33</p>', 'own'],
  ['photo-blanc.fr', 'Studio Blanc photographe', '<p>Photographe : Paul Blanc, 06 70 11 22 33</p>', 'own'],
  ['imprimerie-roth.fr', 'Imprimerie Roth', '<p>Imprimerie Roth – 03 87 11 22 33</p>', 'own'],
  [
    'creche-les-lutins.fr',
    'Crèche les Lutins',
    '<p>Crèche : 03 87 11 22 33</p><p>PMI : 03 87 11 22 34</p>',
    'mixed',
  ],
  ['paroisse-sainte-anne.fr', 'Paroisse Sainte-Anne', '<p>Presbytère : 03 87 11 22 33</p>', 'own'],
  [
    'office-tourisme-vosges.fr',
    'Office de tourisme des Vosges',
    '<p>Office de tourisme : 03 29 11 22 33</p>',
    'own',
  ],
  ['vosges-tourisme.com', 'Vosges Tourisme', '<p>Bureau de Gérardmer : 03 29 11 22 33</p>', 'own'],
  ['banque-populaire-immo.fr', 'Immo BP', '<p>Agence : 03 29 11 22 33</p>', 'own'],
  [
    'maison-klein.be',
    'Maison Klein',
    '<p>Siège : 063 22 33 44</p><p>France : 03 87 11 22 33</p><p>GSM 0496/12.34.87</p>',
    'own',
  ],
  [
    'maison-klein.ch',
    'Maison Klein',
    '<p>Bureau France : 12 rue X, 74100 Annemasse, 04 50 11 22 33</p>',
    'own',
  ],
  [
    'maison-klein.de',
    'Schreinerei Klein',
    '<p>Büro Frankreich: 03 87 11 22 33</p><p>Tel. 07851 / 99 41 29</p>',
    'own',
  ],
  ['maison-klein.lu', 'Klein', '<p>Tél. 26 12 34 56</p><p>Mobile (FR) 06 70 11 22 33</p>', 'own'],
  [
    'maison-klein.fr',
    'Klein',
    '<p>Suisse : 022 348 15 20</p><p>Belgique : tél. 02 234 56 78</p><p>Luxembourg : tél. 26 12 34 56</p>',
    'own',
  ],
  [
    'fleurs-anna.it',
    'Fiori Anna',
    '<p>Nostro rivenditore per la Francia: Dupont, 03 87 11 22 33</p><p>Comune di Roma: 06 06 06</p>',
    'others',
  ],
  [
    'zimmerei-klein.de',
    'Zimmerei Klein',
    '<p>Gemeinde Kehl: 07851 88 11 22</p><p>Polizei: Tel. 07851 89 30</p>',
    'others',
  ],
  [
    'zimmerei-klein.de',
    'Zimmerei Klein',
    '<p>Verkauf: Tel. 07851 88 11 22</p><p>Herr Müller: Tel. 07851 88 11 23</p>',
    'own',
  ],
  [
    'ferme-du-lac.fr',
    'Ferme du Lac',
    '<footer><p>Ferme du Lac – École de la forge, 88400 Gérardmer – 03 29 11 22 33</p></footer>',
    'own',
  ],
  [
    'ferme-du-lac.fr',
    'Ferme du Lac',
    '<p>Rendez-vous à la mairie de Gérardmer. Tél : 03 29 11 22 33</p>',
    'own',
  ],
  ['ferme-du-lac.fr', 'Ferme du Lac', '<p>Marché de Metz, Nancy. Commandes au 03 29 11 22 33</p>', 'own'],
  ['ferme-du-lac.fr', 'Ferme du Lac', '<h2>Banque de semences</h2><p>03 29 11 22 33</p>', 'own'],
  [
    'ferme-du-lac.fr',
    'Ferme du Lac',
    '<p>Assistance informatique, banque en ligne : appelez le 03 29 11 22 33</p>',
    'own',
  ],
  [
    'plomberie-roux.fr',
    'Plomberie Roux',
    '<ul><li>Dépannage</li><li>Assurance décennale</li><li>03 29 11 22 33</li></ul>',
    'own',
  ],
  [
    'plomberie-roux.fr',
    'Plomberie Roux',
    '<ul><li>Devis gratuit</li><li>Partenaire Veolia</li><li>03 29 11 22 33</li></ul>',
    'own',
  ],
  [
    'plomberie-roux.fr',
    'Plomberie Roux',
    '<div>Écoles</div><div>Mairies</div><div>03 29 11 22 33</div>',
    'own',
  ],
])('on %s (%s), the numbers of %s are %s', (host, title, html, whose) => {
  const own = kindsOf(host, title, html)
  expect(own.length).toBeGreaterThan(0)
  expect(own.includes(true)).toBe(whose !== 'others')
  expect(own.includes(false)).toBe(whose !== 'own')
})
