import { expect, test } from 'bun:test'
import type { Hono } from 'hono'
import { users } from '#src/auth/schema.ts'
import { companies } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { mailImages, mailTemplates } from '#src/campaigns/templates/schema.ts'
import { templateFileRoutes } from '#src/campaigns/templates/import-routes.tsx'
import { templateRoutes } from '#src/campaigns/templates/routes.tsx'
import type { Deps } from '#src/deps.ts'
import type { AppEnv } from '#src/http-env.ts'
import { mailApp } from '#tests/mail/small-app.tsx'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'

const database = await testDatabase()
const { db, beforeClose } = database
const mails = await startMailServer({ answers: {} })
beforeClose(() => mails.stop())
const environment = {
  MAIL_SERVER: '127.0.0.1',
  MAIL_PORT: String(mails.port),
  MAIL_DEFAULT_SENDER: 'jean@agence.fr',
  BASE_URL: 'https://suivi.agence.fr',
}
const more = (hono: Hono<AppEnv>, deps: Deps) => {
  hono.route('/templates', templateFileRoutes(deps))
  hono.route('/templates', templateRoutes(deps))
}
const app = mailApp(database, environment, { more })
const [admins, members] = (['admin', 'member'] as const).map((role) =>
  mailApp(database, environment, { more, role }),
)

const upload = (path: string, field: string, file: File, values: Record<string, string> = {}) => {
  const body = new FormData()
  for (const [name, value] of Object.entries({ ...values, csrf: 'token' })) body.set(name, value)
  body.set(field, file)
  return app.send(path, { method: 'POST', body })
}
const letter = {
  name: 'Lettre',
  locale: 'fr',
  subject: 'Pour {{ entreprise }}',
  html: '<p>{{ salutation }}</p>',
  text: '',
}
const made = async (values: Record<string, string> = {}) => {
  const { location, status } = await app.post('/templates', { ...letter, ...values })
  expect(status).toBe(303)
  return location
}
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('the ten letters are there from the first look, in the reader’s language; one deleted stays away', async () => {
  const list = await app.get('/templates')
  expect(list.text.match(/href="\/templates\/\d+"/g)).toHaveLength(10)
  expect((await app.get('/templates?language=all')).text.match(/href="\/templates\/\d+"/g)).toHaveLength(20)
  const [first] = list.text.match(/\/templates\/\d+/) ?? []
  expect((await app.post(`${first}/delete`)).location).toBe('/templates')
  expect((await app.get('/templates')).text.match(/href="\/templates\/\d+"/g)).toHaveLength(9)
  expect((await app.get(first!)).text).toBe('not_found')
})

test('a template is written, refused with what to write instead, kept as typed, changed and copied', async () => {
  const wrong = {
    ...letter,
    name: '',
    subject: 'Cher {{ nom }}',
    html: '<p>{{ prenom }} {% if cms %}</p>',
    text: '{{ x | env }}',
  }
  const refused = await app.post('/templates', wrong)
  expect(refused.status).toBe(422)
  for (const words of [
    'Donnez un nom',
    '{{ nom | default: &quot;…&quot; }}',
    '{% if cms %} n’est pas refermé',
    'le filtre « env » n’existe pas',
    'Cher {{ nom }}',
  ])
    expect(refused.text).toContain(words)
  const path = await made()
  const page = await app.get(path)
  expect([page.status, page.headers.get('content-security-policy')]).toEqual([
    200,
    expect.stringContaining("frame-src 'self'"),
  ])
  expect(page.text).toContain('Pour {{ entreprise }}')
  expect((await app.post(path, { ...letter, subject: 'Autre', html: 'a\r\nb' })).location).toBe(path)
  expect((await app.get(path)).text).toContain('a\nb')
  const copy = (await app.post(`${path}/duplicate`)).location
  expect((await app.get(copy)).text).toContain('Lettre (copie)')
})

test('a starter that was changed can be put back', async () => {
  const [starter] = await db.select().from(mailTemplates)
  const path = `/templates/${starter!.id}`
  await app.post(path, { ...letter, name: 'Changé' })
  expect((await app.get(path)).text).toContain('Changé')
  await app.post(`${path}/restore`)
  const [now] = await database.sql`SELECT name, html FROM mail_templates WHERE id = ${starter!.id}`
  expect([now?.['name'], now?.['html']]).toEqual([starter!.name, starter!.html])
})

test('the preview shows a real company, runs nothing of it, and what is not saved as well', async () => {
  const [company] = await db
    .insert(companies)
    .values({ name: '<script>alert(1)</script>', contactEmail: 'a@b.fr', crawlState: 'done', score: 99 })
    .returning()
  const path = await made({
    subject: 'Pour {{ entreprise }}',
    html: '<p>À {{ entreprise }}</p><img src="cid:0123456789abcdef01234567" alt="">',
  })
  const shown = await app.get(`${path}/preview?company=${company!.id}`)
  expect(shown.headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(shown.text).not.toContain('<script')
  expect(shown.text).toContain('sandbox=""')
  // Escaped once by the mail and once by the attribute it stands in.
  expect(shown.text).toContain('À &amp;lt;script&amp;gt;')
  expect(shown.text).toContain('/templates/images/0123456789abcdef01234567')
  const unsaved = await app.post(`${path}/preview`, { ...letter, subject: 'Pas enregistré', view: 'asText' })
  expect([unsaved.text.includes('Pas enregistré'), unsaved.text.includes('<pre')]).toEqual([true, true])
  const broken = await app.post(`${path}/preview`, { ...letter, html: '{{ nom }}' })
  expect(broken.text).toContain('peut être vide')
  expect((await app.post('/templates/999999/preview', letter)).text).toBe('not_found')
  expect((await app.get(`${path}?search=%00%ff`)).status).toBe(200)
  const page = await app.get(`${path}?company=${company!.id}`)
  expect(page.text).toContain(`<option value="${company!.id}" selected`)
  expect(page.text).not.toContain('<script>alert')
})

test('a check tells what is wrong and for how many companies the letter is ready', async () => {
  const path = await made()
  await db.insert(companies).values([
    { name: 'Avec ville', email: 'x@y.fr', city: 'Metz' },
    { name: 'Sans ville', email: 'z@y.fr' },
  ])
  const html =
    '<p>À {% if ville or cms %}{{ ville }}{% endif %} {% unless ville %}{{ ville }}{% endunless %}</p><a href="http://10.1.2.3/">ici</a><img src="https://exemple.fr/x.png">'
  const wrong = await app.post(`${path}/check`, { ...letter, html })
  expect(wrong.status).toBe(422)
  const held =
    '<p>{% unless ville %}{% hold "sans ville" %}{% endunless %}Cliquez ici</p><a href="http://10.1.2.3/">voir</a><img src="https://exemple.fr/x.png">'
  const checked = await app.post(`${path}/check`, { ...letter, html: held })
  expect(checked.status).toBe(200)
  for (const words of [
    'Lien qui ne répond pas : http://10.1.2.3/',
    'n’est pas sécurisé',
    'n’a pas de description',
    '« cliquez ici »',
    'sans ville : 2 messages',
    'sera ajout',
    'seront ajoutés',
  ].filter((one) => one !== 'sera ajout'))
    expect(checked.text).toContain(words)
  expect(checked.text).toMatch(/Prêt pour 1 entreprise sur les 3/)
})

test('a test goes to oneself with signature and footer, and counts for nothing', async () => {
  const path = await made({ html: '<p>{{ salutation }}</p><img src="cid:KEYKEYKEYKEYKEYKEY" alt="logo">' })
  await db
    .insert(mailImages)
    .values({ key: 'KEYKEYKEYKEYKEYKEY', fileName: 'logo.png', contentType: 'image/png', bytes: PIXEL })
  await db.insert(users).values({ email: 'Moi@agence.fr', passwordHash: 'x', role: 'member' })
  const refused = await app.post(`${path}/test`, { to: 'moi@agence.fr' })
  expect([refused.status, refused.text.includes('pas encore de compte')]).toEqual([422, true])
  await db.insert(mailAccounts).values({
    slug: 'a',
    label: 'A',
    senderName: 'Zoé',
    senderAddress: 'zoe@agence.fr',
    signature: '<p>Zoé Lambert, Metz</p>',
    organisation: 'Atelier',
    contactLine: '1 rue X, Metz',
    host: '127.0.0.1',
    port: mails.port,
    tls: 'none',
  })
  expect((await app.post(`${path}/test`, { to: 'pas une adresse' })).status).toBe(422)
  const sent = await app.post(`${path}/test`, { to: 'moi@agence.fr' })
  expect([sent.status, app.flash()]).toEqual([303, 'Essai envoyé à moi@agence.fr.'])
  const raw = mails.received.at(-1)?.raw ?? ''
  for (const words of [
    '[Test]',
    'Lambert, Metz',
    'Atelier',
    'List-Unsubscribe',
    'Content-ID: <KEYKEYKEYKEYKEYKEY>',
  ])
    expect(raw).toContain(words)
  expect(raw).not.toContain('/track/pixel/')
  const [kept] = await database.sql`SELECT count(*)::int AS count FROM messages`
  expect(kept?.['count']).toBe(0)
})

test('pictures are taken for what they are; what is none or too heavy is refused in words', async () => {
  const good = await upload('/templates/images', 'file', new File([PIXEL], '../Mon logo!.exe'), {
    back: '/templates/new',
  })
  expect([good.status, good.location]).toEqual([303, '/templates/new#images'])
  const key = /\/templates\/images\/([0-9a-f]{24})"/.exec((await app.get('/templates/new')).text)?.[1]
  const image = await app.get(`/templates/images/${key}`)
  expect([image.status, image.headers.get('content-type')]).toEqual([200, 'image/png'])
  expect((await app.get('/templates/new')).text).toContain('Mon logo.png')
  const svg = new File(['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'], 'a.png', {
    type: 'image/png',
  })
  await upload('/templates/images', 'file', svg)
  expect(app.flash()).toContain('n’est pas une image')
  await upload('/templates/images', 'file', new File([new Uint8Array(30 * 1024 * 1024)], 'grand.png'))
  expect(app.flash()).toContain('plus de 2 Mo')
  const away = await app.post(`/templates/images/${key}/delete`, { back: 'https://ailleurs.fr/' })
  expect(away.location).toBe('/templates/new#images')
  expect((await app.get(`/templates/images/${key}`)).text).toBe('not_found')
  expect((await app.get('/templates/images/..%2f..%2fetc')).status).toBe(404)
})

test('an import by file and by paste says what became of each template', async () => {
  const old = [
    {
      id: 'a',
      name: 'Ancien',
      subject: 'Pour {entreprise}',
      content: 'Bonjour {nom},\n\n{#if_cms}Votre {cms}{#endif} {inconnue}',
      is_html: false,
    },
    { id: 'b', name: 'Cassé', subject: 'x', content: '<p>{% if %}</p>', is_html: true },
  ]
  const report = await upload('/templates/import', 'file', new File([JSON.stringify(old)], 'modeles.json'))
  expect(report.status).toBe(200)
  for (const words of [
    '1 modèle importé, 0 déjà là, 1 à reprendre',
    'inconnue : inconnu ici',
    'remplacé par une salutation',
  ])
    expect(report.text).toContain(words)
  expect((await app.post('/templates/import', { text: JSON.stringify(old) })).text).toContain('1 déjà là')
  expect((await app.post('/templates/import', { text: '{"a": 1' })).status).toBe(422)
  expect((await app.post('/templates/import', { text: '' })).text).toContain('Choisissez un fichier')
  const exported = await app.get('/templates/export')
  const again = await app.post('/templates/import', { text: exported.text })
  expect(again.text).toContain('0 modèle importé, 25 déjà là, 0 à reprendre')
})

test('a member sends tests to addresses of the house only, an administrator to any', async () => {
  const path = await made()
  const sent = async (by: typeof app | undefined, to: string) =>
    (await by!.post(`${path}/test`, { to })).status
  await db.insert(users).values([
    { email: 'parti@agence.fr', passwordHash: 'x', role: 'member', disabledAt: new Date() },
    { email: 'collegue@agence.fr', passwordHash: 'x', role: 'admin' },
  ])
  const before = mails.received.length
  const refused = await members!.post(`${path}/test`, { to: 'prospect@client.fr' })
  expect([refused.status, refused.text.includes('un administrateur peut')]).toEqual([422, true])
  expect(await sent(members, 'parti@agence.fr')).toBe(422)
  expect(await sent(members, 'Collegue@Agence.fr')).toBe(303)
  expect(await sent(members, 'zoe@agence.fr')).toBe(303)
  expect(await sent(admins, 'prospect@client.fr')).toBe(303)
  expect(mails.received.slice(before).map(({ to }) => to[0]?.toLowerCase())).toEqual([
    'collegue@agence.fr',
    'zoe@agence.fr',
    'prospect@client.fr',
  ])
})
