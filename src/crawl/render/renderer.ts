import { messageOf } from '#src/lib/errors.ts'
import { createLocalSlots } from '../politeness/slots.ts'
import { versionOf } from './find-chromium.ts'
import { launchChromium, type Chromium } from './launch-chromium.ts'
import { renderInChromium, type NetworkRules, type RenderedPage, type RenderOptions } from './render-page.ts'

const PAGES_AT_ONCE = 2
const IDLE_MS = 60_000
const PAGES_PER_BROWSER = 200
const MAX_MEMORY_BYTES = 900_000_000

export type Renderer = {
  render: (url: string, options?: RenderOptions & NetworkRules) => Promise<RenderedPage>
  close: () => Promise<void>
}

export type RendererParts = {
  chromePath: string
  /** Who we are; it stands behind what the browser says of itself. */
  userAgent: string
  /** All that the browser sees of this process's environment. */
  environment: Record<string, string>
  /** The browser ends when nothing was drawn for so long. */
  idleMs?: number
  /** It is replaced after so many. */
  pagesPerBrowser?: number
  maxMemoryBytes?: number
}

/** The one browser of this node: started when the first page needs it, ended after a minute without one, replaced when
 *  it crashes or has drawn 200 pages. At most two pages are drawn at once; the others wait. */
export const createRenderer = (parts: RendererParts): Renderer => {
  const slots = createLocalSlots()
  const closing = new AbortController()
  let starting: Promise<Chromium> | null = null
  let version: Promise<string | null> | null = null
  let running = 0
  // From a place in the queue to its end: more than those for whom the browser has started.
  let inside = 0
  let drawn = 0
  let idle: Timer | undefined

  const start = async (): Promise<Chromium> => {
    version ??= versionOf(parts.chromePath, parts.environment)
    const told = await version
    if (told === null) throw new Error(`${parts.chromePath} is no browser that runs here`)
    drawn = 0
    return launchChromium({
      path: parts.chromePath,
      environment: parts.environment,
      userAgent: agentOf(told, parts.userAgent),
      maxMemoryBytes: parts.maxMemoryBytes ?? MAX_MEMORY_BYTES,
    })
  }

  const browser = async (): Promise<Chromium> => {
    const known = starting
    const current = await known?.catch(() => null)
    if (current?.alive()) return current
    // Another page may have begun to start one meanwhile.
    if (starting === known) starting = start()
    return starting!
  }

  const stop = async (): Promise<void> => {
    const ending = starting
    // Whoever comes from now on starts another.
    starting = null
    const current = await ending?.catch(() => null)
    current?.kill()
    await current?.gone
  }

  const attempt = async (url: string, options: RenderOptions & NetworkRules) => {
    let chromium: Chromium
    try {
      chromium = await browser()
    } catch (error) {
      return {
        page: { ok: false as const, code: 'no_browser' as const, message: messageOf(error) },
        alone: true,
      }
    }
    running += 1
    drawn += 1
    const alone = running === 1
    const page = await renderInChromium(chromium, url, options).finally(() => (running -= 1))
    return { page, alone: alone && running === 0 }
  }

  const render = async (url: string, options: RenderOptions & NetworkRules = {}): Promise<RenderedPage> => {
    const signal = AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])])
    clearTimeout(idle)
    let leave: (() => void) | null = null
    try {
      const since = performance.now()
      leave = await slots.acquire('page', PAGES_AT_ONCE, signal)
      inside += 1
      options.onWaited?.(performance.now() - since)
      const first = await attempt(url, { ...options, signal })
      // It may have gone down with another page.
      if (first.page.ok || first.page.code !== 'browser_crashed' || first.alone) return first.page
      return (await attempt(url, { ...options, signal })).page
    } catch (error) {
      if (signal.aborted) return { ok: false, code: 'stopped', message: 'The page was cancelled.' }
      throw error
    } finally {
      if (leave) inside -= 1
      leave?.()
      clearTimeout(idle)
      if (inside === 0 && drawn >= (parts.pagesPerBrowser ?? PAGES_PER_BROWSER)) await stop()
      else if (inside === 0) idle = setTimeout(() => void stop(), parts.idleMs ?? IDLE_MS).unref()
    }
  }

  const close = async (): Promise<void> => {
    closing.abort()
    clearTimeout(idle)
    await stop()
  }
  return { render, close }
}

/** A browser like any other to the scripts of a page, and still us to whoever reads it. */
const agentOf = (version: string, ours: string): string => {
  const number = /\d+/.exec(version)?.[0] ?? '0'
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${number}.0.0.0 Safari/537.36 ${ours}`
}
