import { mkdtempSync, rmSync } from 'node:fs'
import { launch, type Browser, type ElementHandle, type HTTPResponse, type Page } from 'puppeteer-core'
import { findChromium, type Chromium } from './chromium.ts'

const WAIT_MS = 30_000
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--font-render-hinting=none',
]
const CLOSE_WITHIN_MS = 10_000

/** A headless Chromium with a profile of its own (the one `findChromium` finds, unless given). */
export const openBrowser = async (
  chromium?: Chromium,
): Promise<{ browser: Browser; close: () => Promise<void> }> => {
  const { path, env } = chromium ?? (await findChromium())
  const profile = mkdtempSync('/tmp/prospectlab-browser-')
  const browser = await launch({
    executablePath: path,
    headless: true,
    args: FLAGS,
    userDataDir: profile,
    env: { ...process.env, ...env },
  })
  const close = async () => {
    await Promise.race([browser.close(), Bun.sleep(CLOSE_WITHIN_MS)])
    browser.process()?.kill('SIGKILL')
    rmSync(profile, { recursive: true, force: true })
  }
  return { browser, close }
}

export type Tab = {
  page: Page
  /** Whether scripts run in it. */
  scripts: boolean
  /** What went wrong on its pages so far: console errors, reports of the CSP, failed and refused requests. */
  problems: string[]
  go: (path: string) => Promise<HTTPResponse>
  /** Does what leaves the page, and waits for the next one. */
  follow: (action: () => Promise<unknown>) => Promise<void>
  /** Presses the button or link with this text. */
  press: (text: string, within?: string) => Promise<void>
  /** Waits until a CSS selector or a text is there. */
  see: (text: string, within?: string) => Promise<void>
  text: (selector?: string) => Promise<string>
}

type TabOptions = { base: string; scripts?: boolean; width?: number }

/** A tab with cookies of its own, as if on another machine. */
export const openTab = async (browser: Browser, options: TabOptions): Promise<Tab> => {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  // Several tabs are used at once: each takes its keys as if it were in front.
  await page.emulateFocusedPage(true)
  await page.setViewport({ width: options.width ?? 1280, height: 900 })
  const scripts = options.scripts ?? true
  await page.setJavaScriptEnabled(scripts)
  // Questions asked before something is deleted are answered with yes.
  page.on('dialog', (dialog) => void dialog.accept())
  const problems = watch(page)

  const go = async (path: string) => {
    const answer = await page.goto(options.base + path, { waitUntil: 'load' })
    if (!answer) throw new Error(`${path} did not answer`)
    return answer
  }
  const follow = async (action: () => Promise<unknown>) => {
    await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), action()])
  }
  const press = async (text: string, within = 'body') => {
    const deadline = Date.now() + WAIT_MS
    for (;;) {
      const found = await page.evaluateHandle(findByText, text, within)
      const element = found.asElement() as ElementHandle<Element> | null
      if (element) return element.click()
      if (Date.now() > deadline) throw new Error(`no link or button in ${page.url()}: ${text}`)
      await Bun.sleep(30)
    }
  }
  const text = (selector = 'body') => page.$eval(selector, (element) => (element as HTMLElement).innerText)
  const see = async (wanted: string, within = 'body') => {
    const deadline = Date.now() + WAIT_MS
    let seen = ''
    while (!(seen = await text(within).catch(() => '')).includes(wanted)) {
      if (Date.now() > deadline)
        throw new Error(`not seen in ${page.url()}: ${wanted}\n${seen.slice(0, 1500)}`)
      await Bun.sleep(30)
    }
  }
  return { page, scripts, problems, go, follow, press, see, text }
}

// Runs in the page.
const findByText = (text: string, within: string): Element | null => {
  const candidates = [...document.querySelectorAll(`:is(${within}) :is(a, button)`)]
  const textOf = (element: Element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim()
  return candidates.find((element) => textOf(element) === text && element.checkVisibility()) ?? null
}

const watch = (page: Page): string[] => {
  const problems: string[] = []
  page.on('console', (message) => {
    // Chromium also logs each refused answer; the answer itself is noted below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`script: ${String(error)}`))
  page.on('response', (answer) => {
    if (answer.status() >= 400)
      problems.push(`${answer.status()}: ${answer.request().method()} ${answer.url()}`)
  })
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // Leaving a page ends its stream of events; a download ends the navigation that asked for it.
    if (reason !== 'net::ERR_ABORTED') problems.push(`failed: ${request.url()} ${reason}`)
  })
  return problems
}
