import type { CdpAnswer, CdpSession } from './cdp-connection.ts'

const MAX_REQUESTS = 500
const MAX_MAIN_DOCUMENTS = 12
// What tells nothing of a page's words; a picture is answered with an empty one, so that no script misses it.
const NOT_LOADED = new Set([
  'Media',
  'Font',
  'TextTrack',
  'Manifest',
  'Ping',
  'CSPViolationReport',
  'Prefetch',
])
const EMPTY_PICTURE = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
// These stay open as long as the page does.
const NEVER_ENDING = new Set(['EventSource', 'WebSocket'])

export type MainDocument = { url: string; status: number; mimeType: string }

export type PageTraffic = {
  requests: () => number
  inFlight: () => number
  /** performance.now() of the last request that began or ended. */
  changedAt: () => number
  /** The document of the page itself that came last. */
  document: () => MainDocument | null
}

export type TrafficRules = {
  mainFrame: string
  proxy: { origin: string; username: string; password: string }
  /** Asked before anything of the page's own host is loaded after the page itself. */
  mayOpen: ((url: string) => Promise<boolean>) | undefined
  onTooMany: (what: 'requests' | 'redirects') => void
}

/** Decides over each request of a page before it leaves the browser, and answers the proxy's demand for a credential
 *  (never a site's). What it does not see, such as requests of web workers, still meets the proxy. */
export const controlTraffic = async (
  page: CdpSession,
  url: string,
  rules: TrafficRules,
): Promise<PageTraffic> => {
  const open = new Set<string>()
  const challenged = new Set<string>()
  const host = new URL(url).host
  let requests = 0
  let mainDocuments = 0
  let changedAt = performance.now()
  let document: MainDocument | null = null

  const ended = ({ requestId }: CdpAnswer): void => {
    if (open.delete(requestId)) changedAt = performance.now()
  }
  // A page that has just gone may not be spoken to any more.
  const say = (method: string, params: CdpAnswer): void => void page.send(method, params).catch(() => {})

  page.on('Network.requestWillBeSent', ({ requestId, type, request }) => {
    if (NEVER_ENDING.has(type) || !/^https?:/.test(request.url)) return
    open.add(requestId)
    changedAt = performance.now()
  })
  page.on('Network.loadingFinished', ended)
  page.on('Network.loadingFailed', ended)
  page.on('Network.responseReceived', ({ type, frameId, response }) => {
    if (type !== 'Document' || frameId !== rules.mainFrame) return
    document = { url: response.url, status: response.status, mimeType: response.mimeType }
  })

  page.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
    const ours = authChallenge.source === 'Proxy' && authChallenge.origin === rules.proxy.origin
    const response = ours && !challenged.has(requestId) ? 'ProvideCredentials' : 'CancelAuth'
    challenged.add(requestId)
    const { username, password } = rules.proxy
    const credential = response === 'ProvideCredentials' ? { username, password } : {}
    say('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response, ...credential } })
  })

  page.on('Fetch.requestPaused', (paused) => void decide(paused).catch(() => refuse(paused.requestId)))
  // A page that may not lead somewhere stays where it is; any other reason would show an error in its place.
  const refuse = (requestId: string, errorReason = 'BlockedByClient'): void =>
    say('Fetch.failRequest', { requestId, errorReason })

  const decide = async ({ requestId, request, resourceType, frameId }: CdpAnswer): Promise<void> => {
    const target = URL.parse(request.url)
    const main = resourceType === 'Document' && frameId === rules.mainFrame
    requests += 1
    if (main) mainDocuments += 1
    if (requests > MAX_REQUESTS) rules.onTooMany('requests')
    if (mainDocuments > MAX_MAIN_DOCUMENTS) rules.onTooMany('redirects')
    if (!target || !/^https?:$/.test(target.protocol) || NOT_LOADED.has(resourceType))
      return refuse(requestId)
    if (resourceType === 'Image')
      return say('Fetch.fulfillRequest', {
        requestId,
        responseCode: 200,
        responseHeaders: [{ name: 'Content-Type', value: 'image/gif' }],
        body: EMPTY_PICTURE,
      })
    const first = main && mainDocuments === 1
    if (!first && (main || target.host === host) && !((await rules.mayOpen?.(request.url)) ?? true))
      return refuse(requestId, main ? 'Aborted' : undefined)
    say('Fetch.continueRequest', { requestId })
  }

  await page.send('Network.enable', { maxTotalBufferSize: 1_000, maxResourceBufferSize: 1_000 })
  await page.send('Network.setBypassServiceWorker', { bypass: true })
  await page.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*' }] })
  return {
    requests: () => requests,
    inFlight: () => open.size,
    changedAt: () => changedAt,
    document: () => document,
  }
}
