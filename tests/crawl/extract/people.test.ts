import { expect, test } from 'bun:test'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'

const factsOf = (body: string, path: string): PageFacts =>
  parsedAt(`https://www.maison-klein.fr${path}`, `<!doctype html><html><body>${body}</body></html>`).facts

const peopleOf = (html: string, path: string): string[] =>
  factsOf(html, path).people.map((fact) =>
    [fact.name, fact.role, fact.roleKind, fact.email, fact.phone].join('|'),
  )

test.each<[string, string, string[]]>([
  [
    '/equipe',
    '<div class="card"><h3>DUPONT Jean-Pierre</h3><p>Gérant</p></div>',
    ['Jean-Pierre Dupont|Gérant|owner||'],
  ],
  ['/equipe', '<div class="card"><h3>JEAN DUPONT</h3><p>Gérant</p></div>', ['Jean Dupont|Gérant|owner||']],
  [
    '/equipe',
    '<div><h3>Gwenaëlle Le Bihan</h3><p>Responsable qualité</p></div><div><h3>Maïwenn Kerguélen</h3><p>Apprentie</p></div>',
    ['Gwenaëlle Le Bihan|Responsable qualité|manager||', 'Maïwenn Kerguélen|Apprentie|technical||'],
  ],
  [
    '/equipe',
    '<div><h3>Mohammed Ben Salah</h3><p>Technicien</p></div>',
    ['Mohammed Ben Salah|Technicien|technical||'],
  ],
  [
    '/equipe',
    '<div><h3>Aleksandra Wiśniewska</h3><p>Comptable</p></div>',
    ['Aleksandra Wiśniewska|Comptable|accounting||'],
  ],
  [
    '/equipe',
    '<div><h3>Jean & Marie Dupont</h3><p>Propriétaires</p></div>',
    ['Jean Dupont|Propriétaires|owner||', 'Marie Dupont|Propriétaires|owner||'],
  ],
  [
    '/equipe',
    '<p>Sophie et Marc Lambert, gérants</p>',
    ['Sophie Lambert|gérants|owner||', 'Marc Lambert|gérants|owner||'],
  ],
  [
    '/a-propos',
    '<p>Sophie et Marc Lambert vous accueillent dans leur maison.</p>',
    ['Sophie Lambert||||', 'Marc Lambert||||'],
  ],
  ['/a-propos', '<p>Pierre et Marie Curie</p><p>Une rue porte leur nom.</p>', []],
  [
    '/a-propos',
    '<p>Créée par Raymond Lecoq en 1968, reprise en 2001 par son gendre, Yves-Marie Hameau, l’entreprise a grandi. Responsable technique : Dorian Trottier.</p>',
    [
      'Raymond Lecoq|Fondateur|owner||',
      'Yves-Marie Hameau|Gérant|owner||',
      'Dorian Trottier|Responsable technique|technical||',
    ],
  ],
  [
    '/contact',
    '<p>Trésorière : Lætitia Puy. Conseillers : Erwan Guyot, Sabrina Petit.</p>',
    [
      'Lætitia Puy|Trésorière|accounting||',
      'Erwan Guyot|Conseillers|other||',
      'Sabrina Petit|Conseillers|other||',
    ],
  ],
  [
    '/',
    '<h2>Notre équipe</h2><div><h4>Karim Haddad</h4><p>Moniteur diplômé d’État</p></div><h2>Nos voitures</h2><h4>Renault Clio</h4><p>Boîte manuelle</p>',
    ['Karim Haddad|Moniteur diplômé d’État|technical||'],
  ],
  [
    '/mentions-legales',
    '<p>Tom Esteves EI, 19 boulevard Carnot, 87000 Limoges</p>',
    ['Tom Esteves|Entrepreneur individuel|owner||'],
  ],
  [
    '/',
    '<figure><blockquote><p>Très utile.</p></blockquote><figcaption>Laurence Pignon, DRH, Schneider</figcaption></figure>',
    [],
  ],
  ['/a-propos', '<p>Gérants : M. et Mme Keller</p>', []],
  [
    '/mentions-legales',
    '<p>Directeur de la publication : Jean-Marc de La Tour d’Auvergne</p>',
    ['Jean-Marc de La Tour d’Auvergne|Directeur de la publication|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Directrice de publication : KELLER Sophie (contact@maison-klein.fr)</p>',
    ['Sophie Keller|Directrice de publication|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Le site est édité par Maison Klein SARL, représentée par son gérant, M. Paul Klein.</p>',
    ['Paul Klein|Gérant|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>La société MAISON KLEIN, dont le gérant est Paul KLEIN</p>',
    ['Paul Klein|Gérant|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Représentant légal : Mme Yasmina El Amrani en qualité de présidente</p>',
    ['Yasmina El Amrani|Représentant légal|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Ce site est la propriété de Mme Anne-Sophie Weiss, entrepreneur individuel</p>',
    ['Anne-Sophie Weiss|Entrepreneur individuel|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Nom du directeur de publication :</p><p>Thomas Muller</p>',
    ['Thomas Muller|Directeur de publication|owner||'],
  ],
  [
    '/mentions-legales',
    '<table><tr><th>Responsable de publication</th><td>Thomas Muller</td></tr></table>',
    ['Thomas Muller|Responsable de publication|owner||'],
  ],
  [
    '/mentions-legales',
    '<p>Délégué à la protection des données : Laura Simon, dpo@maison-klein.fr</p>',
    ['Laura Simon|Délégué à la protection des données|other||'],
  ],
  ['/contact', '<p>Votre contact : Julie Meyer</p><p>06 70 11 22 33</p>', ['Julie Meyer||||+33670112233']],
  [
    '/contact',
    '<p>Cordialement,<br>Julie Meyer<br>Responsable commerciale<br>Tél. 06 70 11 22 33</p>',
    ['Julie Meyer|Responsable commerciale|sales||+33670112233'],
  ],
  [
    '/contact',
    '<p>Julie Meyer - 06 70 11 22 33 - julie@maison-klein.fr</p>',
    ['Julie Meyer|||julie@maison-klein.fr|+33670112233'],
  ],
  [
    '/equipe',
    '<ul><li>Julie Meyer : secrétariat</li><li>Paul Roux : atelier</li></ul>',
    ['Julie Meyer|secrétariat|other||', 'Paul Roux|atelier|technical||'],
  ],
  [
    '/equipe',
    '<figure><img alt="Julie Meyer"><figcaption>Julie Meyer<br><em>Assistante dentaire</em></figcaption></figure>',
    ['Julie Meyer|Assistante dentaire|other||'],
  ],
  [
    '/equipe',
    '<p><strong>Maître Claire Dubois</strong>, avocate au barreau de Metz</p>',
    ['Claire Dubois|avocate au barreau de Metz|technical||'],
  ],
  [
    '/equipe',
    '<h3>Dr. Ahmed Haddad</h3><p>Chirurgien-dentiste</p>',
    ['Ahmed Haddad|Chirurgien-dentiste|technical||'],
  ],
  ['/equipe', '<h3>Claire D.</h3><p>Secrétaire</p>', []],
  ['/equipe', '<h3>Pierre</h3><p>Mécanicien</p>', []],
  [
    '/blog/article',
    '<p>Par Jean Dupont, le 12 mars 2024</p><h3>Commentaires</h3><div class="comment"><b>Marie Petit</b><p>Super</p></div>',
    [],
  ],
  ['/blog', '<article><span class="author">Publié par Jean Dupont</span></article>', []],
  [
    '/',
    '<div class="testimonials"><div><p>Super travail</p><h4>Marie Petit</h4><p>Directrice, Hôtel Bellevue</p></div></div>',
    [],
  ],
  [
    '/',
    '<section><h2>Ils nous font confiance</h2><div><p>« Super travail »</p><h4>Marie Petit</h4><p>Directrice</p></div></section>',
    [],
  ],
  [
    '/',
    '<section><h2>Ce que disent nos clients</h2><div><p>Super travail, je recommande</p><h4>Marie Petit</h4><p>Gérante de restaurant</p></div></section>',
    [],
  ],
  [
    '/',
    '<section><h2>Avis clients</h2><p>Très bien</p><p>Marie Petit, gérante du salon Hair</p></section>',
    [],
  ],
  ['/', '<p>12 rue Victor Hugo</p><p>Place Charles de Gaulle</p><h3>Jean Moulin</h3><p>Lycée</p>', []],
  ['/', '<h3>Robe Sophie Martin</h3><p>Créatrice</p><h3>Fauteuil Louis Philippe</h3><p>199 €</p>', []],
  ['/', '<h3>Chambre Marie Antoinette</h3><p>2 personnes</p>', []],
  ['/', '<h3>Saint Martin</h3><p>Agent immobilier</p>', []],
  ['/', '<h2>Pompes Funèbres Martin</h2><p>Directeur : Luc Martin</p>', ['Luc Martin|Directeur|director||']],
  [
    '/equipe',
    '<div class="team"><div><img><h4>Luc Martin</h4><span>Pizzaïolo</span></div><div><h4>Ana Sousa</h4><span>En salle</span></div><div><h4>Léo Durand</h4><span>Apprenti</span></div></div>',
    ['Luc Martin|Pizzaïolo|technical||', 'Ana Sousa|En salle|other||', 'Léo Durand|Apprenti|technical||'],
  ],
  [
    '/equipe',
    '<div class="team-member"><h4>Luc Martin</h4></div><div class="team-member"><h4>Ana Sousa</h4></div>',
    ['Luc Martin||||', 'Ana Sousa||||'],
  ],
  [
    '/contact',
    '<script type="application/ld+json">{"@type":"LocalBusiness","founder":{"@type":"Person","name":"Luc Martin"},"employee":[{"@type":"Person","name":"Ana Sousa","jobTitle":"Vendeuse"}],"review":{"author":{"@type":"Person","name":"Bob Petit"}}}</script>',
    ['Luc Martin|Fondateur|owner||', 'Ana Sousa|Vendeuse|sales||'],
  ],
  [
    '/contact',
    '<div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Luc Martin</span><span itemprop="jobTitle">Gérant</span><a itemprop="telephone" href="tel:0670112233">06 70 11 22 33</a></div>',
    ['Luc Martin|Gérant|owner||+33670112233'],
  ],
  [
    '/contact',
    '<div class="vcard"><span class="fn">Luc Martin</span> <span class="title">Gérant</span></div>',
    ['Luc Martin|Gérant|owner||'],
  ],
  ['/contact', '<p>Contactez Luc Martin au 06 70 11 22 33</p>', ['Luc Martin||||+33670112233']],
  [
    '/contact',
    '<p>Vos interlocuteurs : Luc Martin (gérant) et Ana Sousa (comptable)</p>',
    ['Luc Martin|gérant|owner||', 'Ana Sousa|comptable|accounting||'],
  ],
  [
    '/equipe',
    '<table><tr><th>Nom</th><th>Fonction</th><th>Mail</th></tr><tr><td>MARTIN Luc</td><td>Gérant</td><td>luc@maison-klein.fr</td></tr><tr><td>SOUSA Ana</td><td>Comptable</td><td>ana@maison-klein.fr</td></tr></table>',
    ['Luc Martin|Gérant|owner|luc@maison-klein.fr|', 'Ana Sousa|Comptable|accounting|ana@maison-klein.fr|'],
  ],
  [
    '/a-propos',
    '<p>Fondée en 1987 par Robert Klein, la maison est dirigée depuis 2010 par son fils Marc Klein.</p>',
    ['Marc Klein|Dirigeant|owner||'],
  ],
  [
    '/a-propos',
    '<p>Fondée en 2008 par Robert Klein, la maison est dirigée depuis 2020 par son fils Marc Klein.</p>',
    ['Robert Klein|Fondateur|owner||', 'Marc Klein|Dirigeant|owner||'],
  ],
  [
    '/a-propos',
    '<p>Je m’appelle Luc Martin, artisan menuisier depuis 1998.</p>',
    ['Luc Martin|artisan menuisier|owner||'],
  ],
  [
    '/a-propos',
    '<p>Luc Martin, votre artisan menuisier à Metz</p>',
    ['Luc Martin|artisan menuisier à Metz|owner||'],
  ],
])('people on %s of %s', (path, html, expected) => expect(peopleOf(html, path)).toEqual(expected))
