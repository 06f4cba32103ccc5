import { expect, test } from 'bun:test'
import type { PageRecord, SiteRecord } from '#src/crawl/site-record.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { companiesApp } from '#tests/companies/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { page, site } from '#tests/support/site-record.ts'
import { saveCrawl } from './contacts/save-crawl.ts'

const database = await testDatabase()
const { db } = database
const apps = { fr: await companiesApp(database), en: await companiesApp(database, 'en') }

const crawled = async (pages: Partial<PageRecord>[], over: Partial<SiteRecord> = {}): Promise<string> => {
  const [id] = await insertCompanies(db, [
    { name: 'Atelier Jura', website: site().url, siteKey: 'atelier.fr' },
  ])
  await saveCrawl(db, id!, '2026-11-22T12:00:00Z', { pages: pages.map(page), ...over })
  return `/companies/${id}/pages`
}

test('the pages tell why the visit ended where it did, and where its limits are set', async () => {
  const path = await crawled([{}], { endedBy: 'pages' })
  expect((await apps.fr.get(path)).text).toContain('le nombre de pages prévu était atteint')
  const { text } = await apps.en.get(path)
  expect(text).toContain('the number of pages set was reached')
  expect(text).toContain('#crawl-settings">Change these limits')
  const whole = (await apps.en.get(await crawled([{}], { endedBy: null }))).text
  expect(whole).toContain('Every page found was read.')
  expect(whole).not.toContain('Change these limits')
  const fruitless = (await apps.fr.get(await crawled([{}], { endedBy: 'fruitless' }))).text
  expect(fruitless).toContain('les dernières n’apprenaient plus rien')
  expect(fruitless).not.toContain('Changer ces limites')
})

test('a crawl of an older version says nothing of its end', async () => {
  const { text } = await apps.en.get(await crawled([{}]))
  expect(text).not.toContain('Every page found')
  expect(text).not.toContain('Other pages')
})

test('pages that had not changed, were drawn in a browser or need one are marked and counted', async () => {
  const address = (n: number) => ({ url: `${site().url}${n}`, finalUrl: `${site().url}${n}` })
  const path = await crawled([
    { ...address(1), unchanged: true },
    { ...address(2), unchanged: true },
    { ...address(3), rendered: true },
    { ...address(4), needsBrowser: true },
  ])
  const fr = (await apps.fr.get(path)).text
  expect(fr).toContain('2 pages n’ont pas changé depuis la visite précédente.')
  expect(fr).toContain('1 page a été affichée dans un navigateur.')
  expect(fr.match(/>inchangée</g)).toHaveLength(2)
  expect(fr.match(/>lue dans un navigateur</g)).toHaveLength(1)
  expect(fr.match(/>demande un navigateur</g)).toHaveLength(1)
  const en = (await apps.en.get(path)).text
  expect(en).toContain('2 pages have not changed since the visit before.')
  expect(en).toContain('>needs a browser<')
})

test('a page that could not be drawn is named with its reason in words', async () => {
  const errors = [{ url: `${site().url}app`, code: 'needs_browser', message: 'no browser' }]
  const path = await crawled([{}], { errors })
  expect((await apps.fr.get(path)).text).toContain('la page ne s’affiche que dans un navigateur')
  expect((await apps.en.get(path)).text).toContain('the page shows in a browser only')
})
