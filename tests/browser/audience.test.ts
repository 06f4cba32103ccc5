import { expect, test } from 'bun:test'
import { join } from 'node:path'
import postgres from 'postgres'
import { audienceMessages } from '#templates/campaign-audience/messages.ts'
import { reasonMessages } from '#templates/campaign-audience/reason-messages.ts'
import { authMessages } from '#templates/auth/messages.ts'
import { listMessages } from '#templates/companies/messages.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { ADMIN, serveProduct, temporaryFolder } from '#tests/support/product.ts'
import { checkPage } from '../../deploy/walk-checks.ts'

const MINUTE = 60_000
const t = audienceMessages('fr')

const folder = temporaryFolder('audience')
const { url: DATABASE_URL, beforeClose } = await emptyDatabase()
const server = await serveProduct({ env: { DATABASE_URL, DATA_DIR: join(folder.path, 'data') } })
const { browser, close } = await openBrowser()
const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} })

beforeClose(async () => {
  await Promise.all([close(), server.stop(), sql.end()])
  folder.remove()
})

const unfold = (tab: Tab) =>
  tab.page.$$eval('main details', (all) => {
    for (const one of all) (one as HTMLDetailsElement).open = true
  })

test(
  'criteria are counted while they are chosen, kept as a segment, and become a campaign',
  async () => {
    await sql`INSERT INTO companies (name, website, site_key, email, city, status) SELECT 'Garage ' || n,
      'https://garage-' || n || '.fr/', 'garage-' || n || '.fr', 'contact@garage-' || n || '.fr',
      CASE WHEN n % 2 = 0 THEN 'Metz' ELSE 'Lyon' END, CASE n WHEN 4 THEN 'Désabonné' ELSE 'Nouveau' END
      FROM generate_series(1, 10) AS n`
    const tab = await openTab(browser, { base: server.base })
    await tab.page.setExtraHTTPHeaders({ 'Accept-Language': 'fr' })
    await tab.go('/login')
    await tab.page.type('[name=email]', ADMIN.email)
    await tab.page.type('[name=password]', ADMIN.password)
    await tab.follow(() => tab.press(authMessages('fr').signIn))

    await tab.go('/companies')
    await tab.follow(() => tab.press(listMessages('fr').segments))
    await tab.follow(() => tab.press(t.newSegment))
    await tab.see(t.reached(9, 9), '#audience-count')
    for (const width of [1280, 390]) {
      await tab.page.setViewport({ width, height: 900 })
      expect(await checkPage(tab.page, width)).toEqual([])
    }
    await tab.page.setViewport({ width: 1280, height: 900 })

    await unfold(tab)
    await tab.page.type('[name=place]', 'Metz')
    await tab.see(t.reached(4, 4), '#audience-count')
    expect(await tab.text('#audience-count')).toContain(reasonMessages('fr').status(1))

    await tab.page.type('[name=name]', 'Garages de Metz')
    await tab.follow(() => tab.press(t.saveSegment))
    await tab.see(t.reached(4, 4))
    await tab.follow(() => tab.press(t.use))
    expect(tab.page.url()).toMatch(/\/campaigns\/\d+/)
    await tab.see(t.reached(4, 4), '#audience-count')
    expect(tab.problems).toEqual([])
  },
  MINUTE,
)

test(
  'companies ticked on the list become a campaign, without scripts too',
  async () => {
    const tab = await openTab(browser, { base: server.base, scripts: false })
    await tab.page.setExtraHTTPHeaders({ 'Accept-Language': 'fr' })
    await tab.go('/login')
    await tab.page.type('[name=email]', ADMIN.email)
    await tab.page.type('[name=password]', ADMIN.password)
    await tab.follow(() => tab.press(authMessages('fr').signIn))
    await tab.go('/companies?sort=name&dir=asc')
    const boxes = await tab.page.$$('input[name=ids]')
    await boxes[0]!.click()
    await boxes[1]!.click()
    await unfold(tab)
    await tab.follow(() => tab.press(listMessages('fr').campaignSelection))
    expect(await tab.text('main')).toContain(t.mode_picked(2))
    expect(await tab.text('#audience-count')).toContain(t.reached(2, 2))
  },
  MINUTE,
)
