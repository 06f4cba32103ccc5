import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { openDatabase } from '#src/db/open.ts'
import { contactMessages } from '#templates/crawl/contact-messages.ts'
import { insertCompanies } from '#tests/companies/insert-companies.ts'
import { doubtful, RICH_URL, richSite } from '#tests/crawl/contacts/rich-site.ts'
import { saveCrawl } from '#tests/crawl/contacts/save-crawl.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { ADMIN, serveProduct, temporaryFolder } from '#tests/support/product.ts'

const MINUTE = 60_000
const folder = temporaryFolder('contacts-test')
const { url: DATABASE_URL, connection, beforeClose } = await emptyDatabase()
const server = await serveProduct({ env: { DATABASE_URL, DATA_DIR: join(folder.path, 'data') } })
const { browser, close } = await openBrowser()
const { db, close: closeDatabase } = openDatabase(connection, { max: 2 })
beforeClose(async () => {
  await Promise.all([close(), closeDatabase(), server.stop()])
  folder.remove()
})

const signedIn = async (scripts: boolean): Promise<Tab> => {
  const tab = await openTab(browser, { base: server.base, scripts })
  await tab.page.setExtraHTTPHeaders({ 'Accept-Language': 'fr' })
  await tab.go('/login')
  await tab.page.type('[name=email]', ADMIN.email)
  await tab.page.type('[name=password]', ADMIN.password)
  await tab.follow(() => tab.page.click('[type=submit]'))
  return tab
}

const t = contactMessages('fr')
const OWNER = 'Élodie Marchand-Le Goff'
const SHORT = 'E. Marchand'
const TYPO = 'contcat@atelier-vauban.fr'
const RIGHT = 'contact@atelier-vauban.fr'

/** The texts of the cards of people, in their order. */
const cards = (tab: Tab): Promise<string[]> =>
  tab.page.$$eval('#contacts article', (all) => all.map((card) => (card as HTMLElement).innerText))
// By the element, not the mouse: the page may still be scrolling to where its address says.
const clickOn = (tab: Tab, selector: string) =>
  tab.page.$eval(selector, (element) => (element as HTMLElement).click())
const click = (tab: Tab, label: string) => clickOn(tab, `#contacts [aria-label="${label}"]`)

test.each([true, false])(
  'a reader corrects an address, merges two persons and undoes both (scripts: %p)',
  async (scripts) => {
    const [id] = await insertCompanies(db, [
      { name: 'Weber', website: RICH_URL, siteKey: 'atelier-vauban.fr' },
    ])
    await saveCrawl(db, id!, '2026-03-01T09:00:00Z', richSite(), doubtful)
    const tab = await signedIn(scripts)
    // With scripts the page stays; without them each step is a page of its own.
    const step = async (action: () => Promise<unknown>) => {
      if (!scripts) return tab.follow(action)
      await action()
    }
    await tab.go(`/companies/${id}/contacts`)
    if (scripts) await tab.page.evaluate('window.neverReloaded = true')

    const before = await cards(tab)
    expect(before[0]).toContain(OWNER)
    expect(before[0]).toContain('elodie.marchand@atelier-vauban.fr')
    expect(before[1]).toContain(SHORT)
    expect(before[1]).toContain('06 11 22 33 44')

    await step(() => click(tab, t.of(t.correct, TYPO)))
    await tab.page.waitForSelector('#field-value')
    await tab.page.$eval('#field-value', (field) => ((field as HTMLInputElement).value = 'pas une adresse'))
    await step(() => clickOn(tab, '.fact-form [type=submit]'))
    await tab.see(t.problem_email)
    expect(await tab.page.$eval('#field-value', (field) => (field as HTMLInputElement).value)).toBe(
      'pas une adresse',
    )
    await tab.page.$eval('#field-value', (field, value) => ((field as HTMLInputElement).value = value), RIGHT)
    await step(() => clickOn(tab, '.fact-form [type=submit]'))
    await tab.see(t.correctedBadge)
    expect(await tab.text('#contacts')).toContain(RIGHT)
    expect(await tab.text('#contacts')).not.toContain(TYPO)
    await step(() => click(tab, t.of(t.restore, RIGHT)))
    await tab.see(TYPO)

    await step(() => click(tab, t.of(t.merge, SHORT)))
    await tab.page.waitForSelector('#field-other')
    await clickOn(tab, '[name=keep][value=other]')
    await step(() => clickOn(tab, '.fact-form [type=submit]'))
    await tab.see(t.mergedBadge(SHORT))
    const merged = await cards(tab)
    expect(merged).toHaveLength(before.length - 1)
    expect(merged[0]).toContain('06 11 22 33 44')
    expect(merged[0]).toContain('elodie.marchand@atelier-vauban.fr')
    await step(() => click(tab, t.of(t.split(SHORT), SHORT)))
    await tab.page.waitForFunction(
      (count) => document.querySelectorAll('#contacts article').length === count,
      {},
      before.length,
    )
    if (scripts) expect(await tab.page.evaluate('window.neverReloaded')).toBe(true)
    // The refused form is the only answer that is not a success.
    expect(tab.problems.filter((problem) => !problem.startsWith('422: POST'))).toEqual([])
  },
  MINUTE,
)

test(
  'where a fact comes from unfolds with the value marked',
  async () => {
    const [id] = await insertCompanies(db, [
      { name: 'Weber', website: RICH_URL, siteKey: 'atelier-vauban.fr' },
    ])
    await saveCrawl(db, id!, '2026-03-01T09:00:00Z', richSite(), doubtful)
    const tab = await signedIn(true)
    await tab.go(`/companies/${id}/contacts`)
    await clickOn(tab, '#contacts article .border-top summary')
    await tab.see('elodie.marchand [at] atelier-vauban [point] fr')
    expect(await tab.text('#contacts article .border-top mark')).toBe(
      'elodie.marchand [at] atelier-vauban [point] fr',
    )
    expect(await tab.page.$$eval('#contacts img, #contacts script', (all) => all.length)).toBe(0)
    expect(tab.problems).toEqual([])
  },
  MINUTE,
)
