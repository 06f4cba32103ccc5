// `bun run walk [NAMES]`: looks at every page in every state, theme, language and size, or at those whose name fits the
// pattern. The pictures are in tests/walk.
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ElementHandle } from 'puppeteer-core'
import { hostile } from '#tests/support/bad-sites.ts'
import { openBrowser, openTab, type Tab } from '#tests/support/browser.ts'
import { startFarm } from '#tests/support/farm.ts'
import { ADMIN, runProgram, serveProduct, signInOverHttp, temporaryFolder } from '#tests/support/product.ts'
import { checkPage } from './walk-checks.ts'
import { inboxStops, useInbox } from './walk-inbox.ts'
import { useLimits } from './walk-limits.ts'
import { siteTestStops, startSlowSite } from './walk-site-test.ts'
import { fileOf, importFile, workOnCompanies, type Filled } from './walk-states.ts'
import { campaignStops, useCampaigns } from './walk-campaigns.ts'
import { resultStops, useResults } from './walk-results.ts'
import { mailAccountStops, useMailAccounts } from './walk-mail-accounts.ts'
import { mailStops, startWalkMails, useMail } from './walk-mail.ts'
import { segmentStops, useSegments } from './walk-segments.ts'
import { findSubject, privacyStops } from './walk-privacy.ts'
import { tokenStops, useTokens } from './walk-tokens.ts'
import { startReceiver, useWebhooks } from './walk-webhooks.ts'

const OUT = join(dirname(import.meta.dir), 'tests/walk')
const WIDTHS = [1280, 390]
const HEIGHT = 900
const SITES = 14
const WANTED = new RegExp(process.argv[2] ?? '')
const SPECIAL = { hostile: 5, unreachable: 9 }

type Variant = { theme: 'light' | 'dark'; locale: 'fr' | 'en' }
const ALL: Variant[] = (['light', 'dark'] as const).flatMap((theme) =>
  (['fr', 'en'] as const).map((locale) => ({ theme, locale })),
)
// What is only another state of a page already seen in every way.
const TWO: Variant[] = [
  { theme: 'light', locale: 'fr' },
  { theme: 'dark', locale: 'en' },
]

/** One page to look at. `act` brings it into a state that has no address. */
type Stop = { name: string; path: string; status?: number; act?: (tab: Tab) => Promise<unknown> }

const problems: string[] = []
let pictures = 0

const walk = async (tab: Tab, variants: Variant[], stops: Stop[]) => {
  for (const variant of variants) {
    await become(tab, variant)
    for (const stop of stops) if (WANTED.test(stop.name)) await look(tab, variant, stop)
  }
}

/** The account's own choice once signed in; before that the browser's. */
const become = async (tab: Tab, { theme, locale }: Variant) => {
  await tab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
  await tab.page.setExtraHTTPHeaders({ 'Accept-Language': locale })
  await tab.go('/settings')
  if (tab.page.url().includes('/login')) return
  await tab.page
    .select('select[name=locale]', locale)
    .catch(() => tab.page.click(`[name=locale][value=${locale}]`))
  await tab.page
    .select('select[name=theme]', theme)
    .catch(() => tab.page.click(`[name=theme][value=${theme}]`))
  await tab.follow(() =>
    tab.page.$eval('form[action="/settings/appearance"]', (form) =>
      (form as HTMLFormElement).requestSubmit(),
    ),
  )
}

const look = async (tab: Tab, { theme, locale }: Variant, { name, path, status = 200, act }: Stop) => {
  const { page } = tab
  tab.problems.length = 0
  const note = (problem: string) => problems.push(`${name} (${theme}, ${locale}) ${path}: ${problem}`)
  const answer = await tab.go(path)
  if (act) await act(tab).catch((error: unknown) => note(`could not be brought about: ${String(error)}`))
  else if (answer.status() !== status) note(`answered ${answer.status()} instead of ${status}`)
  for (const width of WIDTHS) {
    await page.setViewport({ width, height: HEIGHT })
    const folder = join(OUT, `${theme}-${locale}-${width}`)
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: `${folder}/${name}.png` as const, fullPage: true })
    pictures++
    for (const problem of await checkPage(page, width)) note(`${width} px: ${problem}`)
  }
  const expected = act ? 422 : status
  for (const problem of tab.problems)
    if (!problem.startsWith(`${expected}: `) || expected < 400) note(problem)
}

/** The pages of the routes table, once for each row that `rowsOf` names for their parameter; whoever adds a page
 *  with a new kind of parameter is told to say which row to show. */
const stopsOf = async (
  routes: Route[],
  tab: Tab,
  rowsOf: (prefix: string) => Record<string, number> | null,
): Promise<Stop[]> => {
  const stops: Stop[] = []
  // Asked from a page that may ask: a frame's own rules forbid it.
  await tab.go('/settings')
  for (const { path } of routes) {
    const rows = path.includes(':') ? rowsOf(prefixOf(path)) : { '': 0 }
    if (!rows) problems.push(`${path}: the walk does not know which row to show`)
    const page =
      path
        .replace(/\/:[^/]+/, '')
        .slice(1)
        .replaceAll('/', '-') || 'home'
    const isOne = path.includes(':') ? 'one' : ''
    for (const [kind, id] of Object.entries(rows ?? {})) {
      const filled = path.replace(/:[^/]+/, String(id))
      const name = [page, isOne, kind].filter(Boolean).join('-')
      if (await isPage(tab, filled)) stops.push({ name, path: filled })
    }
  }
  return stops
}

const prefixOf = (path: string): string => path.split('/:')[0] ?? ''

type Route = { method: string; path: string; access: string }

// Downloads, streams and fragments are no pages; a deleted company has no form.
const isPage = (tab: Tab, path: string): Promise<boolean> =>
  tab.page.evaluate(async (one) => {
    const ending = new AbortController()
    const answer = await fetch(one, { signal: ending.signal })
    const type = answer.headers.get('content-type') ?? ''
    const whole = answer.ok && type.startsWith('text/html') && /^\s*<!doctype/i.test(await answer.text())
    ending.abort()
    return whole
  }, path)

const fillIn = async (tab: Tab, values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values))
    await tab.page.$eval(
      `main [name="${name}"]`,
      (field, text) => void ((field as HTMLInputElement).value = text),
      value,
    )
}

/** Sends the form as it is, past the browser's own checks. */
const send = (tab: Tab, form = 'main form') =>
  tab.follow(() => tab.page.$eval(form, (element) => (element as HTMLFormElement).submit()))

const refusedForms = ({ crawled }: Filled): Stop[] => [
  {
    name: 'contact-refused',
    path: `/companies/${crawled}/contacts?add=phone`,
    act: async (tab) => {
      await fillIn(tab, { value: 'pas un numéro' })
      await send(tab, `main form[action="/companies/${crawled}/facts"]`)
    },
  },
  {
    name: 'form-refused',
    path: `/companies/${crawled}/edit`,
    act: async (tab) => {
      await fillIn(tab, { name: '', email: 'pas une adresse', latitude: '1234' })
      await send(tab, `main form[action="/companies/${crawled}/edit"]`)
    },
  },
  {
    name: 'file-refused',
    path: '/imports',
    act: async (tab) => {
      const input = (await tab.page.$('input[type=file]')) as ElementHandle<HTMLInputElement>
      await input.uploadFile(join(OUT, 'light-fr-1280/login-first.png'))
      await send(tab, 'form[action="/imports"]')
    },
  },
  {
    name: 'webhook-refused',
    path: '/settings/webhooks',
    act: async (tab) => {
      await fillIn(tab, { name: '', url: 'http://10.0.0.1/' })
      await send(tab, 'main form[action="/settings/webhooks"]')
    },
  },
  {
    name: 'password-refused',
    path: '/settings',
    act: async (tab) => {
      await fillIn(tab, { current: 'wrong', wanted: 'short', repeated: 'other' })
      await send(tab, 'form[action="/settings/password"]')
    },
  },
]

const otherStates = ({ crawled, withoutSite, batch, decided }: Filled): Stop[] => [
  { name: 'companies-nothing-found', path: '/companies?q=zzzz' },
  { name: 'companies-beyond', path: '/companies?page=90' },
  { name: 'companies-filtered', path: '/companies?level=high&q=metz' },
  { name: 'merge-searched', path: `/companies/${withoutSite}/merge?q=garage` },
  { name: 'jobs-failed-items', path: `/jobs/${batch}?state=failed` },
  { name: 'contacts-correct', path: `/companies/${crawled}/contacts?correct=${decided.correct}` },
  { name: 'contacts-correct-other', path: `/companies/${crawled}/contacts?correct=${decided.address}` },
  { name: 'contacts-merge', path: `/companies/${crawled}/contacts?merge=${decided.merge}` },
  { name: 'contacts-add-email', path: `/companies/${crawled}/contacts?add=email` },
  { name: 'contacts-add-phone', path: `/companies/${crawled}/contacts?add=phone` },
  { name: 'contacts-add-person', path: `/companies/${crawled}/contacts?add=person` },
  { name: 'not-found', path: '/no-such-page', status: 404 },
  { name: 'company-not-found', path: '/companies/999999', status: 404 },
  {
    name: 'account-menu',
    path: `/companies/${crawled}`,
    act: (tab) => tab.page.click('[data-bs-toggle=dropdown]'),
  },
]

const main = async (): Promise<number> => {
  rmSync(OUT, { recursive: true, force: true })
  const folder = temporaryFolder('walk')
  const farm = startFarm({ sites: SITES, special: { [SPECIAL.hostile]: hostile } })
  const slow = startSlowSite()
  const receiver = startReceiver()
  const mails = await startWalkMails()
  const server = await serveProduct({
    env: {
      DATA_DIR: folder.path,
      ADMIN_EMAIL: '',
      ADMIN_PASSWORD: '',
      WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8',
      ...mails.env,
    },
  })
  const { browser, close } = await openBrowser()
  try {
    const tab = await openTab(browser, { base: server.base })
    const setupLink = /http\S+\/setup\?token=\S+/.exec(server.log())?.[0] ?? ''
    const setup = setupLink.slice(setupLink.indexOf('/setup'))
    await walk(tab, TWO, [
      { name: 'login-first', path: '/login' },
      { name: 'setup', path: setup },
      { name: 'setup-help', path: '/setup' },
      { name: 'setup-wrong-link', path: '/setup?token=wrong', status: 403 },
    ])
    await tab.go(setup)
    await fillIn(tab, ADMIN)
    await send(tab)

    const told = await runProgram(['routes', '--json'], {})
    const routes = (JSON.parse(told.out) as Route[]).filter(
      ({ method, path }) =>
        method === 'GET' &&
        // A preview is seen in the frame of its page.
        !['/login', '/setup'].includes(path) &&
        !path.endsWith('/preview') &&
        !/^\/(?:assets|track|api\/public\/(?!docs$))/.test(path),
    )
    const plain = routes.filter(({ path }) => !path.includes(':'))
    await walk(tab, TWO, asEmpty(await stopsOf(plain, tab, () => null)))

    await importFile(server, folder.path, fileOf(farm, SPECIAL))
    await walk(tab, TWO, [
      { name: 'jobs-running', path: '/jobs' },
      { name: 'job-running', path: '/jobs/1' },
      { name: 'companies-running', path: '/companies' },
    ])
    const filled = await workOnCompanies(server, farm, SPECIAL)
    const { crawled, unreachable, withoutSite, deleted } = filled
    const { done, ...openImports } = filled.imports
    const webhook = await useWebhooks(await signInOverHttp(server.base), receiver.url, unreachable)
    await useTokens(await signInOverHttp(server.base))
    const mail = await useMail(await signInOverHttp(server.base), crawled)
    const full = await useMailAccounts(await signInOverHttp(server.base))
    const account = await useLimits(await signInOverHttp(server.base))
    const segment = await useSegments(await signInOverHttp(server.base))
    const inbox = await useInbox(await signInOverHttp(server.base), account)
    const campaigns = await useCampaigns(await signInOverHttp(server.base))
    const { rehearsal } = campaigns
    const recipient = await useResults(await signInOverHttp(server.base), rehearsal)
    const subject = await findSubject(await signInOverHttp(server.base))
    const one: Record<string, number> = {
      '/campaigns': campaigns.draft,
      '/segments': segment,
      '/companies': crawled,
      '/jobs': filled.batch,
      '/imports': done,
      '/settings/webhooks': webhook,
      '/suppressions': mail.removed,
      '/settings/mail': account,
      '/inbox': inbox.mail,
      // The first of those that come with the product; no picture has this name.
      '/templates': 1,
      '/templates/images': 1,
    }
    await walk(tab, ALL, await stopsOf(routes, tab, (prefix) => (one[prefix] ? { '': one[prefix] } : null)))
    const others: Record<string, Record<string, number>> = {
      '/companies': { hostile: filled.hostile, unreachable, withoutSite, deleted },
      '/imports': openImports,
    }
    const withOthers = routes.filter(({ path }) => others[prefixOf(path)] && path.includes(':'))
    await walk(tab, TWO, await stopsOf(withOthers, tab, (prefix) => others[prefix] ?? null))
    await walk(tab, TWO, [
      ...otherStates(filled),
      ...refusedForms(filled),
      ...mailStops(crawled),
      ...mailAccountStops(full),
      ...inboxStops(inbox.mail),
      ...campaignStops(campaigns),
      ...segmentStops(segment),
      ...resultStops(rehearsal, recipient),
      ...privacyStops(subject),
      ...tokenStops(send),
    ])
    const tried = { slow: slow.url, ordinary: farm.sites[1]!.url }
    await walk(tab, TWO, siteTestStops(tried, unreachable))

    const guest = await openTab(browser, { base: server.base })
    const wrong = { email: 'someone@example.org', password: 'not this one' }
    await walk(guest, ALL, [{ name: 'login', path: '/login' }])
    await walk(guest, TWO, [
      { name: 'login-refused', path: '/login', act: (one) => fillIn(one, wrong).then(() => send(one)) },
      // What recipients of mails see; a token that nobody made gets the same page.
      { name: 'track-unsubscribe', path: '/track/unsubscribe/unknown' },
      {
        name: 'track-click-warning',
        path: '/track/click/unknown?url=https%3A%2F%2Fexample.org%2F',
        status: 404,
      },
    ])
  } finally {
    await close()
    await server.stop()
    await Promise.all([farm.stop(), slow.stop(), receiver.stop(), mails.stop()])
    folder.remove()
  }
  const different = new Set(problems)
  for (const problem of different) console.log(problem)
  console.log(`${pictures} pictures in ${OUT}, ${different.size} problems`)
  return problems.length > 0 ? 1 : 0
}

const asEmpty = (stops: Stop[]): Stop[] => stops.map((stop) => ({ ...stop, name: `${stop.name}-empty` }))

process.exit(await main())
