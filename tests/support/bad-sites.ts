import { gzipSync } from 'node:zlib'
import type { FarmSite } from './farm.ts'

type Answer = (request: Request, site: FarmSite) => Response

const html = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8', ...headers } })

const notFound = () => new Response('<!doctype html><title>404</title><p>Introuvable', { status: 404 })

/** `/` leads to `/a`, `/a` to `/`. */
export const redirectLoop: Answer = (request) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/robots.txt') return notFound()
  return new Response(null, { status: 302, headers: { location: pathname === '/' ? '/a' : '/' } })
}

/** A calendar: every page leads to ten pages that nobody has seen yet. */
export const endlessLinks: Answer = (request, site) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/robots.txt' || pathname === '/sitemap.xml') return notFound()
  const links = Array.from({ length: 10 }, (_, index) => `${pathname.replace(/\/$/, '')}/${index}`)
  return html(
    `<!doctype html><html lang="fr"><title>Agenda ${pathname}</title><h1>${site.name}</h1>
<p>Écrivez à <a href="mailto:${site.email}">${site.email}</a></p>${links.map((to) => `<a href="${to}">${to}</a>`).join(' ')}`,
  )
}

const CHUNK = new TextEncoder().encode('<p>encore et encore</p>\n'.repeat(2_000))
const LARGE_BYTES = 300_000_000

/** A home page whose body never ends; the contact page says that it has 300 MB, and has them. */
export const enormous: Answer = (request, site) => {
  const { pathname } = new URL(request.url)
  const head = `<!doctype html><html lang="fr"><title>${site.name}</title><h1>${site.name}</h1><a href="/contact">Contact</a> <a href="mailto:${site.email}">${site.email}</a>`
  if (pathname === '/') return html(streamOf(head, Infinity))
  // Its first bytes differ: a copy of the home page would not count as a page.
  if (pathname === '/contact') return html(streamOf(`${head}<h2>Contact</h2>`, LARGE_BYTES))
  return notFound()
}

const streamOf = (head: string, bytes: number): ReadableStream<Uint8Array> => {
  let sent = 0
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
    pull: async (controller) => {
      // A breath between the pieces: the farm has other sites to serve.
      await Bun.sleep(1)
      if (sent >= bytes) return controller.close()
      controller.enqueue(CHUNK)
      sent += CHUNK.length
    },
  })
}

const NESTED = 100_000
const LINE_BYTES = 5_000_000
const BOMB_BYTES = 200_000_000

// Made when first asked for: most tests never do.
let bomb: Uint8Array<ArrayBuffer> | undefined

/** Every trap in one site: nested tags, a gzip bomb, one endless line, control characters, markup in titles. */
export const hostile: Answer = (request, site) => {
  const { pathname } = new URL(request.url)
  const title = `<title>\u0000\u001b[31m${site.name}</title><meta property="og:title" content='"><script>alert(document.domain)</script>'>`
  const links = '<a href="/contact">Contact</a> <a href="/mentions-legales">Mentions légales</a>'
  const start = `<!doctype html><html lang="fr">${title}<body>${links}`
  if (pathname === '/')
    return html(`${start}${'<div><b><i>'.repeat(NESTED / 3)}\u0007<a href="javascript:alert(1)">x</a></html>`)
  if (pathname === '/contact') {
    bomb ??= gzipSync(Buffer.alloc(BOMB_BYTES, '<b>boum</b> '))
    return html(bomb, { 'content-encoding': 'gzip' })
  }
  if (pathname === '/mentions-legales')
    return html(`${start}<p>${'a@b.'.repeat(LINE_BYTES / 4)}</p><p>Gérant : <script>alert(1)</script></p>`)
  return notFound()
}
