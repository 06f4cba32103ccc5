// Pages of ordinary small houses in styles that no labelled site has: whose people, numbers and addresses they name.
import { expect, test } from 'bun:test'
import { parsedAt } from '#tests/support/parsed-at.ts'

type Told = { people?: string[]; own?: string[]; theirs?: string[]; places?: string[] }

/** Names, own and others' mailboxes and numbers, and postcodes of a page. */
const toldBy = (host: string, path: string, body: string, title: string): Told => {
  const { facts } = parsedAt(
    `https://${host}${path}`,
    `<!doctype html><html lang="fr"><head><title>${title}</title></head><body>${body}</body></html>`,
    { home: path === '/' },
  )
  const contacts = [...facts.emails, ...facts.phones]
  const ofOthers = (kind: string | undefined): boolean => kind === 'agency' || kind === 'thirdparty'
  return {
    people: facts.people.map(({ name }) => name).toSorted(),
    own: contacts
      .filter(({ kind }) => !ofOthers(kind))
      .map(({ value }) => value)
      .toSorted(),
    theirs: contacts
      .filter(({ kind }) => ofOthers(kind))
      .map(({ value }) => value)
      .toSorted(),
    places: facts.addresses.map(({ postalCode }) => postalCode ?? '').toSorted(),
  }
}

const SITES: [style: string, host: string, path: string, title: string, body: string, told: Told][] = [
  [
    'a food truck with its places and their organisers',
    'lagaletteroulante.fr',
    '/',
    'La Galette Roulante – food truck breton',
    `<h1>La Galette Roulante</h1><p>Derrière la bilig : Gwladys Perrot et Florian Lemeur.</p>
     <table><tr><th>Jour</th><th>Lieu</th></tr><tr><td>Mardi 18h-21h</td><td>Place Jean Jaurès, Redon</td></tr>
     <tr><td>Vendredi</td><td>Marché de Guer (organisateur : comité des fêtes, 02 97 22 00 11)</td></tr></table>
     <p>Privatisation : 06 41 22 87 30 ou bonjour@lagaletteroulante.fr</p>`,
    {
      people: ['Florian Lemeur', 'Gwladys Perrot'],
      own: ['+33641228730', 'bonjour@lagaletteroulante.fr'],
      theirs: ['+33297220011'],
    },
  ],
  [
    'an independent agent of a network',
    'immobilier-pornic-nadege.fr',
    '/',
    'Nadège Ollivier, conseillère immobilier à Pornic',
    `<h1>Nadège Ollivier</h1><p>Conseillère indépendante en immobilier Capimmo, agent commercial – RSAC Saint-Nazaire 812 345 678</p>
     <p>06 22 45 10 87 – nadege.ollivier@capimmo.fr</p>
     <footer><p>Capimmo France, SAS au capital de 40 000 €, 17 quai de la Fosse, 44000 Nantes. Siège du réseau : 02 40 11 22 33. Carte T n° CPI 4401 2016 000 012 345. Garantie financière GALIAN, 89 rue La Boétie, 75008 Paris.</p></footer>`,
    {
      people: ['Nadège Ollivier'],
      own: ['+33622451087', 'nadege.ollivier@capimmo.fr'],
      theirs: ['+33240112233'],
    },
  ],
  [
    'an undertaker with notices of death',
    'pf-marchadour.fr',
    '/avis-de-deces',
    'Avis de décès – Pompes funèbres Marchadour',
    `<h1>Avis de décès</h1><article><h2>Monsieur Yves Kerouanton</h2><p>Décédé le 3 mars 2025 à l'âge de 84 ans</p><p>Cérémonie en l'église Saint-Pierre de Crozon</p></article>
     <article><h2>Madame Odette Le Bras née Hascoët</h2><p>91 ans</p></article>
     <footer><p>Pompes funèbres Marchadour – 4 rue de Reims, 29160 Crozon – 02 98 27 10 20 – Conseillère funéraire : Sandrine Marchadour</p></footer>`,
    { people: ['Sandrine Marchadour'], own: ['+33298271020'], places: ['29160'] },
  ],
  [
    'a gym with coaches in its timetable',
    'forme-et-sens-lorient.fr',
    '/planning',
    'Planning des cours – Forme & Sens',
    `<h1>Planning</h1><table><tr><td>Lundi 18h</td><td>Pilates</td><td>Sarah Guégan</td></tr><tr><td>Lundi 19h</td><td>Cross training</td><td>Mickaël Bothorel</td></tr></table>
     <p>Nos coachs : Sarah Guégan et Mickaël Bothorel. Inscription au 02 97 64 18 30.</p>`,
    { people: ['Mickaël Bothorel', 'Sarah Guégan'], own: ['+33297641830'] },
  ],
  [
    'a programme of new flats with all who take part',
    'residence-les-embruns.fr',
    '/',
    'Résidence Les Embruns – programme neuf à Binic',
    `<h1>Les Embruns, 24 logements neufs</h1><p>Votre conseillère : Maud Le Calvez, 06 70 18 24 33, m.lecalvez@residence-les-embruns.fr</p>
     <p>Architecte : Atelier Rannou, Saint-Brieuc. Notaire : Me Hervé Bourdon, 02 96 33 10 10. Perspectives : Studio Kreiz.</p>`,
    {
      people: ['Maud Le Calvez'],
      own: ['+33670182433', 'm.lecalvez@residence-les-embruns.fr'],
      theirs: ['+33296331010'],
    },
  ],
  [
    'a handball club with its league and its opponents',
    'handball-club-douarnenez.fr',
    '/bureau',
    'Le bureau – Handball Club Douarnenez',
    `<h1>Le bureau</h1><ul><li>Présidente : Katell Riou – 06 33 10 20 31</li><li>Trésorier : Jérôme Quiniou</li></ul>
     <h2>Contacts utiles</h2><p>Ligue de Bretagne de handball : 02 99 31 33 88, contact@bretagnehandball.net</p>
     <p>Prochain match contre Quimper, arbitres : Loïc Tanguy et Paul Danielou.</p>`,
    {
      people: ['Jérôme Quiniou', 'Katell Riou'],
      own: ['+33633102031'],
      theirs: ['+33299313388', 'contact@bretagnehandball.net'],
    },
  ],
  [
    'a coach who tells whom she worked for',
    'helene-autret.fr',
    '/a-propos',
    'Hélène Autret – coach de dirigeants',
    `<h1>À propos</h1><p>Je suis Hélène Autret. J'ai accompagné Pierre Gattegno (DG de Sonovia) et Laure Simonnet, DRH de Kerlys.</p>
     <p>Je collabore régulièrement avec Yann Prigent (graphiste). Formée par Vincent Lenhardt à Transformance.</p><p>06 12 33 45 67</p>`,
    { people: ['Hélène Autret'], own: ['+33612334567'] },
  ],
  [
    'a shop with conditions of sale',
    'savons-de-belle-ile.com',
    '/conditions-generales-de-vente',
    'CGV – Savons de Belle-Île',
    `<h1>Conditions générales de vente</h1><p>Savons de Belle-Île, EURL au capital de 3 000 €, gérante Solenn Thomas, 8 rue Carnot, 56360 Le Palais. Service client : 02 97 31 80 44, bonjour@savons-de-belle-ile.com.</p>
     <p>Livraison : Colissimo (service client La Poste : 09 69 39 79 44). Paiement : Stripe, 510 Townsend Street, San Francisco.</p>
     <p>Médiateur : CM2C, 49 rue de Ponthieu, 75008 Paris, 01 89 47 00 14, cm2c@cm2c.net.</p>`,
    {
      people: ['Solenn Thomas'],
      own: ['+33297318044', 'bonjour@savons-de-belle-ile.com'],
      theirs: ['+33189470014', '+33969397944', 'cm2c@cm2c.net'],
      places: ['56360'],
    },
  ],
  [
    'a press review',
    'fromagerie-du-menhir.fr',
    '/presse',
    'On parle de nous – Fromagerie du Menhir',
    `<h1>On parle de nous</h1><p>« Un fromage de caractère » – Julie Martin, Ouest-France, 12 mai 2024</p><p>Reportage de Thomas Leroy, photos Vincent Mouchel (Le Télégramme).</p>
     <p>Contact presse : Agence Embruns, Clara Dufour, 01 44 55 66 77, clara@agence-embruns.fr</p><p>La fromagerie : 02 97 51 10 20</p>`,
    { people: [], own: ['+33297511020'], theirs: ['+33144556677', 'clara@agence-embruns.fr'] },
  ],
  [
    'a maker with agents in other countries',
    'ponceuses-marchetti.fr',
    '/contact',
    'Contact – Ponceuses Marchetti',
    `<h1>Contact</h1><p>Siège : 12 rue Ampère, 69680 Chassieu – 04 72 33 10 20 – info@ponceuses-marchetti.fr</p>
     <h2>Nos distributeurs</h2><div><h3>Belgique</h3><p>Van Hool Machines, +32 9 324 10 20, info@vanhool-machines.be</p></div>
     <div><h3>Suisse</h3><p>Rüegg AG, Herr Urs Rüegg, +41 44 820 10 20</p></div>`,
    {
      people: [],
      own: ['+33472331020', 'info@ponceuses-marchetti.fr'],
      theirs: ['+3293241020', '+41448201020', 'info@vanhool-machines.be'],
      places: ['69680'],
    },
  ],
  [
    'childminders in a house of their own',
    'mam-les-ptits-loups.fr',
    '/',
    "MAM Les P'tits Loups",
    `<h1>Les P'tits Loups</h1><p>Trois assistantes maternelles vous accueillent : Aurélie Jouan, Fatou Sarr et Mélanie Bizeul.</p>
     <p>Renseignements : 02 96 61 10 20. Agrément PMI : 02 96 62 62 22 (service de PMI du Département).</p>`,
    {
      people: ['Aurélie Jouan', 'Fatou Sarr', 'Mélanie Bizeul'],
      own: ['+33296611020'],
      theirs: ['+33296626222'],
    },
  ],
  [
    'a parish',
    'paroisse-sainte-anne-auray.fr',
    '/equipe',
    'Équipe pastorale – Paroisse Sainte-Anne',
    `<h1>Équipe pastorale</h1><p>Père Jean-Yves Le Saux, curé</p><p>Bernard Guillevic, diacre</p><p>Secrétariat : Annick Le Port, 02 97 24 10 20</p>
     <p>Messes à la chapelle Saint-Cado et à l'église Saint-Gildas. Saint patron : Jean-Marie Vianney.</p>`,
    { people: ['Annick Le Port', 'Bernard Guillevic', 'Jean-Yves Le Saux'], own: ['+33297241020'] },
  ],
  [
    'an agency of temporary work with offers',
    'interim-ouest-breizh.fr',
    '/offres',
    'Offres – Intérim Ouest Breizh',
    `<h1>Nos offres</h1><article><h2>Soudeur TIG H/F – Quimperlé</h2><p>Contact : Elodie Cariou, 02 98 96 10 20, e.cariou@interim-ouest-breizh.fr</p></article>
     <article><h2>Cariste (CACES 1-3-5)</h2><p>Réf. 0298-961-033. Salaire 12,50 €.</p></article>`,
    { people: ['Elodie Cariou'], own: ['+33298961020', 'e.cariou@interim-ouest-breizh.fr'] },
  ],
  [
    'an auction house',
    'encheres-rieunier-brest.fr',
    '/',
    'Hôtel des ventes Rieunier',
    `<h1>Hôtel des ventes</h1><p>Me Adrien Rieunier, commissaire-priseur.</p>
     <p>Lot 12 : Mathurin Méheut, « Le port ». Lot 13 : Pierre de Belay, gouache. Estimation 800-1 200 €.</p><p>26 rue du Château – 29200 Brest – 02 98 80 10 20</p>`,
    { people: ['Adrien Rieunier'], own: ['+33298801020'], places: ['29200'] },
  ],
  [
    'a mason who names the neighbours of the trade',
    'maconnerie-lequere.fr',
    '/',
    'Maçonnerie Le Quéré',
    `<p>Nous travaillons depuis vingt ans avec le charpentier Denis Morvan (Charpentes Morvan, 02 98 44 10 20) et le cabinet Hamon.</p>
     <p>Merci à Madame la Préfète, Anne Duval. L'entreprise a succédé en 2009 à M. Louis Salaün.</p>
     <p>Administration des <b>ventes</b><a href="mailto:adv@maconnerie-lequere.fr">adv@maconnerie-lequere.fr</a></p>
     <table><tr><td>Parpaing creux</td><td>06.20.30.41.50</td><td>2,40 € HT</td></tr></table>
     <p>Référence joint souple : 0298 441 077</p>`,
    { people: [], own: ['adv@maconnerie-lequere.fr'], theirs: ['+33298441020'] },
  ],
  [
    'a franchise with its other shops, and a lab and a neighbour',
    'vue-claire-dinan.fr',
    '/',
    'Vue Claire Dinan, opticien',
    `<p>02 96 39 10 20 – Autres magasins Vue Claire : Lamballe, 3 rue du Val, 02 96 31 10 20 · Loudéac, 5 place Bigrel, 02 96 28 10 20</p>
     <p>Analyses : laboratoire Armor Bio, 02 96 39 55 66. Parking chez notre voisin Le Fournil, 02 96 39 77 88.</p>
     <p>Réalisation <a href="https://www.kreiz-web.fr">Kreiz Web</a> – webmaster@kreiz-web.fr – 02 96 39 99 00</p>`,
    {
      people: [],
      own: ['+33296391020'],
      theirs: [
        '+33296281020',
        '+33296311020',
        '+33296395566',
        '+33296397788',
        '+33296399900',
        'webmaster@kreiz-web.fr',
      ],
    },
  ],
  [
    'a template that nobody filled in',
    'bistrot-du-lavoir.fr',
    '/',
    'Le Bistrot du Lavoir',
    `<script type="application/ld+json">{"@type":"Restaurant","name":"Business Name","telephone":"+33 1 55 55 12 34","founder":{"@type":"Person","name":"Alex Martin"},"address":{"@type":"PostalAddress","streetAddress":"123 Main Street","postalCode":"12345","addressLocality":"Anytown"}}</script>
     <p>Notre chef Iban Lizarralde travaille les légumes du marché. 05 59 20 10 20</p>`,
    { people: ['Iban Lizarralde'], own: ['+33559201020'], places: [] },
  ],
  [
    'a house in Luxembourg',
    'sanitaire-kirsch.lu',
    '/',
    'Sanitaire Kirsch',
    `<p>Dépannage 24h/24 : 621 377 204</p><p>Comptabilité : Fiduciaire Lorang & Weis</p><p>1 Grande Rue<br>57100 Thionville</p>`,
    { people: [], own: ['+352621377204'] },
  ],
  [
    'a maker whose sellers have regions',
    'clotures-rigaud.fr',
    '/contacts',
    'Contacts – Clôtures Rigaud',
    `<p>Vos contacts</p><div><b>Laurent Mercadier</b><span>Chargé d'affaires Grand Est</span><a href="tel:0607111213">06 07 11 12 13</a></div>
     <div><b>Mme Lucie Marguerie</b><span>Assistante commerciale</span></div>`,
    { people: ['Laurent Mercadier', 'Lucie Marguerie'], own: ['+33607111213'] },
  ],
  [
    'a notary with the officer for data of others',
    'notaires-du-trieux.fr',
    '/mentions-legales',
    'Mentions légales – Notaires du Trieux',
    `<p>Étude : 11 Grande Rue<br>22200 Guingamp</p><p>Délégué à la protection des données : Datanot, 40 avenue des Pins, 13100 Aix-en-Provence – dpo@datanot-conseil.fr.</p>
     <p>L'étude a succédé à Maître Jean Cosson, notaire honoraire. Garantie GALIAN 120 000 €, 89 rue La Boétie 75008 Paris</p>`,
    { people: [], places: ['22200'], theirs: ['dpo@datanot-conseil.fr'] },
  ],
  [
    'a town hall with its elected',
    'mairie-locmiquel.fr',
    '/vie-municipale/elus',
    'Les élus – Mairie de Locmiquel',
    `<h1>Le conseil municipal</h1><p>Maire : Joël Le Gallic</p><p>1ère adjointe : Nicole Tanguy (affaires scolaires)</p><p>Conseillers : Marc Baron, Lise Rio</p>
     <p>Député de la circonscription : Paul Molac. Conseillère départementale : Gaëlle Favennec.</p><p>Mairie : 02 97 33 10 20</p>`,
    { people: ['Joël Le Gallic', 'Lise Rio', 'Marc Baron', 'Nicole Tanguy'], own: ['+33297331020'] },
  ],
  [
    'a vet who tells of emergencies',
    'veto-des-landes.fr',
    '/urgences',
    'Urgences – Clinique vétérinaire des Landes',
    `<p>Aux heures d'ouverture : 02 97 22 10 20. La nuit, appelez le CHV Atlantia à Nantes, 02 40 92 99 99.</p><p>Nos vétérinaires : Dr Léa Combes et Dr Hugo Martinez.</p>`,
    { people: ['Hugo Martinez', 'Léa Combes'], own: ['+33297221020'], theirs: ['+33240929999'] },
  ],
  [
    'a footer that says who runs it',
    'paysages-du-blavet.fr',
    '/',
    'Paysages du Blavet',
    `<footer><p>SARL Paysages du Blavet – Gérant Tristan Jégo – 5 rue du Halage 56650 Inzinzac – 02 97 36 10 20</p><p>Site : Studio Ar Mor – 02 97 11 22 99</p></footer>`,
    { people: ['Tristan Jégo'], own: ['+33297361020'], theirs: ['+33297112299'] },
  ],
]

test.each(SITES)('%s: %s', (_, host, path, title, body, told) => {
  const found = toldBy(host, path, body, title)
  const asked = Object.keys(told) as (keyof Told)[]
  expect(Object.fromEntries(asked.map((key) => [key, found[key]]))).toEqual(
    Object.fromEntries(asked.map((key) => [key, told[key]!.toSorted()])),
  )
})
