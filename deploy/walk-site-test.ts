import type { Tab } from '#tests/support/browser.ts'

type Stop = { name: string; path: string; act: (tab: Tab) => Promise<unknown> }

const CLOSED = 'http://127.0.0.1:1/'

/** A site whose second page never comes: its trial can be looked at while it is at work. */
export const startSlowSite = (): { url: string; stop: () => Promise<void> } => {
  const site = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    fetch: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/contact') await new Promise(() => {})
      if (pathname !== '/') return new Response('', { status: 404 })
      const mail = '<a href="mailto:accueil@garage-lent.fr">Écrire</a>'
      return new Response(`<!doctype html><title>Garage</title><a href="/contact">Contact</a> ${mail}`, {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      })
    },
  })
  return { url: `http://127.0.0.1:${site.port}/`, stop: () => site.stop(true) }
}

/** The trial of a site in each of its states, and the settings of a company's crawl. */
export const siteTestStops = (sites: { slow: string; ordinary: string }, withSite: number): Stop[] => [
  { name: 'site-test-refused', path: '/site-test', act: (tab) => submitUrl(tab, 'ftp://exemple.fr/') },
  {
    name: 'site-test-running',
    path: '/site-test',
    act: async (tab) => {
      await submitUrl(tab, sites.slow)
      await tab.see('accueil@garage-lent.fr', 'main')
    },
  },
  {
    name: 'site-test-stopped',
    path: '/site-test',
    act: (tab) => submitForm(tab, 'form[action="/site-test/stop"]').then(() => atRest(tab)),
  },
  {
    name: 'site-test-done',
    path: '/site-test',
    act: (tab) => submitUrl(tab, sites.ordinary).then(() => atRest(tab)),
  },
  {
    name: 'site-test-failed',
    path: '/site-test',
    act: (tab) => submitUrl(tab, CLOSED).then(() => atRest(tab)),
  },
  {
    name: 'company-crawl-settings',
    path: `/companies/${withSite}`,
    act: (tab) =>
      tab.page.$$eval('#crawl-settings details', (all) => {
        for (const one of all) one.open = true
      }),
  },
  {
    name: 'company-robots-ignored',
    path: `/companies/${withSite}`,
    act: async (tab) => {
      if (!(await tab.page.$('#robots-reason'))) return
      await tab.page.$eval('#robots-reason', (field) => {
        ;(field as HTMLInputElement).value = 'Accord du gérant par téléphone le 12 mars'
      })
      await submitForm(tab, 'form[action$="/robots-override"]')
    },
  },
]

const submitUrl = async (tab: Tab, url: string) => {
  await tab.page.$eval('[name=url]', (field, text) => void ((field as HTMLInputElement).value = text), url)
  await submitForm(tab, 'main form[action="/site-test"]')
}

/** Past the browser's own checks. */
const submitForm = (tab: Tab, form: string) =>
  tab.follow(() => tab.page.$eval(form, (element) => (element as HTMLFormElement).submit()))

// The page shows the result by itself: the form to try another site is back.
const atRest = (tab: Tab) => tab.page.waitForSelector('main form[action="/site-test"]')
