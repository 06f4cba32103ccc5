import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { authMessages } from '#templates/auth/messages.ts'
import { detailMessages } from '#templates/companies/detail-messages.ts'
import { trialMessages } from '#templates/crawl/trial-messages.ts'
import { commonMessages } from '#templates/messages.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { emptyDatabase } from '#tests/support/database.ts'
import { ADMIN, serveProduct, temporaryFolder } from '#tests/support/product.ts'

const MINUTE = 60_000
const t = trialMessages('fr')

const folder = temporaryFolder('site-test')
const { url: DATABASE_URL, beforeClose } = await emptyDatabase()
const server = await serveProduct({ env: { DATABASE_URL, DATA_DIR: join(folder.path, 'data') } })
const { browser, close } = await openBrowser()

const page = (body: string) =>
  new Response(`<!doctype html><title>Garage Léger</title>${body}`, {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })

/** A site whose last page comes only when the test has seen what the others told. */
const slowSite = () => {
  let free = Promise.withResolvers<void>()
  const site = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/') return page('<a href="/contact">Contact</a> <a href="/tarifs">Tarifs</a>')
      if (pathname === '/contact') return page('<a href="mailto:claire@garage-leger.fr">Claire</a>')
      if (pathname !== '/tarifs') return new Response('', { status: 404 })
      await free.promise
      return page('<p>Suivez-nous : <a href="https://www.facebook.com/garage-leger">Facebook</a></p>')
    },
  })
  return {
    url: `http://127.0.0.1:${site.port}/`,
    hold: () => void (free = Promise.withResolvers()),
    release: () => free.resolve(),
    stop: () => (free.resolve(), site.stop(true)),
  }
}
// A site each: the crawl of the company added in one test must not hold up the other's trial.
const [first, second] = [slowSite(), slowSite()]

beforeClose(async () => {
  await Promise.all([close(), server.stop(), first.stop(), second.stop()])
  folder.remove()
})

const signIn = async (tab: Tab) => {
  await tab.page.setExtraHTTPHeaders({ 'Accept-Language': 'fr' })
  await tab.go('/login')
  await tab.page.type('[name=email]', ADMIN.email)
  await tab.page.type('[name=password]', ADMIN.password)
  await tab.follow(() => tab.press(authMessages('fr').signIn))
}

const startTrial = async (tab: Tab, site: typeof first) => {
  site.hold()
  await tab.follow(() => tab.press(commonMessages('fr').siteTest, 'nav'))
  await tab.page.$eval('[name=url]', (field) => ((field as HTMLInputElement).value = ''))
  await tab.page.type('[name=url]', site.url)
  await tab.follow(() => tab.press(t.start))
}

const untilGone = async (tab: Tab, text: string) => {
  const deadline = Date.now() + MINUTE / 4
  while ((await tab.text('main').catch(() => text)).includes(text)) {
    if (Date.now() > deadline) throw new Error(`still there: ${text}`)
    await Bun.sleep(30)
  }
}

test(
  'the page of a trial fills by itself, shows the result by itself, and makes a company of it',
  async () => {
    const tab = await openTab(browser, { base: server.base })
    await signIn(tab)
    await startTrial(tab, first)
    await tab.page.evaluate('window.neverReloaded = true')
    await tab.see('claire@garage-leger.fr', 'main')
    await tab.see(t.read(2, 5), 'main')
    expect(await tab.page.evaluate('window.neverReloaded')).toBe(true)
    expect(await tab.text('main')).not.toContain('facebook.com')

    await tab.page.reload()
    await tab.see('claire@garage-leger.fr', 'main')
    first.release()
    await tab.see(detailMessages('fr').scoreTitle, 'main')
    await tab.see('facebook.com/garage-leger', 'main')
    await tab.follow(() => tab.press(t.add))
    expect(new URL(tab.page.url()).pathname).toMatch(/^\/companies\/\d+$/)
    await tab.see(t.added)
    expect(tab.problems).toEqual([])
  },
  MINUTE,
)

test(
  'without scripts the page asks again by itself until the result is there, and can be stopped',
  async () => {
    const tab = await openTab(browser, { base: server.base, scripts: false })
    await signIn(tab)
    await startTrial(tab, second)
    await tab.see('claire@garage-leger.fr', 'main')
    second.release()
    await tab.see(detailMessages('fr').scoreTitle, 'main')

    await startTrial(tab, second)
    await tab.see('claire@garage-leger.fr', 'main')
    await tab.follow(() => tab.press(t.stop))
    await tab.see(t.cut, 'main')
    await untilGone(tab, t.running)
    expect(tab.problems).toEqual([])
  },
  MINUTE,
)
