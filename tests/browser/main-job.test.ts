import { expect, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, writeFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ElementHandle } from 'puppeteer-core'
import { addUser } from '#src/auth/users.ts'
import { readTable } from '#src/companies/import/tables/read-table.ts'
import { openDatabase } from '#src/db/open.ts'
import type { Locale } from '#src/lib/i18n.ts'
import { authMessages } from '#templates/auth/messages.ts'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { importMessages } from '#templates/companies/import-messages.ts'
import { listMessages, statusText } from '#templates/companies/messages.ts'
import { commonMessages } from '#templates/messages.ts'
import { jobsMessages } from '#templates/operations/jobs-messages.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { startFarm, type FarmSite } from '#tests/support/farm.ts'
import { ADMIN, serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const TABS = ['contacts', 'pages', 'technical', 'seo', 'security', 'history'] as const

const folder = temporaryFolder('browser-test')
const farm = startFarm({ sites: 12, pages: 3 })
const { url: DATABASE_URL, connection, beforeClose } = await emptyDatabase()
const server = await serveProduct({ env: { DATABASE_URL, DATA_DIR: join(folder.path, 'data') } })
const { browser, close } = await openBrowser()
// One account per language: three people work at the same time.
const BOB = { email: 'bob@example.org', password: 'other-nine-long-words' }
const { db, close: closeDatabase } = openDatabase(connection, { max: 1 })
await addUser({ db }, { ...BOB, role: 'member' })

beforeClose(async () => {
  await Promise.all([close(), closeDatabase(), server.stop(), farm.stop()])
  folder.remove()
})

const writeFile = (name: string, sites: FarmSite[], others: string[] = []): string => {
  const path = join(folder.path, name)
  const rows = sites.map((site) => `${site.name};${site.url};${site.city};${site.postalCode}`)
  writeFileSync(path, ['Raison sociale;Site web;Ville;CP', ...rows, ...others, ''].join('\r\n'))
  return path
}

const signIn = async (tab: Tab, locale: Locale, user = locale === 'fr' ? ADMIN : BOB) => {
  await tab.page.setExtraHTTPHeaders({ 'Accept-Language': locale })
  await tab.go('/companies')
  await tab.page.type('[name=email]', user.email)
  await tab.page.type('[name=password]', user.password)
  await tab.follow(() => tab.press(authMessages(locale).signIn))
  if (new URL(tab.page.url()).pathname !== '/companies') throw new Error(`not signed in: ${await tab.text()}`)
}

/** Upload, columns, check, import; the page afterwards is that of the finished import. */
const importByPage = async (tab: Tab, file: string, { locale, rows }: { locale: Locale; rows: number }) => {
  const t = importMessages(locale)
  await tab.go('/imports')
  const input = (await tab.page.$('input[type=file]')) as ElementHandle<HTMLInputElement>
  await input.uploadFile(file)
  await tab.follow(() => tab.press(t.upload))
  await tab.see(t.mappingTitle)
  await tab.follow(() => tab.press(t.check))
  await reloadUntil(tab, t.checkTitle)
  expect(await tab.text('main dl')).toContain(String(rows))
  await tab.follow(() => tab.press(t.run(rows)))
  await reloadUntil(tab, t.resultTitle)
}

/** With scripts the page changes by itself; without them a person reloads it. */
const reloadUntil = async (tab: Tab, wanted: string) => {
  if (tab.scripts) return tab.see(wanted)
  await until(
    wanted,
    async () => (await tab.text()).includes(wanted) || (await tab.page.reload(), await Bun.sleep(200), false),
    MINUTE,
  )
}

const progressOf = (tab: Tab): Promise<number> =>
  tab.page.$eval('progress', (bar) => (bar as HTMLProgressElement).value)

/** The bar moves by itself, in both browsers, and a reload changes nothing. */
const followCrawl = async (tab: Tab, other: Tab, locale: Locale) => {
  await tab.follow(() => tab.press(importMessages(locale).seeCrawl))
  await other.go(new URL(tab.page.url()).pathname)
  for (const one of [tab, other]) await one.page.evaluate('window.neverReloaded = true')
  const start = await progressOf(tab)
  await until('the bar moves', async () => (await progressOf(tab)) > start, MINUTE)
  const moved = await progressOf(tab)
  await until('the other browser sees it', async () => (await progressOf(other)) >= moved, MINUTE)
  for (const one of [tab, other]) expect(await one.page.evaluate('window.neverReloaded')).toBe(true)
  await other.page.reload()
  expect(await progressOf(other)).toBeGreaterThanOrEqual(moved)
  for (const one of [tab, other]) await one.see(jobsMessages(locale).done, '[id^=batch-] .badge')
}

const checkList = async (tab: Tab, site: FarmSite) => {
  await tab.go(`/companies?q=${encodeURIComponent(site.name)}`)
  const row = await tab.text('#results tbody tr')
  expect(row).toContain(site.name)
  expect(row).toContain(site.email)
  expect(row).toContain(site.director)
  const weak = await tab.page.$$eval('#results tbody tr:first-child .badge', (badges) => badges.length)
  expect(weak).toBeGreaterThan(2)
  expect(Number(await tab.text('#results tbody tr .h3'))).toBeGreaterThan(0)
}

const checkDetail = async (tab: Tab, site: FarmSite, locale: Locale) => {
  const t = detailMessages(locale)
  await tab.follow(() => tab.press(site.name, '#results'))
  await tab.see(site.director)
  for (const name of TABS) {
    await tab.follow(() => tab.press(t[name], 'main nav'))
    expect(await tab.page.$eval('main nav [aria-current=page]', (link) => link.textContent)).toBe(t[name])
    if (name === 'contacts') await tab.see(site.email)
    if (name === 'pages') await tab.see('mentions-legales')
  }
}

const editAndFollowUp = async (tab: Tab, locale: Locale) => {
  const t = detailMessages(locale)
  await tab.follow(() => tab.press(t.overview, 'main nav'))
  await tab.follow(() => tab.press(t.edit))
  await tab.page.$eval('[name=city]', (field) => ((field as HTMLInputElement).value = ''))
  await tab.page.type('[name=city]', 'Pont-à-Mousson')
  await tab.follow(() => tab.press(commonMessages(locale).save, 'main'))
  await tab.see('Pont-à-Mousson')
  await tab.page.select('[name=status]', 'Relance')
  await tab.follow(() => tab.press(commonMessages(locale).save, 'main'))
  await tab.see(statusText(locale, 'Relance'))
  await tab.follow(() => tab.press(t.history, 'main nav'))
  await tab.see('Pont-à-Mousson')
}

/** Downloads through the buttons of the list and reads the files with the reader of imports. */
const exportBoth = async (tab: Tab, locale: Locale, names: string[]) => {
  const t = listMessages(locale)
  const downloads = join(folder.path, `downloads-${locale}`)
  mkdirSync(downloads)
  const session = await tab.page.createCDPSession()
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: downloads,
    browserContextId: tab.page.browserContext().id!,
  })
  await tab.go('/companies')
  await tab.page.click('#results details summary')
  await tab.page.click('#results [name=all]')
  for (const [format, button] of [
    ['csv', t.exportCsv],
    ['xlsx', t.exportXlsx],
  ] as const) {
    await tab.press(button, '#results')
    // Chromium claims the name with an empty file before the first byte.
    const found = () =>
      readdirSync(downloads).find(
        (name) => name.endsWith(`.${format}`) && statSync(join(downloads, name)).size > 0,
      )
    await until(`the ${format} file is there`, found, MINUTE / 4)
    const text = await cellsOf(join(downloads, found()!))
    for (const name of names) expect([format, name, text.has(name)]).toEqual([format, name, true])
  }
}

const cellsOf = async (file: string): Promise<Set<string>> => {
  const table = await readTable(readFileSync(file), file)
  if (!table.ok) throw new Error(table.problem.message)
  return new Set([...table.value.rows].flatMap(({ cells }) => cells))
}

const deleteAndUndo = async (tab: Tab, name: string, locale: Locale) => {
  await tab.go(`/companies?q=${encodeURIComponent(name)}`)
  await tab.follow(() => tab.press(name, '#results'))
  await tab.follow(() => tab.press(detailMessages(locale).delete))
  await tab.go(`${new URL(tab.page.url()).pathname}${new URL(tab.page.url()).search}`)
  await tab.follow(() => tab.press(commonMessages(locale).undo, '[role=status]'))
  await tab.see(name)
}

const mergeTwo = async (tab: Tab, [kept, other]: [string, string], locale: Locale) => {
  const t = detailMessages(locale)
  await tab.go(`/companies?q=${encodeURIComponent(kept)}`)
  await tab.follow(() => tab.press(kept, '#results'))
  await tab.follow(() => tab.press(t.merge))
  await tab.page.$eval('#merge-search', (field) => ((field as HTMLInputElement).value = ''))
  await tab.page.type('#merge-search', other)
  await tab.follow(() => tab.press(commonMessages(locale).search, 'main'))
  await tab.follow(() => tab.press(t.mergeChoose, 'main li'))
  await tab.see(t.merged(other))
}

const signOut = async (tab: Tab, locale: Locale) => {
  if (tab.scripts) await tab.page.click('[data-bs-toggle=dropdown]')
  await tab.follow(() => tab.press(commonMessages(locale).signOut))
  expect((await tab.go('/companies')).url()).toContain('/login')
}

const mainJob = async (locale: Locale, sites: FarmSite[]) => {
  const tab = await openTab(browser, { base: server.base })
  const other = await openTab(browser, { base: server.base })
  for (const one of [tab, other]) await signIn(one, locale)
  const doubles: [string, string] = [`Atelier Nord ${locale}`, `Atelier Sud ${locale}`]
  const file = writeFile(
    `entreprises-${locale}.csv`,
    sites,
    doubles.map((name) => `${name};;Metz;57000`),
  )
  await importByPage(tab, file, { locale, rows: sites.length + 2 })
  await followCrawl(tab, other, locale)
  const [first] = sites as [FarmSite]
  await checkList(tab, first)
  await checkDetail(tab, first, locale)
  await editAndFollowUp(tab, locale)
  await exportBoth(tab, locale, [first.name, first.email, 'Pont-à-Mousson', ...doubles])
  await deleteAndUndo(tab, first.name, locale)
  await mergeTwo(tab, doubles, locale)
  await signOut(tab, locale)
  expect([...tab.problems, ...other.problems]).toEqual([])
}

test.concurrent(
  'the main job in French, live in two browsers',
  () => mainJob('fr', farm.sites.slice(0, 5)),
  2 * MINUTE,
)

test.concurrent(
  'the main job in English',
  async () => {
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab, 'fr', BOB)
    await tab.go('/settings')
    await tab.page.select('select[name=locale]', 'en')
    await tab.follow(() => tab.press(commonMessages('fr').save, 'form[action="/settings/appearance"]'))
    await mainJob('en', farm.sites.slice(5, 10))
  },
  2 * MINUTE,
)

test.concurrent(
  'without scripts the way from the file to the company is the same',
  async () => {
    const tab = await openTab(browser, { base: server.base, scripts: false })
    await signIn(tab, 'fr')
    const [first] = farm.sites.slice(10) as [FarmSite]
    await importByPage(tab, writeFile('plain.csv', [first]), { locale: 'fr', rows: 1 })
    await tab.follow(() => tab.press(importMessages('fr').seeCrawl))
    await reloadUntil(tab, jobsMessages('fr').finishedAt)
    await checkList(tab, first)
    await checkDetail(tab, first, 'fr')
    await editAndFollowUp(tab, 'fr')
    await deleteAndUndo(tab, first.name, 'fr')
    await signOut(tab, 'fr')
    expect(tab.problems).toEqual([])
  },
  2 * MINUTE,
)
