// What stands right beside a name and decides whether its bearer is of the house; every row is made up.
import { expect, test } from 'bun:test'
import { roleKindOf } from '#src/crawl/extract/roles.ts'
import { namesOn, peopleOn } from '#tests/support/people-on.ts'

const HOST = 'www.atelier-moret.com'

test.each<[string, string]>([
  ['/', '<p>„Seit Jahren bestens betreut.“ – Jürgen Brandt, Geschäftsführer Brandt Werkzeuge</p>'],
  ['/', '<p>"Très bon travail" - Claire Vasson, directrice</p>'],
  ['/equipe', '<p>Correspondant en Espagne : Transportes Norte, Javier Ruiz, +34 948 11 22 33.</p>'],
  ['/equipe', '<p>Importador en Francia: SARL Vins du Nord, M. Laurent Girot.</p>'],
  ['/', '<p>Références : quai Nord – maître d’ouvrage : Métropole, contact M. Bruno Hamel.</p>'],
  ['/equipe', '<p>Puntuaciones: Tim Walker 93, James Carter 91.</p>'],
  ['/equipe', '<p>Le fondateur</p><p>Jean-Luc Vidal, président de Cerisia France</p>'],
  ['/equipe', '<p>CV à l’attention de Nathalie Girot (Randstad Vesoul).</p>'],
  ['/conseils', '<p>Par Agathe Ramey, rédactrice santé, le 12/03/2024</p>'],
  ['/', '<div><p>Très pro.</p><p>Marie Colin</p><p>Gérante de La Cave</p></div>'],
  ['/contact', '<p>En cas d’urgence : Dr Julie Vidal (Metz)</p>'],
  ['/agences', '<p>ZI Saint-Frédéric – chef d’agence</p>'],
  [
    '/mentions-legales',
    '<p>Conception, réalisation et hébergement : SOLOCAL, société anonyme au capital de 129 505 837 euros, Boulogne</p><p>Directeur de la publication de Solocal : Rémi Vasson.</p>',
  ],
  ['/', '<p>L’association a été fondée en 2016 par Paul Girot, parti depuis à Lisbonne.</p>'],
  ['/livredor', '<p>Claire Vasson, directrice</p>'],
])('nobody of the house on %s: %s', (path, body) => expect(namesOn(HOST, path, body)).toEqual([]))

test.each<[string, string, string[]]>([
  ['/', '<p>Antoine et Camille Moret, 5e génération.</p>', ['Antoine Moret', 'Camille Moret']],
  ['/contact', '<p>Entreprise Kelly BONNARD, n° SIREN 819370420</p>', ['Kelly Bonnard']],
  ['/', '<p>Jean Girot et son fils Luc vous accueillent.</p>', ['Jean Girot']],
  ['/impressum', '<p>Inhaltlich Verantwortlicher: Petra Vogt</p>', ['Petra Vogt']],
  ['/equipe', '<p>Mª Ángeles Vidal</p><p>Enóloga</p>', ['Mª Ángeles Vidal']],
  [
    '/contact',
    '<p>Pour réserver : Michel et Odile FERRIER, 06 11 22 33 44</p>',
    ['Michel Ferrier', 'Odile Ferrier'],
  ],
  [
    '/our-team',
    '<h3>Dr Fiona MacAllister BVMS MRCVS</h3><p>Clinical director</p><h3>Tom Girot BVSc MRCVS</h3><p>Farm vet</p>',
    ['Fiona MacAllister', 'Tom Girot'],
  ],
  ['/asso', '<p>Animatrice du lieu : Claire Vasson — ou passez le matin.</p>', ['Claire Vasson']],
  ['/team', '<p>Lernender: Nico Herger</p>', ['Nico Herger']],
  [
    '/atelier',
    '<p>Derrière Moret : Claire Vasson (torréfaction) et Paul Girot (tout le reste).</p>',
    ['Claire Vasson', 'Paul Girot'],
  ],
  ['/', '<p>Kamel Girot, maître de cérémonie, vous accompagne.</p>', ['Kamel Girot']],
  ['/mentions', '<p>Président : M. Alexandre Girot, En la Combe, 1625 Sâles.</p>', ['Alexandre Girot']],
])('on %s: %s', (path, body, names) => expect(namesOn(HOST, path, body)).toEqual(names))

test('a title keeps its number, and the label of a line counts before the word of a link', () => {
  const roles = (body: string) => peopleOn(HOST, '/bureau', body).map(({ role }) => role)
  expect(roles('<p>1er vice-président : Paul Girot<br>2e vice-présidente : Anne Ramey</p>')).toEqual([
    '1er vice-président',
    '2e vice-présidente',
  ])
  expect(roles('<p>Direction : Cyrille Vasson — <a href="/c">courriel</a></p>')).toEqual(['Direction'])
})

test('a number of the register is nobody’s phone', () =>
  expect(
    peopleOn(HOST, '/mentions', '<p>Siren : 432 908 176. Président : Loïc Girot.</p>').map(
      ({ phone }) => phone,
    ),
  ).toEqual([null]))

test.each([
  ['Chef d’agence', 'manager'],
  ['Cheffe de secteur', 'manager'],
  ['Chef d’atelier', 'technical'],
  ['Opticienne visagiste, responsable du magasin', 'manager'],
  ['Lohnbuchhaltung', 'accounting'],
])('the role %s is of kind %s', (role, kind) => expect(String(roleKindOf(role))).toBe(kind))
