import { beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createApp } from '#src/app.ts'
import type { Deps } from '#src/deps.ts'
import { companyJobs } from '#src/companies/jobs.ts'
import { silentLog } from '#src/lib/log.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { authDeps, PASSWORD, testUser } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { browserOf, TEST_HOST } from '#tests/support/sign-in.ts'
import { until } from '#tests/support/until.ts'
import { threads } from './import-tools.ts'
import { bytesOf, textRow, xlsx } from './make-files.ts'

const database = await testDatabase()
const { sql } = database
const queue = openQueue({ ...database, log: silentLog })
const deps: Deps = { ...authDeps(database), queue, threads }
const asked: number[][] = []
const scored: number[] = []
const jobs = companyJobs(deps, {
  score: async (_, importId) => void scored.push(importId),
  requestCrawls: async (_, { companyIds }) => {
    asked.push(companyIds)
    return null
  },
})
const browser = browserOf(createApp(deps).app)

beforeAll(async () => {
  await queue.start(jobs)
  await testUser(deps, 'member@example.org')
  await browser.signIn('member@example.org', PASSWORD)
})
database.beforeClose(() => queue.stop(0))
beforeEach(async () => {
  await sql`TRUNCATE companies, imports, import_profiles RESTART IDENTITY CASCADE`
  asked.length = 0
})

const text = async (path: string) => (await browser.get(path)).text()

const upload = async (bytes: Uint8Array | string, name: string) => {
  await browser.get('/imports')
  const body = new FormData()
  body.append('csrf', browser.token())
  body.append('file', new File([bytes as BlobPart], name))
  return browser.request('/imports', { body, headers: { origin: `http://${TEST_HOST}` } })
}
const uploaded = async (bytes: Uint8Array | string, name = 'liste.csv') => {
  const response = await upload(bytes, name)
  expect(response.status).toBe(303)
  return response.headers.get('location')!
}
const atRest = (path: string) =>
  until(
    `${path} is at rest`,
    async () => (await browser.get(`${path}/state`)).headers.has('hx-refresh'),
    20_000,
  )
const check = async (path: string, form: Record<string, string> = {}) => {
  await browser.post(`${path}/mapping`, { ...form, action: 'check' })
  await atRest(path)
}
const run = async (path: string, form: Record<string, string> = {}) => {
  const response = await browser.post(`${path}/runs`, form)
  await atRest(path)
  return response
}
const count = async () =>
  (await sql<{ n: number }[]>`SELECT count(*)::int n FROM companies WHERE deleted_at IS NULL`)[0]!.n

const LIST =
  'Société;Site;Tél;Divers\nNoël <b>;noel.fr;03 87 00 00 01;x\n;martin.fr;;=1+1\nNoël;noel.fr;03 87 00 00 02;\nNoël;noel.fr;03 87 00 00 02;\n'
const COLUMNS = { 'column-0': 'name', 'column-1': 'website', 'column-2': 'phone', 'column-3': '' }

describe('an import by page', () => {
  test('without any import the page says what to do', async () => {
    const html = await text('/imports')
    expect(html).toContain('Aucun import')
    expect(html).toContain('enctype="multipart/form-data"')
    expect(html).toContain('type="file"')
  })

  test('goes from upload to columns, check, import and undo', async () => {
    const path = await uploaded(LIST)
    const mapping = await text(path)
    expect(mapping).toContain('value="name" selected')
    expect(mapping).toContain('Noël &lt;b&gt;')
    expect(mapping).not.toContain('style=')

    await check(path, COLUMNS)
    expect(await count()).toBe(0)
    const checked = await text(path)
    expect(checked).toContain('Importer 2 entreprises')
    expect(checked).toMatch(/name="crawl"[^>]* checked/)
    expect(checked).toMatch(/Ligne 3 :\s*Il manque le nom de l’entreprise\..*martin\.fr/)
    const rejected = await text(`${path}/rejected.csv`)
    expect(rejected).toContain(`3;Il manque le nom de l’entreprise.;;martin.fr;;'=1+1`)

    const [first, second] = await Promise.all([run(path, { crawl: '1' }), run(path, { crawl: '1' })])
    expect([first.status, second.status]).toEqual([303, 303])
    expect(await count()).toBe(2)
    expect(asked).toEqual([[1, 2]])
    const done = await text(path)
    expect(done).toContain('href="/companies?import=1"')
    expect(await text(`${path}/rejected.csv`)).toContain('martin.fr')
    expect(await text('/imports')).toContain('4 lignes · 2 nouvelles · 1 refusée')

    const known = await uploaded(LIST)
    await check(known, COLUMNS)
    const nothing = await text(known)
    expect(nothing).toContain('n’apporte rien de nouveau')
    expect(nothing).not.toContain('name="crawl"')

    await browser.post(`${path}/undo`)
    expect(await text(path)).toContain('2 entreprises mises à la corbeille')
    expect(await count()).toBe(0)
    await browser.post(`${path}/undo`)
    expect(await text(path)).toContain('déjà été annulé')
  })

  test('without the switch nothing is crawled', async () => {
    const path = await uploaded(LIST)
    await run(path)
    expect(await count()).toBe(2)
    expect(asked).toEqual([])
  })

  test('the extent chosen is kept with the import and the companies it creates, crawled now or later', async () => {
    const path = await uploaded(LIST)
    await check(path, COLUMNS)
    expect(await text(path)).toContain('5 pages par site : 2 sites ≈ 1 min')
    await run(path, { preset: 'quick', pages: '4' })
    const budget = { preset: 'quick', limits: { pages: 4 } }
    expect(await sql`SELECT crawl_budget FROM imports`).toEqual([{ crawl_budget: budget }] as never)
    expect(await sql`SELECT DISTINCT crawl_budget FROM companies`).toEqual([
      { crawl_budget: budget },
    ] as never)
  })

  test('an extent out of bounds is refused before anything is imported', async () => {
    const path = await uploaded(LIST)
    await browser.post(`${path}/runs`, { crawl: '1', pages: '10000' })
    expect(await text(path)).toContain('un nombre entier de 1 à 200')
    expect(await count()).toBe(0)
  })

  test('remembers columns as a profile and knows a file with the same columns again', async () => {
    const path = await uploaded('A;B\nGarage Nord;x\n')
    await browser.post(`${path}/mapping`, {
      'column-0': 'name',
      'column-1': 'notes',
      saveAs: 'Mon profil',
      action: 'preview',
    })
    const again = await text(await uploaded('B;A\ny;Garage Sud\n', 'autre.csv'))
    expect(again).toContain('Le profil « Mon profil » a été appliqué')
    expect(again).toMatch(/name="column-1"(?:(?!<\/select>).)*value="name" selected/)
    await browser.post('/imports/profiles/1/delete')
    expect(await text('/imports')).not.toContain('Mon profil')
  })

  test('another sheet is read anew, and its columns recognised', async () => {
    const file = xlsx({
      sheets: [
        { name: 'Un', data: textRow(1, 'Nom', 'Ville') + textRow(2, 'A', 'Metz') },
        { name: 'Deux', data: textRow(1, 'E-mail', 'Raison sociale') + textRow(2, 'b@b.fr', 'B') },
      ],
    })
    const path = await uploaded(file, 'a.xlsx')
    await browser.post(`${path}/mapping`, {
      sheet: 'Deux',
      'column-0': 'name',
      'column-1': 'city',
      action: 'preview',
    })
    await run(path)
    expect(await sql`SELECT name, email, city FROM companies`).toEqual([
      { name: 'B', email: 'b@b.fr', city: null },
    ] as never)
  })

  test('a page on a social network has a column of its own in the preview', async () => {
    const path = await uploaded('Nom;Site\nA;a.fr\nB;https://www.facebook.com/bbb\n')
    const preview = (await text(path)).split('Aperçu').at(-1) ?? ''
    expect([...preview.matchAll(/<th>([^<]*)<\/th>/g)].map(([, name]) => name)).toEqual([
      'Ligne',
      'Nom de l’entreprise',
      'Site web',
      'Page (réseau social ou annuaire)',
    ])
  })

  test('a changed column is shown in the preview at once', async () => {
    const path = await uploaded('Nom;Truc\nA;B SARL\n')
    const form = { 'column-0': '', 'column-1': 'name' }
    const answer = await (await browser.post(`${path}/mapping`, form, { 'hx-request': 'true' })).text()
    expect(answer).not.toContain('<html')
    expect(answer).toContain('B SARL')
  })

  test('without a column for the name neither check nor import starts', async () => {
    const path = await uploaded('Nom;Ville\nA;Metz\n')
    await browser.post(`${path}/mapping`, { 'column-0': '', 'column-1': 'city', action: 'check' })
    expect(await text(path)).toContain('Indiquez la colonne')
    await run(path)
    expect(await count()).toBe(0)
  })

  test('a draft can be given up; what is done cannot', async () => {
    const path = await uploaded(LIST)
    await browser.post(`${path}/discard`)
    expect((await browser.get(path)).status).toBe(404)
    const other = await uploaded(LIST)
    await run(other)
    await browser.post(`${other}/discard`)
    expect((await browser.get(other)).status).toBe(200)
    await browser.post(`${other}/mapping`, { ...COLUMNS, action: 'check' })
    expect(await count()).toBe(2)
  })

  test('a crash of the job is a failed import that can be started again', async () => {
    const path = await uploaded(LIST)
    await sql`ALTER TABLE import_rows ADD CONSTRAINT broken CHECK (outcome <> 'created')`
    try {
      await run(path)
      await until('it failed', async () => (await text(path)).includes('Rien n’a été enregistré'), 20_000)
    } finally {
      await sql`ALTER TABLE import_rows DROP CONSTRAINT broken`
    }
    expect(await count()).toBe(0)
    await run(path)
    expect(await count()).toBe(2)
  }, 30_000)
})

describe('a file that cannot be imported is refused with what to do', () => {
  const bomb = () =>
    xlsx({ sheets: [{ name: 'S', data: textRow(1, 'Nom') + '<row></row>'.repeat(4_000_000) }] })
  const cases: [title: string, make: () => Uint8Array | string, name: string, message: string][] = [
    ['empty', () => '', 'a.csv', 'aucune ligne'],
    ['only a header', () => 'Nom;Site\n', 'a.csv', 'aucune ligne'],
    [
      'a picture',
      () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0]),
      'a.xlsx',
      'pas un tableau',
    ],
    ['a zip bomb', bomb, 'a.xlsx', 'démesuré'],
    [
      'a cut workbook',
      () => xlsx({ sheets: [{ name: 'S', data: textRow(1, 'Nom') }] }).slice(0, 300),
      'a.xlsx',
      'llisible',
    ],
  ]
  test.each(cases)('%s', async (_, make, name, message) => {
    const response = await upload(make(), name)
    expect(response.status).toBe(422)
    expect(await response.text()).toContain(message)
    expect(await sql`SELECT 1 FROM imports`).toHaveLength(0)
  })

  test('nothing chosen', async () => {
    await browser.get('/imports')
    const answer = await browser.post('/imports')
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Choisissez d’abord un fichier')
  })

  test('a wrong extension is no reason to refuse, and is said', async () => {
    expect(await text(await uploaded(bytesOf(LIST), 'liste.xlsx'))).toContain(
      'L’extension du fichier ne correspond pas',
    )
  })
})
