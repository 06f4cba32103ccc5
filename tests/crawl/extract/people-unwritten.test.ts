// People whom a page names in no ordinary line: in the data of its scripts, in the words for pictures, without capitals.
import { expect, test } from 'bun:test'
import { namesOn, peopleOn } from '#tests/support/people-on.ts'

const data = (props: unknown): string =>
  `<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">${JSON.stringify({ props: { pageProps: props } })}</script>`

test('a team that only the data of a script names is found, with titles, addresses and numbers', () => {
  const team = [
    {
      id: 1,
      name: 'Odile Garnier',
      role: 'Gérante',
      email: 'o.garnier@garnier-toitures.fr',
      phone: '06 71 22 33 44',
    },
    { id: 2, name: 'Marwan Haddad', role: 'Couvreur', email: null },
  ]
  const people = peopleOn('garnier-toitures.fr', '/equipe', data({ team }))
  expect(
    people.map(({ name, role, roleKind, email, phone }) => [name, role, roleKind, email, phone]),
  ).toEqual([
    ['Odile Garnier', 'Gérante', 'owner', 'o.garnier@garnier-toitures.fr', '+33671223344'],
    ['Marwan Haddad', 'Couvreur', 'technical', null, null],
  ])
})

test.each<[string, string]>([
  [
    'envelopes of a content system',
    data({
      nosConseillers: {
        data: [{ id: 1, attributes: { prenom: 'Odile', nom: 'Garnier', fonction: 'Conseillère' } }],
      },
    }),
  ],
  ['nodes of a graph', data({ teamMembers: { nodes: [{ title: 'Gérante', name: 'Odile Garnier' }] } })],
  [
    'a text in a text',
    `<script>self.__next_f.push([1,"5:[\\"$\\",\\"$L9\\",null,{\\"members\\":[{\\"name\\":\\"Odile Garnier\\",\\"job\\":\\"Gérante\\"}]}]"])</script>`,
  ],
])('staff in %s is found', (_, body) => {
  expect(namesOn('maison-claire.fr', '/', body)).toEqual(['Odile Garnier'])
})

test.each<[string, string]>([
  ['customers', data({ testimonials: [{ name: 'Odile Garnier', title: 'Gérante' }] })],
  [
    'members that leave reviews',
    data({ members: [{ name: 'Odile Garnier', rating: 5, comment: 'Parfait' }] }),
  ],
  ['writers of articles', data({ posts: [{ author: { name: 'Odile Garnier' }, title: 'Rédactrice' }] })],
  ['teams that play', data({ teams: [{ name: 'Paris FC', city: 'Paris' }, { name: 'Girondins Bordeaux' }] })],
  ['a list that is cut', '<script>var x={"team":[{"name":"Odile Garnier","role":"Gérante"</script>'],
])('%s in the data of a script are no staff', (_, body) => {
  expect(namesOn('maison-claire.fr', '/', body)).toEqual([])
})

test('a list in a script that never ends takes no time', () => {
  const body = `<script>var x={"team":${'[{"a":'.repeat(9_000)}</script>`
  const start = performance.now()
  expect(namesOn('maison-claire.fr', '/', body)).toEqual([])
  expect(performance.now() - start).toBeLessThan(1_500)
})

test.each<[string, string, string[]]>([
  [
    '/equipe',
    '<h1>Notre équipe</h1><img src="/a.jpg" alt="Odile Garnier, gérante"><img src="/b.jpg" alt="Marwan Haddad – couvreur">',
    ['Marwan Haddad', 'Odile Garnier'],
  ],
  [
    '/equipe',
    '<h1>Notre équipe</h1><img src="/a.jpg" alt="Portrait de Odile Garnier"><img src="/b.jpg" alt="Marwan Haddad">',
    ['Marwan Haddad', 'Odile Garnier'],
  ],
  ['/a-propos', '<h1>La maison</h1><img src="/a.jpg" alt="Odile Garnier, gérante">', ['Odile Garnier']],
  // One picture without a title may show whomever.
  ['/equipe', '<h1>Notre équipe</h1><img src="/a.jpg" alt="Victor Hugo">', []],
  [
    '/galerie',
    '<h1>Œuvres</h1><img src="/a.jpg" alt="Camille Claudel"><img src="/b.jpg" alt="Odile Redon">',
    [],
  ],
  ['/a-propos', '<h2>Avis clients</h2><img src="/a.jpg" alt="Odile Garnier, gérante"><p>Très bien.</p>', []],
  [
    '/equipe',
    '<h2>Nos partenaires</h2><img src="/a.jpg" alt="Odile Garnier"><img src="/b.jpg" alt="Marwan Haddad"><p>x</p>',
    [],
  ],
])('pictures on %s name their people: %s', (path, body, names) => {
  expect(namesOn('maison-claire.fr', path, body)).toEqual(names)
})

test.each<[string, string, string[]]>([
  [
    '/equipe',
    '<h1>équipe</h1><h3>odile garnier</h3><p>gérante</p><h3>marwan haddad</h3><p>couvreur</p>',
    ['Marwan Haddad', 'Odile Garnier'],
  ],
  ['/equipe', '<h1>équipe</h1><p>odile garnier – gérante</p>', ['Odile Garnier']],
  ['/equipe', '<h1>équipe</h1><p>odile le goff, architecte</p>', ['Odile le Goff']],
  // Two small words may be anything.
  ['/equipe', '<h1>équipe</h1><h3>rose ancienne</h3><p>en pot de trois litres</p>', []],
  ['/produits', '<h1>produits</h1><h3>odile garnier</h3><p>gérante</p>', []],
])('names without capitals on %s: %s', (path, body, names) => {
  expect(namesOn('maison-claire.fr', path, body)).toEqual(names)
})

test.each<[string, string]>([
  ['games', data({ steamGames: [{ name: 'Max Payne' }] })],
  ['partners', data({ partnersTeam: [{ name: 'Odile Garnier', role: 'Gérante' }] })],
  ['writers of comments', data({ members: [{ name: 'Odile Garnier', text: 'Super' }] })],
  ['players', data({ team: [{ name: 'Odile Garnier', position: 'Attaquante', jerseyNumber: 9 }] })],
  ['who has another title now', data({ team: [{ name: 'Odile Garnier', role: 'Ancienne gérante' }] })],
  ['who left', data({ anciensMembres: [{ name: 'Odile Garnier', role: 'Gérante' }] })],
])('%s in lists whose names are like those of staff are no staff', (_, body) => {
  expect(namesOn('maison-claire.fr', '/', body)).toEqual([])
})

test('brands that are called as people are, in pictures of a team page, are no staff', () => {
  const body =
    '<h1>Notre équipe</h1><img src="/logos/jacob.png" alt="Jacob Delafon"><img src="/img/marques/2.png" alt="Yves Rocher">'
  expect(namesOn('maison-claire.fr', '/equipe', body)).toEqual([])
})

test('a profession beside a name under the team’s heading is its staff, on any page', () => {
  const body = '<h2>Notre équipe</h2><p>Photographe : Yann Quéméré</p><p>Gérante : Odile Garnier</p>'
  expect(namesOn('maison-claire.fr', '/', body)).toEqual(['Odile Garnier', 'Yann Quéméré'])
})

test('Greta is a given name, GRETA trains adults', () => {
  const body =
    '<h1>Team</h1><h3>Greta Huber</h3><p>Geschäftsführerin</p><h3>GRETA Lorraine</h3><p>Formatrice</p>'
  expect(namesOn('tischlerei-lang.de', '/team', body)).toEqual(['Greta Huber'])
})

test('who is pictured at an occasion is no staff', () => {
  const body =
    '<h1>La maison</h1><img src="/a.jpg" alt="Odile Garnier, présidente du club, lors de l’inauguration">'
  expect(namesOn('maison-claire.fr', '/a-propos', body)).toEqual([])
})

test('who works with passion keeps those named after it', () => {
  const body =
    '<h1>Notre équipe</h1><p>Nous collaborons avec bonheur, Julie Weber, couturière, et Paul Petit, tapissier</p>'
  expect(namesOn('maison-claire.fr', '/equipe', body)).toEqual(['Julie Weber', 'Paul Petit'])
})
