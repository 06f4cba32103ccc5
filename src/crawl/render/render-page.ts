import { vetHost, parseOutsideUrl, portOf } from '#src/lib/address-vetting.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { HopGate, FetchOptions } from '#src/lib/safe-fetch.ts'
import type { Pass, PassLimits } from '#src/lib/safe-fetch/guarding-proxy.ts'
import { sleep } from '#src/lib/sleep.ts'
import type { CdpSession } from './cdp-connection.ts'
import type { Chromium } from './launch-chromium.ts'
import { controlTraffic, type MainDocument, type PageTraffic } from './page-traffic.ts'
import { takeDocument, waitUntilQuiet } from './read-dom.ts'

const DEFAULT_TIMEOUT_MS = 15_000
const ANSWER_WITHIN_MS = 3_000
const TRY_AGAIN_MS = 50
const LEAVE_WITHIN_MS = 3_000
const PASS_LIMITS: PassLimits = { maxBytes: 30_000_000, maxConnections: 600, maxConnectionsAtOnce: 64 }
// Tall, so that what is drawn when it comes into view is drawn.
const VIEWPORT = { width: 1280, height: 4_000, deviceScaleFactor: 1, mobile: false }
// The proxy refuses what these would do; without them a page does not even try.
const BEFORE_THE_PAGE = `for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'SharedWorker'])
  try { delete globalThis[name] } catch {}`

export type RenderProblemCode =
  | 'no_browser'
  | 'bad_url'
  | 'refused_address'
  | 'dns'
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'too_many_redirects'
  | 'not_html'
  | 'status'
  | 'stopped'
  | 'browser_crashed'

export type RenderedPage =
  | {
      ok: true
      html: string
      finalUrl: string
      status: number
      requests: number
      /** Hosts that its scripts asked for and that are not to be reached. */
      refused: string[]
    }
  | { ok: false; code: RenderProblemCode; message: string }

export type RenderOptions = {
  signal?: AbortSignal
  /** Until the page must be done, waiting for a turn not counted; 15 s. What is drawn by then is taken. */
  timeoutMs?: number
  /** robots.txt of the page's own host: asked for everything it loads from there, and wherever it leads. */
  mayOpen?: (url: string) => Promise<boolean>
}

/** A page as a visitor's browser would draw it. Never throws for what the page does. */
export type RenderPage = (url: string, options?: RenderOptions) => Promise<RenderedPage>

export type NetworkRules = Pick<FetchOptions, 'allowNetworks' | 'denyNetworks' | 'resolve'> & {
  /** Told how long the page has waited for one of the browser's places. */
  onWaited?: (milliseconds: number) => void
  /** The politeness of safeFetch: passed once, and held while the page loads what it needs. */
  gate?: HopGate
}

type Failure = Extract<RenderedPage, { ok: false }>

const failure = (code: RenderProblemCode, message: string): Failure => ({ ok: false, code, message })

/** Draws one page in a context of its own of a running browser: no cookie, cache or credential is shared with another
 *  page. The browser is ended when the page cannot be got rid of otherwise. */
export const renderInChromium = async (
  chromium: Chromium,
  url: string,
  options: RenderOptions & NetworkRules,
): Promise<RenderedPage> => {
  const target = parseOutsideUrl(url)
  if (!target.ok) return failure('bad_url', target.problem.message)
  const { allowNetworks: allow = [], denyNetworks: deny = [], resolve } = options
  const { hostname } = target.value
  const vetted = await vetHost(hostname, portOf(target.value), { allow, deny, ...(resolve && { resolve }) })
  if (!vetted.ok) return failure(vetted.problem.code, vetted.problem.message)
  const turn = (await options.gate?.({
    url: target.value,
    address: vetted.value[0] ?? '',
    from: null,
    signal: options.signal,
  })) ?? { go: true as const }
  if (!turn.go) return failure('stopped', turn.message)
  try {
    return await renderVetted(chromium, target.value.href, options)
  } finally {
    turn.done?.(null)
  }
}

const renderVetted = async (
  chromium: Chromium,
  url: string,
  options: RenderOptions & NetworkRules,
): Promise<RenderedPage> => {
  const { promise: ending, resolve: endWith } = Promise.withResolvers<Failure>()
  const over = new AbortController()
  const { allowNetworks = [], denyNetworks = [], resolve } = options
  const pass = chromium.proxy.admit({
    allowNetworks,
    denyNetworks,
    ...(resolve && { resolve }),
    limits: PASS_LIMITS,
    onExceeded: (limit) => endWith(failure('too_large', `The page needs too much (${limit}).`)),
  })
  const cancel = (): void => endWith(failure('stopped', 'The page was cancelled.'))
  options.signal?.addEventListener('abort', cancel)
  if (options.signal?.aborted) cancel()
  void chromium.cdp.closed.then(() => endWith(crashed(chromium)))
  let contextId: string | null = null
  try {
    const drawing = async (): Promise<RenderedPage> => {
      contextId = await openContext(chromium)
      return draw({ chromium, url, options, pass, contextId, endWith, signal: over.signal })
    }
    return await Promise.race([drawing().catch((error) => brokenOff(chromium, error)), ending])
  } finally {
    over.abort()
    pass.close()
    options.signal?.removeEventListener('abort', cancel)
    if (contextId !== null) await leave(chromium, contextId)
  }
}

const crashed = (chromium: Chromium): Failure =>
  chromium.tooLarge()
    ? failure('browser_crashed', 'The page took too much memory.')
    : failure('browser_crashed', 'The browser ended while it drew the page.')

const brokenOff = (chromium: Chromium, error: unknown): Failure =>
  chromium.alive()
    ? failure('browser_crashed', `The page could not be drawn: ${messageOf(error)}`)
    : crashed(chromium)

const openContext = async ({ cdp, proxy }: Chromium): Promise<string> => {
  const { browserContextId } = await cdp.send('Target.createBrowserContext', {
    disposeOnDetach: true,
    proxyServer: `http://127.0.0.1:${proxy.port}`,
    proxyBypassList: '<-loopback>',
  })
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny', browserContextId })
  return browserContextId as string
}

type Drawing = {
  chromium: Chromium
  url: string
  options: RenderOptions
  pass: Pass
  contextId: string
  endWith: (problem: Failure) => void
  signal: AbortSignal
}

const draw = async (parts: Drawing): Promise<RenderedPage> => {
  const { chromium, url, options, pass, endWith, signal } = parts
  const deadline = performance.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const { cdp, proxy } = chromium
  const { targetId } = await cdp.send('Target.createTarget', {
    url: 'about:blank',
    browserContextId: parts.contextId,
  })
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
  const page = cdp.session(sessionId)
  try {
    const traffic = await controlTraffic(page, url, {
      mainFrame: targetId,
      proxy: { origin: `http://127.0.0.1:${proxy.port}`, username: pass.username, password: pass.password },
      mayOpen: options.mayOpen,
      onTooMany: (what) =>
        endWith(
          what === 'redirects'
            ? failure('too_many_redirects', 'The page leads on and on.')
            : failure('too_large', 'The page asks for too much.'),
        ),
    })
    await prepare(page, endWith)
    const reached = await navigate(page, url, { deadline, signal, pass })
    const failed = reached ?? refusalOf(traffic.document(), pass)
    if (failed) return failed
    await waitUntilQuiet(page, targetId, { traffic, deadline, signal })
    return await take(parts, page, { targetId, traffic })
  } finally {
    page.forget()
  }
}

const prepare = async (page: CdpSession, endWith: (problem: Failure) => void): Promise<void> => {
  page.on('Inspector.targetCrashed', () => endWith(failure('browser_crashed', 'The page broke the browser.')))
  page.on('Page.javascriptDialogOpening', () => {
    void page.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => {})
  })
  await page.send('Inspector.enable')
  await page.send('Page.enable')
  await page.send('Emulation.setDeviceMetricsOverride', VIEWPORT)
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source: BEFORE_THE_PAGE, runImmediately: true })
}

const navigate = async (
  page: CdpSession,
  url: string,
  { deadline, signal, pass }: { deadline: number; signal: AbortSignal; pass: Pass },
): Promise<Failure | null> => {
  const late = (): Promise<null> => sleep(Math.max(1, deadline - performance.now()), signal).then(() => null)
  const go = () => Promise.race([page.send('Page.navigate', { url }), late()])
  let answer = await go()
  // As the crawl does: a broken certificate is a finding of its own, and no secret is ever sent.
  if (/^net::ERR_(?:CERT_|SSL_)/.test(answer?.errorText ?? '')) {
    await page.send('Security.setIgnoreCertificateErrors', { ignore: true })
    answer = await go()
  }
  if (!answer) return failure('timeout', 'The page did not answer in time.')
  const { errorText, isDownload } = answer
  if (isDownload) return failure('not_html', 'The address does not lead to a web page.')
  if (!errorText) return null
  const refused = [...pass.use.refused][0]
  return refused
    ? failure('refused_address', `${refused} is not an address of the public Internet.`)
    : failure('unreachable', `The page could not be reached (${String(errorText).slice(0, 60)}).`)
}

const take = async (
  { chromium, pass, signal }: Drawing,
  page: CdpSession,
  { targetId, traffic }: { targetId: string; traffic: PageTraffic },
): Promise<RenderedPage> => {
  const document = await Promise.race([
    takeBetweenLoads(page, targetId, signal),
    Bun.sleep(ANSWER_WITHIN_MS).then(() => null),
  ])
  signal.throwIfAborted()
  if (!document) {
    // It is stuck in a script of its own, and may not be got rid of alone.
    chromium.kill()
    return failure('timeout', 'The page did not come to rest.')
  }
  const main = traffic.document()
  const refused = refusalOf(main, pass)
  if (refused) return refused
  if (!/^https?:/.test(document.url) || !main) return failure('unreachable', 'The page led nowhere.')
  if (!/html|xml/.test(main.mimeType)) return failure('not_html', 'The address does not lead to a web page.')
  return {
    ok: true,
    html: document.html,
    finalUrl: document.url,
    status: main.status,
    requests: traffic.requests(),
    refused: [...pass.use.refused],
  }
}

/** A page that is just being replaced by another has no document to take: soon it has. */
const takeBetweenLoads = async (page: CdpSession, targetId: string, signal: AbortSignal) => {
  const until = performance.now() + ANSWER_WITHIN_MS
  while (!signal.aborted && performance.now() < until) {
    const document = await takeDocument(page, targetId).catch(() => null)
    if (document) return document
    await Bun.sleep(TRY_AGAIN_MS)
  }
  return null
}

const refusalOf = (main: MainDocument | null, pass: Pass): Failure | null => {
  if (!main || main.status < 400) return null
  const { hostname } = new URL(main.url)
  return pass.use.refused.has(hostname)
    ? failure('refused_address', `${hostname} is not an address of the public Internet.`)
    : failure('status', `The page answers with status ${main.status}.`)
}

/** Closes the context with all its pages and pop-ups, or, when that takes too long, ends the browser. */
const leave = async (chromium: Chromium, browserContextId: string): Promise<void> => {
  const left = chromium.cdp.send('Target.disposeBrowserContext', { browserContextId }).then(
    () => true,
    () => false,
  )
  if (!(await Promise.race([left, Bun.sleep(LEAVE_WITHIN_MS).then(() => false)]))) chromium.kill()
}
