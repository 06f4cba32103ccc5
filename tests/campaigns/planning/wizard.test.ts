import { expect, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import { users } from '#src/auth/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'
import { newAccount } from '../sending/running-campaign.ts'
import { planningApp } from './planning-app.tsx'

const database = await testDatabase()
const { db, sql } = database
const app = planningApp(database)
const [admin] = await db
  .insert(users)
  .values({ email: 'ada@agence.fr', name: 'Ada', role: 'admin', passwordHash: 'x' } as never)
  .returning()
app.become({ id: admin!.id, email: 'ada@agence.fr', name: 'Ada', role: 'admin' })

const idOf = (path: string): number => Number(/\/campaigns\/(\d+)/.exec(path)?.[1])

const website = (name: string) => ({
  name,
  website: `https://${name}.fr/`,
  siteKey: `${name}.fr`,
  email: `contact@${name}.fr`,
  contactEmail: `contact@${name}.fr`,
  contactEmailKind: 'role',
})

test('without a campaign the list says what one is good for and how to begin', async () => {
  const { status, text } = await app.get('/campaigns')
  expect(status).toBe(200)
  expect(text).toContain('Aucune campagne pour l’instant')
  expect(text).toContain('Nouvelle campagne')
})

test('a campaign is made step by step; each step is saved, and it does not start before all is in order', async () => {
  await db.insert(companies).values([website('boulangerie'), website('garage')])
  const account = await newAccount(db, 25)
  const made = await app.post('/campaigns', { name: 'Sites lents' })
  expect(made.status).toBe(303)
  const id = idOf(made.location)
  const audience = await app.get(made.location)
  expect(audience.text).toContain('Sites lents')
  const unnamed = await app.post(`/campaigns/${id}/audience`, { name: ' ', mode: 'filter' })
  expect(unnamed.status).toBe(422)
  expect(unnamed.text).toContain('Donnez un nom à la campagne.')
  const named = await app.post(`/campaigns/${id}/audience`, {
    name: 'Sites lents de Metz',
    mode: 'filter',
    do: 'next',
  })
  expect(named.location).toBe(`/campaigns/${id}/recipients`)
  expect((await app.get(named.location)).status).toBe(200)
  const rules = await app.post(`/campaigns/${id}/recipients`, {
    rules: '1',
    perCompany: '2',
    notContactedDays: '',
    mostCompanies: '',
    do: 'next',
  })
  expect(rules.location).toBe(`/campaigns/${id}/messages`)

  const messages = await app.get(rules.location)
  expect(messages.text).toContain('message à écrire')
  expect(messages.text).toContain('Écrivez d’abord tous les messages')
  const path = /\/campaigns\/\d+\/messages\/\d+/.exec(messages.text)![0]
  // What may be written stands beside it, with what it gives for the first recipient.
  expect((await app.get(path)).text).toMatch(/\{\{ entreprise \}\}<\/code>.*boulangerie/s)
  const wrong = await app.post(path, { subject: 'Bonjour {{ nom }}', html: '<p>{{ inconnu }}</p>', text: '' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('La variable « inconnu » n’existe pas')
  const written = await app.post(path, {
    subject: 'Le site de {{ entreprise }}',
    html: '<p>Bonjour, le site de {{ entreprise }} est lent.</p>',
    text: '',
    do: 'stay',
  })
  expect(written.status).toBe(303)
  const variant = await app.get(path)
  expect(variant.text).toContain('Le site de boulangerie')
  const preview = await app.get(`${path}/preview`)
  expect(preview.text).toContain('le site de boulangerie est lent')
  expect(preview.headers.get('content-security-policy')).toContain('sandbox')

  await app.post(`/campaigns/${id}/steps`)
  const twoSteps = await app.get(`/campaigns/${id}/messages`)
  // As the first recipient reads it, not as it is written.
  expect(twoSteps.text).toContain('Le site de boulangerie')
  expect(twoSteps.text).toContain('Relance 1')
  const stepId = Number(/steps\/(\d+)"/.exec(twoSteps.text)![1])
  const badDelay = await app.post(`/campaigns/${id}/steps/${stepId}`, { delayDays: '0', condition: 'always' })
  expect(badDelay.status).toBe(422)
  expect(badDelay.text).toContain('Un nombre de 1 à 90.')
  await app.post(`/campaigns/${id}/steps/${stepId}/delete`)

  const late = await app.post(`/campaigns/${id}/schedule`, {
    accountIds: String(account.id),
    when: 'at',
    startAt: '2001-01-01T09:00',
    timeZone: 'Europe/Paris',
  })
  expect(late.status).toBe(422)
  expect(late.text).toContain('Choisissez un moment à venir.')
  const scheduled = await app.post(`/campaigns/${id}/schedule`, {
    accountIds: String(account.id),
    when: 'now',
    locale: 'fr',
    freshnessDays: '30',
    timeZone: 'Europe/Paris',
    do: 'next',
  })
  expect(scheduled.location).toBe(`/campaigns/${id}/check`)
  expect((await app.get(`/campaigns/${id}/schedule`)).text).toContain('Se termine')

  const check = await app.get(scheduled.location)
  expect(check.status).toBe(200)
  expect(check.text).toContain('La campagne ne peut pas encore démarrer')
  expect(check.text).toContain('n’a pas d’adresse publique')
  // It goes without limits, but not without saying what is advised, one click away.
  expect(check.text).toContain('20 par heure et 50 par jour')
  expect(check.text).toContain(`href="/settings/mail/${account.id}/edit#pace"`)
  expect((await app.post(`/campaigns/${id}/start`)).location).toBe(`/campaigns/${id}/check`)
  const [row] = await sql`SELECT name, state, recipients FROM campaigns WHERE id = ${id}`
  expect(row).toMatchObject({
    name: 'Sites lents de Metz',
    state: 'draft',
    recipients: { perCompany: 2, notContactedDays: null },
  })
})

const PUBLIC = { BASE_URL: 'https://suivi.agence-ete.fr' }
const SILENT = { resolve: () => Promise.reject(new Error('no way out')) }

/** A draft that only lacks what an admin may override. */
const ready = async () => {
  const own = planningApp(database, PUBLIC, { fetchOptions: SILENT })
  own.become({ id: admin!.id, email: 'ada@agence.fr', name: 'Ada', role: 'admin' })
  const account = await newAccount(db, 25, { senderAddress: 'jean@agence-ete.fr' })
  const id = idOf((await own.post('/campaigns', { name: 'Prête' })).location)
  const { text } = await own.get(`/campaigns/${id}/messages`)
  const path = /\/campaigns\/\d+\/messages\/\d+/.exec(text)![0]
  await own.post(path, { subject: 'Bonjour', html: '<p>Bonjour {{ entreprise }}</p>', text: '' })
  await own.post(`/campaigns/${id}/schedule`, { accountIds: String(account.id), when: 'now' })
  return { own, id, path }
}

test('only an admin overrides, only with a reason, only what may be; then it starts and the log says who', async () => {
  const { own, id } = await ready()
  const refused = await own.get(`/campaigns/${id}/check`)
  expect(refused.text).toContain('La page de désinscription n’a pas répondu')
  expect(refused.text).toContain('Lien d’essai')
  const keys = [...refused.text.matchAll(/name="check" value="([^"]+)"/g)].map(([, key]) => key!)
  expect(keys).toContain('reachable')
  for (const reason of ['  ', 'ok', 'relais interne', 'test test test test', 'a b c d', '1 2 3 4 5 6 7 8']) {
    const silent = await own.post(`/campaigns/${id}/override`, { check: 'reachable', reason })
    expect(silent.status).toBe(422)
    expect(silent.text).toContain('Expliquez-vous en trois mots au moins')
    if (reason.trim() !== '') expect(silent.text).toContain(`value="${reason}"`)
  }
  await own.post(`/campaigns/${id}/override`, { check: 'identity:1', reason: 'non' })
  own.become({ id: admin!.id, email: 'bob@agence.fr', name: 'Bob', role: 'member' })
  expect((await own.post(`/campaigns/${id}/override`, { check: 'reachable', reason: 'oui' })).status).toBe(
    403,
  )
  expect((await own.get(`/campaigns/${id}/check`)).text).toContain('Un administrateur peut passer outre')
  own.become({ id: admin!.id, email: 'ada@agence.fr', name: 'Ada', role: 'admin' })
  for (const check of keys) await own.post(`/campaigns/${id}/override`, { check, reason: 'vu au téléphone' })
  const cleared = await own.get(`/campaigns/${id}/check`)
  expect(cleared.text).toContain('Passé outre par Ada : vu au téléphone')
  expect(cleared.text).toContain('Tout est prêt')
  expect((await own.post(`/campaigns/${id}/start`)).location).toBe(`/campaigns/${id}`)
  expect(own.asked).toEqual([{ job: 'campaigns.plan', input: { campaignId: id } }])
  expect((await own.get(`/campaigns/${id}/audience`)).status).toBe(409)
  expect((await own.post(`/campaigns/${id}/messages/1`, { subject: 'x' })).status).toBe(409)
  const log = await sql`SELECT kind, user_id FROM campaign_log WHERE campaign_id = ${id} ORDER BY id`
  expect(log.map(({ kind }) => kind as string)).toEqual([
    'created',
    ...keys.map(() => 'overridden'),
    'started',
  ])
  const overridden = await sql`SELECT overrides FROM campaigns WHERE id = ${id}`
  expect(overridden[0]!['overrides'].map(({ check }: { check: string }) => check)).toEqual(keys)
})

test('versions that are compared show how many recipients each gets and what difference that can show', async () => {
  const { own, id } = await ready()
  await db.insert(companies).values(Array.from({ length: 40 }, (_, n) => website(`firme-${n}`)))
  const { text } = await own.get(`/campaigns/${id}/messages`)
  const step = /steps\/(\d+)\/variants/.exec(text)![1]
  const second = await own.post(`/campaigns/${id}/steps/${step}/variants`)
  await own.post(second.location, { subject: 'Autre objet', html: '<p>Autre</p>', text: '', weight: '3' })
  const compared = await own.get(`/campaigns/${id}/messages`)
  const shares = [...compared.text.matchAll(/Version ([AB]) : environ (\d+) destinataire/g)].map(
    ([, label, count]) => [label, Number(count)] as const,
  )
  const all = shares.reduce((sum, [, count]) => sum + count, 0)
  expect(shares).toEqual([
    ['A', Math.round(all / 4)],
    ['B', all - Math.round(all / 4)],
  ])
  expect(compared.text).toContain('ne se distingue d’un autre qu’à partir de')
  await own.post(`${second.location}/delete`)
  expect((await own.get(`/campaigns/${id}/messages`)).text).not.toContain('Versions comparées')
})

test('a follow-up is in the conversation of the first message unless it is given another subject, which is told', async () => {
  const { own, id, path } = await ready()
  await own.post(path, { subject: 'Le site de {{ entreprise }}', html: '<p>Bonjour</p>', text: '' })
  await own.post(`/campaigns/${id}/steps`)
  const paths = async () => {
    const { text } = await own.get(`/campaigns/${id}/messages`)
    return [...new Set(text.match(/\/campaigns\/\d+\/messages\/\d+(?=")/g))]
  }
  const lost = 'Retirer ce message ? Son texte est perdu.'
  expect((await own.get(`/campaigns/${id}/messages`)).text).not.toContain(lost)
  const followUp = (await paths()).find((one) => one !== path)!
  const empty = await own.get(followUp)
  expect(empty.text).toMatch(/Laissez vide : la relance part avec l’objet « Re: Le site de [^<"]+ »/)
  expect(empty.text).toMatch(/placeholder="Re: Le site de [^<"]+"/)
  // The subject of a template is one of a first message.
  const templateId = /<option value="(\d+)">/.exec(empty.text)![1]!
  await own.post(`${followUp}/template`, { templateId })
  const subjectOf = async () =>
    (
      await sql`SELECT v.subject FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id
        WHERE s.campaign_id = ${id} AND s.position = 1`
    )[0]!['subject'] as string
  expect(await subjectOf()).toBe('')
  expect((await own.post(followUp, { subject: ' ', html: '<p>Avez-vous vu ?</p>', text: '' })).status).toBe(
    303,
  )
  const inThread = await own.get(followUp)
  expect(inThread.text).toMatch(/data-foreign="[^"]*">\s*Re: Le site de /)
  expect(inThread.text).not.toContain('à part de la conversation')
  const messages = await own.get(`/campaigns/${id}/messages`)
  expect(messages.text).toMatch(/Re: Le site de /)
  // What was written is not lost without a question.
  expect(messages.text).toContain(lost)
  expect(messages.text).not.toContain('Écrivez d’abord tous les messages')
  expect((await own.get(`/campaigns/${id}/check`)).text).toMatch(/2 – Re: Le site de /)
  expect((await own.get(`/campaigns/${id}/check`)).text).toContain('Tous les messages sont prêts')
  await own.post(followUp, { subject: 'Dernière question', html: '<p>Bonjour</p>', text: '' })
  expect(await subjectOf()).toBe('Dernière question')
  expect((await own.get(followUp)).text).toContain('montrera la relance à part de la conversation')
  await own.post(followUp, { subject: 'RE : Le site de {{ entreprise }}', html: '<p>Bonjour</p>', text: '' })
  expect((await own.get(followUp)).text).not.toContain('à part de la conversation')
  // The first message has none to take over.
  expect((await own.post(path, { subject: '', html: '<p>Bonjour</p>', text: '' })).status).toBe(422)
})

test('what was typed when a template is taken over can be had again, saved or not', async () => {
  const { own, id, path } = await ready()
  const [templateId = ''] = [...(await own.get(path)).text.matchAll(/<option value="(\d+)">/g)].map(
    ([, one]) => one!,
  )
  const words = async () =>
    (
      await sql`SELECT v.subject, v.html, v.text FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id
        WHERE s.campaign_id = ${id}`
    )[0]!
  const typed = { subject: 'À vous, "Léa"', html: 'Première ligne\n\n<b>été</b> & {{ inconnu }}', text: '' }
  const none = await own.post(`${path}/template`, { templateId: '', ...typed })
  expect(none.status).toBe(422)
  expect(none.text).toContain('Choisissez d’abord un modèle')
  expect(none.text).toContain('Première ligne\n\n&lt;b&gt;été&lt;/b&gt; &amp; {{ inconnu }}')
  const taken = await own.post(`${path}/template`, { templateId, ...typed })
  expect((await words())['html'].length).toBeGreaterThan(100)
  const back = /<form[^>]*role="status"[\s\S]*?<\/form>/.exec(taken.text)![0]
  expect(back).toContain(`action="${path}"`)
  expect(back).toContain('name="subject" value="À vous, &quot;Léa&quot;"')
  expect(back).toContain('name="html" value="Première ligne\n\n&lt;b&gt;été&lt;/b&gt; &amp; {{ inconnu }}"')
  // Without what was typed (no such field) what was saved is what is replaced.
  await own.post(path, { subject: 'x', html: '<p>Gardé</p>', text: '' })
  expect((await own.post(`${path}/template`, { templateId })).text).toContain(
    'value="&lt;p&gt;Gardé&lt;/p&gt;"',
  )
  // Nothing was lost by taking the same one again.
  expect((await own.post(`${path}/template`, { templateId })).status).toBe(303)
})

test('a template is taken over with its words, and a message that quotes findings is known as such', async () => {
  const { own, id, path } = await ready()
  const { text } = await own.get(path)
  const templates = [...text.matchAll(/<option value="(\d+)">/g)].map(([, one]) => one!)
  expect(templates.length).toBeGreaterThanOrEqual(10)
  await own.post(`${path}/template`, { templateId: templates[0]! })
  const [variant] = await sql`
    SELECT v.subject, v.html, v.template_id FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id
    WHERE s.campaign_id = ${id}`
  expect(variant!['template_id']).toBe(Number(templates[0]))
  expect(variant!['html'].length).toBeGreaterThan(100)
  await own.post(path, { subject: 'x', html: '<p>{{ findings_count }} points</p>', text: '' })
  const [quoting] = await sql`
    SELECT v.quotes FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id WHERE s.campaign_id = ${id}`
  expect(quoting!['quotes']).toBe(true)
})

test('a campaign is scheduled, paused, resumed, made a draft again, copied, cancelled and taken off the list', async () => {
  const { own, id } = await ready()
  const at = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  const [row] = await sql`SELECT account_ids FROM campaigns WHERE id = ${id}`
  await own.post(`/campaigns/${id}/schedule`, {
    accountIds: String(row!['account_ids'][0]),
    when: 'at',
    startAt: `${at}T09:00`,
    timeZone: 'Europe/Paris',
  })
  const check = await own.get(`/campaigns/${id}/check`)
  for (const [, key] of check.text.matchAll(/name="check" value="([^"]+)"/g))
    await own.post(`/campaigns/${id}/override`, { check: key!, reason: 'vu au téléphone' })
  const state = async () => (await sql`SELECT state FROM campaigns WHERE id = ${id}`)[0]!['state'] as string
  await own.post(`/campaigns/${id}/start`)
  expect(own.flash()).toContain('La campagne partira')
  expect(await state()).toBe('scheduled')
  expect(own.asked).toEqual([])
  await own.post(`/campaigns/${id}/pause`)
  expect(await state()).toBe('paused')
  await own.post(`/campaigns/${id}/resume`)
  expect(await state()).toBe('scheduled')
  await own.post(`/campaigns/${id}/delete`)
  expect(own.flash()).toContain('Annulez d’abord la campagne')
  await own.post(`/campaigns/${id}/unschedule`)
  expect(await state()).toBe('draft')
  // What was chosen stays, the start included.
  expect((await own.get(`/campaigns/${id}/schedule`)).text).toContain(`value="${at}T09:00"`)
  expect((await own.get(`/campaigns/${id}/check`)).text).toContain('Programmer pour')
  own.setTime(new Date(Date.now() + 9 * 86_400_000))
  const passed = await own.get(`/campaigns/${id}/check`)
  expect(passed.text).toContain('La date choisie est passée : dès que je la démarre')
  expect(passed.text).not.toContain('Programmer pour')
  own.setTime(null)
  const copy = await own.post(`/campaigns/${id}/duplicate`)
  expect((await own.get(copy.location)).text).toContain('Prête (copie)')
  expect((await own.post(`/campaigns/${id}/cancel`)).status).toBe(303)
  expect(own.flash()).toContain('Rien n’a changé')
  await own.post(`/campaigns/${id}/delete`)
  expect((await own.get(`/campaigns/${id}/audience`)).status).toBe(404)
  expect((await own.get('/campaigns')).text).toContain('Prête (copie)')
})

test('a message that is saved at the moment when its campaign starts is not changed, and whoever saved it is told', async () => {
  const { own, id, path } = await ready()
  await own.post(path, { subject: 'Avant', html: '<p>Bonjour</p>', text: '' })
  const subjects = async () =>
    (
      await sql`SELECT v.subject FROM campaign_variants v JOIN campaign_steps s ON s.id = v.step_id
        WHERE s.campaign_id = ${id} ORDER BY v.id`
    ).map((row) => row['subject'] as string)
  // Another page has begun to start it, and is not done: whoever saves has seen a draft.
  const { promise: started, resolve: goOn } = Promise.withResolvers<void>()
  const starting = sql.begin(async (tx) => {
    await tx`UPDATE campaigns SET state = 'scheduled' WHERE id = ${id}`
    await started
  })
  const late = [
    own.post(path, { subject: 'Après', html: '<p>Autre</p>', text: '' }),
    own.post(`/campaigns/${id}/steps`),
  ]
  await until('they wait', async () => {
    const [row] = await sql`SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted`
    return row!['waiting'] >= 2
  })
  goOn()
  await starting
  const [saved] = await Promise.all(late)
  expect(saved!.status).toBe(409)
  expect(await subjects()).toEqual(['Avant'])
})

test('what another tab saved meanwhile is not lost unseen', async () => {
  const { own, path } = await ready()
  const seenIn = (text: string) => /name="seen" value="([^"]+)"/.exec(text)![1]!
  const seen = seenIn((await own.get(path)).text)
  const save = (html: string, more: Record<string, string>) =>
    own.post(path, { subject: 'x', html, text: '', do: 'stay', ...more })
  expect((await save('<p>Un</p>', { seen })).status).toBe(303)
  const over = await save('<p>Deux</p>', { seen })
  expect(over.status).toBe(200)
  expect(over.text).toContain('Entre-temps un autre avait été enregistré')
  expect(over.text).toContain('name="html" value="&lt;p&gt;Un&lt;/p&gt;"')
  // The same words again, those of a page that has seen the last, and the way back are no surprise.
  expect((await save('<p>Deux</p>', { seen })).status).toBe(303)
  expect((await save('<p>Un</p>', { seen: seenIn(over.text) })).status).toBe(303)
  // A refused text keeps what its page had seen.
  const refused = await save('<p>{{ inconnu }}</p>', { seen })
  expect([refused.status, seenIn(refused.text)]).toEqual([422, seen])
})
