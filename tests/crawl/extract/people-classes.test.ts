// The ways in which pages show their people, and those in which they show others.
import { expect, test } from 'bun:test'
import { mergePeople } from '#src/crawl/extract/merge-people.ts'
import { nameSpans, withSeams } from '#src/crawl/extract/name-spans.ts'
import { parsedAt } from '#tests/support/parsed-at.ts'
import { roleKindOf } from '#src/crawl/extract/roles.ts'

const namesOn = (body: string, path: string, host = 'www.atelier-du-lac.fr'): string[] =>
  parsedAt(`https://${host}${path}`, `<!doctype html><html><body>${body}</body></html>`, {
    deep: false,
  }).facts.people.map((fact) => fact.name)

test.each<[string, string[]]>([
  ['Direction : Alain et Brigitte CORNU', ['Alain Cornu', 'Brigitte Cornu']],
  ['Mme Da Costa Pereira Fernanda', ['Fernanda Da Costa Pereira']],
  ['Nuria RIBAS i FONT', ['Nuria Ribas i Font']],
  ['Trần Văn Minh', ['Trần Văn Minh']],
  ['<b>Lucas Vogel</b>Cofondateur'.replace(/<[^>]+>/g, ''), ['Lucas Vogel']],
  ['Jean-Guy « Ti-Guy » Morin', ['Jean-Guy Morin']],
  ['M. Loïc DE LA FERRIÈRE', ['Loïc de La Ferrière']],
  ['Dr. med. Anke Weiß', ['Anke Weiß']],
  ['Abd el-Kader Haddad', ['Abd el-Kader Haddad']],
  ['Rhys ap Owen', ['Rhys ap Owen']],
  ['Maroquinerie Lambert', []],
  ['REA IM', []],
  ['Rue Sainte-Bernadette', []],
  ['Nos Services Numériques', []],
])('names in %s', (text, expected) => {
  const spans = nameSpans(withSeams(text)).toSorted((a, b) => a.start - b.start)
  expect(spans.map(({ name }) => name.name)).toEqual(expected)
})

test.each<[string, string, string[]]>([
  [
    '/equipe',
    '<dl><dt>Directrice</dt><dd>Sandra Pelle, éducatrice (s.pelle chez lac.fr)</dd></dl>',
    ['Sandra Pelle'],
  ],
  ['/equipe', '<dl><dt>Cuisine</dt><dd>Ana Sousa et Léo Durand</dd></dl>', ['Ana Sousa', 'Léo Durand']],
  [
    '/equipe',
    '<ul><li>Dr Aline Besson 04 71 62 11 01</li><li>Dr Marc Roux 04 71 62 11 02</li></ul>',
    ['Aline Besson', 'Marc Roux'],
  ],
  ['/a-propos', '<p>Mme Fatima El Amrani tient la facturation.</p>', ['Fatima El Amrani']],
  [
    '/a-propos',
    '<p>Il travaille avec son épouse, Agnès Morel-Thiriet, et leur apprenti, Théo Vasseur.</p>',
    ['Agnès Morel-Thiriet', 'Théo Vasseur'],
  ],
  [
    '/about',
    '<p>Founded in 2009 by Tom Ellis. Adam Price runs the workshop; Susan Bright looks after accounts.</p>',
    ['Tom Ellis', 'Adam Price', 'Susan Bright'],
  ],
  ['/impressum', '<p>Geschäftsführer: Klaus Weber</p>', ['Klaus Weber']],
  [
    '/nl/over-ons',
    '<p>Zaakvoerder: Pieter Janssens. Verantwoordelijke verkoop: Sofie Maes.</p>',
    ['Pieter Janssens', 'Sofie Maes'],
  ],
  ['/la-familia', '<div>Carmen Ortega</div><div>Jefa de cocina</div>', ['Carmen Ortega']],
  ['/azienda', '<p>Amministratore unico: Paolo Ferri</p>', ['Paolo Ferri']],
  [
    '/',
    '<p>Gilbert et Mireille CUSIN vous accueillent toute l’année.</p>',
    ['Mireille Cusin', 'Gilbert Cusin'],
  ],
  ['/contact', '<p>Votre hôte : Hugo Casanova</p>', ['Hugo Casanova']],
])('staff on %s: %s', (path, html, expected) =>
  expect(namesOn(html, path).toSorted()).toEqual(expected.toSorted()),
)

test.each<[string, string]>([
  ['/a-propos', '<p>Fondée en 1857 par Arnaud Morel, la maison a grandi.</p>'],
  ['/a-propos', '<p>Formé chez Thomas Mollet puis élève d’Étienne Vatel.</p>'],
  ['/a-propos', '<p>L’atelier occupe l’ancienne maison de Jean-Baptiste Morin ; on y voit son établi.</p>'],
  ['/a-propos', '<p>Paul Morin (1820–1895) peignit la façade.</p>'],
  ['/equipe', '<h3>Frank Doe</h3><p>Founder</p>'],
  ['/equipe', '<p>Musiques : Hans Zimmer. Photos : Claire Martin.</p>'],
  ['/', '<p>« Au top ! » – Jean-Luc Berset, gérant</p>'],
  ['/', '<p>Avis de décès : M. Henri BLANC (92 ans)</p>'],
  ['/actualites', '<p>M. Xavier Berton, président de la CCI, a visité nos ateliers.</p>'],
  ['/references', '<p>Références : Jean-Marc Duval, DSI, jm.duval@client-fictif.fr</p>'],
  ['/blog/post', '<p>6 novembre 2023, par Marie Bonnet (psychologue, invitée)</p>'],
  ['/contact', '<p>Lieu-dit « La Croix Blanche »</p><p>Rue Pierre Curie</p>'],
  ['/', '<p>Agent officiel Tour de Suisse, Gary Fisher, Eddy Martin.</p>'],
])('no staff on %s: %s', (path, html) => expect(namesOn(html, path)).toEqual([]))

test.each<[string, string]>([
  ['Gérant·e', 'owner'],
  ['Directeur/trice', 'director'],
  ['Geschäftsführerin', 'director'],
  ['Inhaber', 'owner'],
  ['Zaakvoerder', 'owner'],
  ['Titolare', 'owner'],
  ['Propietaria', 'owner'],
  ['Expert-comptable, associée', 'owner'],
  ['Maître brasseur & gérant', 'owner'],
  ['Assistante de direction', 'other'],
  ['Practice Manager', 'manager'],
])('the role %s is of kind %s', (role, kind) => expect(String(roleKindOf(role))).toBe(kind))

test('initials and half a surname count to the only full name they can stand for', () => {
  const fact = (name: string, pageUrl: string) => ({
    name,
    role: null,
    roleKind: null,
    email: null,
    phone: null,
    linkedin: null,
    pageUrl,
    method: 'text',
    snippet: name,
    confidence: 0.8,
  })
  const merged = mergePeople([
    fact('J.-P. Martin', '/a'),
    fact('Jean-Pierre Martin', '/b'),
    fact('Coralie Bonnet', '/a'),
    fact('Coralie Bonnet-Nebot', '/b'),
    fact('A. Roux', '/a'),
    fact('Anne Roux', '/b'),
    fact('Alain Roux', '/b'),
  ])
  expect(merged.map(({ name }) => name).toSorted()).toEqual([
    'A. Roux',
    'Alain Roux',
    'Anne Roux',
    'Coralie Bonnet-Nebot',
    'Jean-Pierre Martin',
  ])
})
