// How the people of a house are told on sites never seen before; every row is made up.
import { expect, test } from 'bun:test'
import { patternOf } from '#src/crawl/extract/email-patterns.ts'
import { mergePeople } from '#src/crawl/extract/merge-people.ts'
import { readRole, roleKindOf } from '#src/crawl/extract/roles.ts'
import { namesOn, peopleOn } from '#tests/support/people-on.ts'

const HOST = 'www.atelier-du-lac.fr'

// Staff as prose, cards, tables, signatures and notices name them.
test.each<[string, string, string[]]>([
  [
    '/praticiens',
    '<table><tr><td>Dr LE MOIGN Anne-Gaëlle</td><td>Médecine générale</td></tr><tr><td>Mme DE LA FONTAINE Sylvie</td><td>Sage-femme</td></tr></table>',
    ['Anne-Gaëlle Le Moign', 'Sylvie de La Fontaine'],
  ],
  [
    '/carrieres',
    '<p>Candidatures à l’attention de Mme Ghislaine Puechmaurel, service RH</p>',
    ['Ghislaine Puechmaurel'],
  ],
  [
    '/bureau',
    '<p>Membres : Ph. Curtil, Gabriel Vieille-Grosjean, Rui Lopes Cardoso</p>',
    ['Gabriel Vieille-Grosjean', 'Ph. Curtil', 'Rui Lopes Cardoso'],
  ],
  [
    '/',
    '<p>Passionnée depuis l’enfance, moi, <strong>Marie-Laure Delhaye-N’Diaye</strong>, je vous présente mes chiens.</p>',
    ['Marie-Laure Delhaye-N’Diaye'],
  ],
  [
    '/qui',
    '<p>Saisonniers 2024 : Amadou Keïta, Enea Bardhi et Tiphaine Costes.</p>',
    ['Amadou Keïta', 'Enea Bardhi', 'Tiphaine Costes'],
  ],
  [
    '/',
    '<p>Familie Bruhn und Empfangschefin Siobhán Ní Dhúill freuen sich auf Sie. Küchenchef: Wolfgang Schmieder.</p>',
    ['Siobhán Ní Dhúill', 'Wolfgang Schmieder'],
  ],
  [
    '/',
    '<p>Your hosts Odile and Matthias Brunner, and front-office manager Siobhán Ní Dhúill, speak English.</p>',
    ['Matthias Brunner', 'Odile Brunner', 'Siobhán Ní Dhúill'],
  ],
  [
    '/maison',
    '<p>À l’atelier, vous croiserez aussi Jules-Aimé Rigaudias (forge), Lindiwe Dube (manches, guillochage).</p>',
    ['Jules-Aimé Rigaudias', 'Lindiwe Dube'],
  ],
  [
    '/equipe',
    '<h3>Jocelyn <strong>MARIE-SAINTE</strong></h3><p>Masseur-kinésithérapeute D.E., fondateur du cabinet. 0696 41 80 26</p>',
    ['Jocelyn Marie-Sainte'],
  ],
  ['/a-propos', '<p>Yannig Kerbrat a repris l’atelier en 2011.</p>', ['Yannig Kerbrat']],
  ['/a-propos', '<p>Depuis 2015, c’est Aurore Patin qui gère la boutique.</p>', ['Aurore Patin']],
  ['/a-propos', '<p>En 2019, Nolwenn Tanguy reprend l’affaire de son père.</p>', ['Nolwenn Tanguy']],
  ['/', '<p>Nadège Poulain prépare chaque matin les viennoiseries.</p>', ['Nadège Poulain']],
  ['/', '<p>À bientôt,<br>Sylvain Meunier</p>', ['Sylvain Meunier']],
  ['/', '<p class="signature">Bien cordialement,</p><p>Mireille Aubry</p><p>gérante</p>', ['Mireille Aubry']],
  ['/contact', '<p>Vous serez accueillis par Fabienne Jacquot au secrétariat.</p>', ['Fabienne Jacquot']],
  ['/contact', '<p>Prendre rendez-vous avec Élodie Marquis : 06 12 34 56 78</p>', ['Élodie Marquis']],
  [
    '/contact',
    '<p>Service commercial : Hugo Lacombe</p><p>SAV : Inès Badaoui</p>',
    ['Hugo Lacombe', 'Inès Badaoui'],
  ],
  [
    '/a-propos',
    '<p>Épaulé par Quentin Ravel et Manon Dutertre, il restaure des meubles.</p>',
    ['Manon Dutertre', 'Quentin Ravel'],
  ],
  ['/a-propos', '<p>Entourée de son équipe, Chloé Bastide vous conseille.</p>', ['Chloé Bastide']],
  [
    '/a-propos',
    '<p>Aujourd’hui dirigée par Benoît Carlier, la maison emploie six personnes.</p>',
    ['Benoît Carlier'],
  ],
  [
    '/a-propos',
    '<p>Fondée en 1923, la maison est aujourd’hui dirigée par Benoît Carlier.</p>',
    ['Benoît Carlier'],
  ],
  ['/a-propos', '<p>À la tête de l’entreprise depuis 2008 : Damien Roche.</p>', ['Damien Roche']],
  [
    '/a-propos',
    '<p>Derrière le comptoir, Pauline Ginestet et Rémi Ginestet.</p>',
    ['Pauline Ginestet', 'Rémi Ginestet'],
  ],
  [
    '/equipe',
    '<div class="card"><h4>Xokan Etxeberri</h4><p>Charpentier</p></div><div class="card"><h4>Peio Larralde</h4><p>Gérant</p></div>',
    ['Peio Larralde', 'Xokan Etxeberri'],
  ],
  [
    '/equipe',
    '<div><h4>Zbyněk Dvořák</h4><p>Cuisinier</p></div><div><h4>Ġorġ Borġ</h4><p>Serveur</p></div>',
    ['Zbyněk Dvořák', 'Ġorġ Borġ'],
  ],
  ['/equipe', '<figure><img><figcaption>Tuğçe Şahin, assistante</figcaption></figure>', ['Tuğçe Şahin']],
  [
    '/equipe',
    '<ul><li><strong>BERGER Lucie</strong> – Secrétaire</li><li><strong>N’DIAYE Ousmane</strong> – Livreur</li></ul>',
    ['Lucie Berger', 'Ousmane N’Diaye'],
  ],
  [
    '/equipe',
    '<p>Łukasz Wójcik – Geschäftsführer</p><p>Małgorzata Wójcik – Büro</p>',
    ['Małgorzata Wójcik', 'Łukasz Wójcik'],
  ],
  ['/mentions-legales', '<p>Responsable de la publication : Mme Thi-Mai Lê</p>', ['Thi-Mai Lê']],
  [
    '/mentions-legales',
    '<p>Ce site est la propriété de Corentin Guéguen, micro-entrepreneur.</p>',
    ['Corentin Guéguen'],
  ],
  [
    '/mentions-legales',
    '<p>Le site est édité par Madame Solange Kouassi, SIRET 123.</p>',
    ['Solange Kouassi'],
  ],
  ['/mentions-legales', '<p>Kévin Marchetti EI – SIRET 908 473 614 00018</p>', ['Kévin Marchetti']],
  ['/mentions-legales', '<p>Gérance : Stéphane Vauthier</p>', ['Stéphane Vauthier']],
  [
    '/mentions-legales',
    '<p>Dirigeants : MM. Luc Fournel et Yves Fournel</p>',
    ['Luc Fournel', 'Yves Fournel'],
  ],
  ['/impressum', '<p>Vertreten durch die Geschäftsführerin Sabine Krämer</p>', ['Sabine Krämer']],
  ['/impressum', '<p>Inhaberin: Ayşe Gül Demir</p>', ['Ayşe Gül Demir']],
  ['/', '<p>Küchenmeister Anton Gruber verwöhnt Sie.</p>', ['Anton Gruber']],
  ['/', '<p>Je m’appelle Bérengère Lafarge et je suis graphiste.</p>', ['Bérengère Lafarge']],
  ['/', '<p>Bonjour ! Moi c’est Oriane Maillard.</p>', ['Oriane Maillard']],
  ['/', '<p>Nous sommes Chantal et Bruno Mercier, vos hôtes.</p>', ['Bruno Mercier', 'Chantal Mercier']],
  ['/', '<p>Chantal &amp; Bruno Mercier, propriétaires récoltants</p>', ['Bruno Mercier', 'Chantal Mercier']],
  [
    '/contact',
    '<dl><dt>Président</dt><dd>Michel Rousselot, 06 81 46 07 20</dd><dt>Trésorière</dt><dd>Annick Billod</dd></dl>',
    ['Annick Billod', 'Michel Rousselot'],
  ],
  [
    '/equipe',
    '<h3>Dr Camille Riou</h3><p>« J’aime les animaux. »</p><h3>Dr Inès Zerouk</h3><p>« Moi aussi. »</p>',
    ['Camille Riou', 'Inès Zerouk'],
  ],
  [
    '/team',
    '<h3>Niamh O’Sullivan</h3><p>Head of Operations</p><h3>D’Arcy McKinnon</h3><p>Engineer</p>',
    ['D’Arcy McKinnon', 'Niamh O’Sullivan'],
  ],
  [
    '/about',
    '<p>Our manager, Priya Raghunathan, and head chef Kwabena Asante run the kitchen.</p>',
    ['Kwabena Asante', 'Priya Raghunathan'],
  ],
  ['/', '<p>Un projet ? Appelez Romain Thiébaut au 06 11 22 33 44.</p>', ['Romain Thiébaut']],
  ['/', '<h3>Swann Le Dantec</h3><p>Fondatrice et céramiste</p>', ['Swann Le Dantec']],
  ['/contact', '<p><strong>Julien Abric</strong><br>Gérant<br>06 12 34 56 78</p>', ['Julien Abric']],
  [
    '/contact',
    '<p>Lucie Marchetti – 06 12 34 56 78 – lucie.marchetti@atelier-du-lac.fr</p>',
    ['Lucie Marchetti'],
  ],
  ['/contact', '<p>Votre interlocutrice : Mélissa Tabet</p>', ['Mélissa Tabet']],
  [
    '/notre-histoire',
    '<p>Depuis trois générations, la famille Rollin… Aujourd’hui, Thomas Rollin et sa sœur Élise Rollin dirigent l’entreprise.</p>',
    ['Thomas Rollin', 'Élise Rollin'],
  ],
  [
    '/notre-histoire',
    '<p>En 2018, rachat par Kamel Benhaddad, ancien chef d’atelier.</p>',
    ['Kamel Benhaddad'],
  ],
  [
    '/equipe',
    '<ul><li>Direction : Anne Pasquier</li><li>Atelier : Joël Pasquier, Mehdi Saadi</li><li>Bureau : Cindy Lopez</li></ul>',
    ['Anne Pasquier', 'Cindy Lopez', 'Joël Pasquier', 'Mehdi Saadi'],
  ],
  [
    '/equipe',
    '<table><tr><th>Nom</th><th>Fonction</th></tr><tr><td>Perrot Sylvie</td><td>Comptable</td></tr><tr><td>Nguyen Thi Hoa</td><td>Vendeuse</td></tr></table>',
    ['Sylvie Perrot', 'Nguyen Thi Hoa'],
  ],
  [
    '/equipe',
    '<h2>Notre équipe</h2><p>Marine</p><p>Alexandre Huet</p><p>Responsable d’exploitation</p>',
    ['Alexandre Huet'],
  ],
  ['/equipe', '<h4>Me Clotilde Varenne</h4><p>Barreau de Dijon</p>', ['Clotilde Varenne']],
  ['/mentions-legales', '<p>Directrice de la publication : RENAUD Marie-Claude</p>', ['Marie-Claude Renaud']],
  [
    '/mentions-legales',
    '<p>SARL DU LAC représentée par ses gérants Hervé et Fabrice TISSOT</p>',
    ['Fabrice Tissot', 'Hervé Tissot'],
  ],
  ['/mentions-legales', '<p>Le responsable du site est Monsieur Alban Fournier.</p>', ['Alban Fournier']],
  [
    '/mentions-legales',
    '<p>Responsable du traitement : Claire Berthelot, co-gérante.</p>',
    ['Claire Berthelot'],
  ],
  [
    '/a-propos',
    '<p>Gaëtan Moulin et Sarah Koenig ont ouvert la boutique en 2020.</p>',
    ['Gaëtan Moulin', 'Sarah Koenig'],
  ],
  [
    '/a-propos',
    '<p>Installée depuis 2012, Maud Péricard, ébéniste, travaille le bois local.</p>',
    ['Maud Péricard'],
  ],
  [
    '/a-propos',
    '<p>L’équipe se compose de Marion Lecas (accueil), Tom Delorme (atelier) et Zoé Vial (boutique).</p>',
    ['Marion Lecas', 'Tom Delorme', 'Zoé Vial'],
  ],
  [
    '/a-propos',
    '<p>Aux fourneaux, le chef Rodolphe Basset ; en salle, Aurélie Basset.</p>',
    ['Aurélie Basset', 'Rodolphe Basset'],
  ],
  ['/a-propos', '<p>Je suis Maëlys Corvisier, photographe à Nantes.</p>', ['Maëlys Corvisier']],
  [
    '/ueber-uns',
    '<p>Seit 2004 führt Markus Steiner den Betrieb; seine Frau Petra Steiner kümmert sich um das Büro.</p>',
    ['Markus Steiner', 'Petra Steiner'],
  ],
  [
    '/ueber-uns',
    '<h3>Jürgen Haas</h3><p>Zimmerermeister</p><h3>Gülşen Yıldız</h3><p>Bürokauffrau</p>',
    ['Gülşen Yıldız', 'Jürgen Haas'],
  ],
  [
    '/chi-siamo',
    '<p>Il titolare, Giuseppe Ferrario, e la figlia Chiara Ferrario vi aspettano.</p>',
    ['Chiara Ferrario', 'Giuseppe Ferrario'],
  ],
  [
    '/quienes-somos',
    '<p>Fundada por Javier Mendoza; su hija Lucía Mendoza dirige el taller.</p>',
    ['Javier Mendoza', 'Lucía Mendoza'],
  ],
  ['/about', '<p>Written with care by our founder, Hannah Whitfield.</p>', ['Hannah Whitfield']],
  ['/', '<p>Votre conseillère : Ophélie Texier – 06 12 34 56 78</p>', ['Ophélie Texier']],
  ['/', '<p>Marie et Paul Guillou, éleveurs depuis 2003</p>', ['Marie Guillou', 'Paul Guillou']],
  ['/', '<p>SAV assuré par Patrick Lemoine.</p>', ['Patrick Lemoine']],
  [
    '/equipe',
    '<p>Direction générale<br>Étienne Savary<br>e.savary@atelier-du-lac.fr</p>',
    ['Étienne Savary'],
  ],
  ['/contact', '<p>Service après-vente – Loïc Hamon, 02 98 11 22 33</p>', ['Loïc Hamon']],
  [
    '/a-propos',
    '<p>Laëtitia Fargeas, maître artisan, vous ouvre les portes de son atelier.</p>',
    ['Laëtitia Fargeas'],
  ],
  ['/a-propos', '<p>C’est en 2009 que Bertrand Ollivier crée l’entreprise.</p>', ['Bertrand Ollivier']],
  [
    '/a-propos',
    '<p>Rejoint en 2016 par son frère Simon Ollivier, il développe la menuiserie.</p>',
    ['Simon Ollivier'],
  ],
  [
    '/a-propos',
    '<p>Aux commandes : Estelle Gravier et Driss Amrani.</p>',
    ['Driss Amrani', 'Estelle Gravier'],
  ],
  ['/', '<p>Élodie Fabre — Sage-femme libérale</p>', ['Élodie Fabre']],
  ['/', '<p>Cabinet du Dr Jean-Yves Kerrien</p>', ['Jean-Yves Kerrien']],
  [
    '/equipe',
    '<div><img alt=""><h5>Noah Van den Berg</h5><span>Sales Manager</span></div><div><h5>Femke de Vries</h5><span>Office Manager</span></div>',
    ['Femke de Vries', 'Noah Van den Berg'],
  ],
  [
    '/equipe',
    '<p>Présidente : Mme Odette Rivoire ; vice-président : M. Alain Cassagne ; trésorier : M. Rémi Bousquet.</p>',
    ['Alain Cassagne', 'Odette Rivoire', 'Rémi Bousquet'],
  ],
  ['/a-propos', '<p>Toute l’équipe, Karine Delmas en tête, vous attend.</p>', ['Karine Delmas']],
  [
    '/mentions-legales',
    '<p>Directeur de la publication et responsable de la rédaction : Xavier Lhomme</p>',
    ['Xavier Lhomme'],
  ],
])('staff on %s: %s', (path, body, expected) =>
  expect(namesOn(HOST, path, body)).toEqual(expected.toSorted()),
)

// The site bears the name of the one person behind it.
test.each<[string, string, string, string[]]>([
  [
    'atelier-soniabenhaddou.com',
    '<title>Accueil | Sonia Ben Haddou</title>',
    '<p>Peintures</p><footer><p>© 2035 par Sonia Ben Haddou. Créé avec <a href="https://fr.wix.com/">Wix.com</a></p></footer>',
    ['Sonia Ben Haddou'],
  ],
  [
    'claire-vasseur.fr',
    '<title>Claire Vasseur – Sophrologue à Dole</title>',
    '<h1>Claire Vasseur</h1><p>Sophrologue</p>',
    ['Claire Vasseur'],
  ],
  ['menuiserie-paul-roche.fr', '<title>Menuiserie Paul Roche</title>', '<p>© Menuiserie Paul Roche</p>', []],
  [
    'okoye-legrand.fr',
    '<title>Okoye Legrand Avocats</title>',
    '<h4>Me Ségolène Legrand</h4><p>Avocate</p>',
    ['Ségolène Legrand'],
  ],
])('the name of the site %s', (host, head, body, expected) =>
  expect(namesOn(host, '/', body, head)).toEqual(expected),
)

test.each<[string, string]>([
  ['Masseur-kinésithérapeute D.E., fondateur du cabinet', 'owner'],
  ['Concepteur-vendeur', 'sales'],
  ['Conceptrice vendeuse', 'sales'],
  ['Responsable bureau d’études', 'technical'],
  ['Responsable QSE', 'manager'],
  ['Responsable commercial', 'sales'],
  ['Chargée d’affaires', 'sales'],
  ['Assistante administration des ventes', 'sales'],
  ['Assistante commerciale', 'sales'],
  ['Assistante RH', 'hr'],
  ['Assistant du président', 'other'],
  ['Conseillère en patrimoine', 'other'],
  ['Conseiller de vente', 'sales'],
  ['Artisan charpentier, gérant', 'owner'],
  ['Charpentier et associé', 'owner'],
  ['Coiffeuse, propriétaire du salon', 'owner'],
  ['Fondatrice et céramiste', 'owner'],
  ['Directeur des ventes', 'director'],
  ['Küchenchef', 'technical'],
  ['Werkstattleiter', 'technical'],
  ['Filialleiterin', 'manager'],
  ['Empfangschefin', 'other'],
  ['Vétérinaire associée', 'owner'],
  ['Secrétaire de direction', 'other'],
  ['Directrice adjointe', 'director'],
  ['Co-gérante', 'owner'],
])('the role %s is of kind %s', (role, kind) => expect(String(roleKindOf(role))).toBe(kind))

test('a role of forty thousand dots costs nothing', () => {
  const started = performance.now()
  expect(readRole(`a${'.'.repeat(40_000)}b`)).toBeNull()
  expect(performance.now() - started).toBeLessThan(50)
})

test('the only one whose name the site bears leads it where nobody else is said to', () => {
  const kinds = (body: string) =>
    mergePeople(peopleOn('atelier-moret.com', '/equipe', body)).map(({ name, roleKind }) => [name, roleKind])
  expect(kinds('<h3>Hélène Moret</h3><p>Céramiste</p><h3>Paul Vidal</h3><p>Céramiste</p>')).toEqual([
    ['Hélène Moret', 'owner'],
    ['Paul Vidal', 'technical'],
  ])
  expect(kinds('<h3>Hélène Moret</h3><p>Céramiste</p><h3>Paul Vidal</h3><p>Gérant</p>')).toEqual([
    ['Hélène Moret', 'technical'],
    ['Paul Vidal', 'owner'],
  ])
})

test('of two writings of a name the one with its accents stays', () => {
  const facts = [
    ...peopleOn('www.deco-lac.fr', '/mentions-legales', '<p>Gérant : M. Hasan Yilmaz</p>'),
    ...peopleOn('www.deco-lac.fr', '/equipe', '<p>Hasan Yılmaz travaille ici</p>'),
  ]
  expect(mergePeople(facts).map(({ name }) => name)).toEqual(['Hasan Yılmaz'])
})

test.each<[string, string, string | null]>([
  ['c.bonnal', 'Coralie Bonnal-Nabot', 'f.last'],
  ['gb.rossi', 'Gian Battista Rossi', 'f.last'],
  ['anne-gaelle.lemoign', 'Anne-Gaëlle Le Moign', 'first.last'],
  ['c.andrieu', 'Capucine Andrieu de Fontval', 'f.last'],
  ['m.nabot', 'Marie Bonnal-Nabot', 'f.last'],
  ['jean-pierre.roux', 'Jean Pierre Roux', 'first.last'],
  ['mlopez', 'Maria Lopez Garrido', 'flast'],
  ['accueil', 'Coralie Bonnal-Nabot', null],
  ['c.rossi', 'Paul Rossi', null],
  ['contact', 'Luc Cont', null],
])('%s@ of %s', (local, name, pattern) => expect(patternOf(local, name) === null).toBe(pattern === null))
