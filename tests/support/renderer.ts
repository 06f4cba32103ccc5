import { afterAll } from 'bun:test'
import { createRenderer, type Renderer, type RendererParts } from '#src/crawl/render/renderer.ts'
import { findChromium } from './chromium.ts'

const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A renderer with the Chromium of this machine; closed when the file is done. */
export const testRenderer = async (parts: Partial<RendererParts> = {}): Promise<Renderer> => {
  const { path, env } = await findChromium()
  const renderer = createRenderer({
    chromePath: path,
    environment: { PATH: process.env.PATH ?? '', ...env },
    userAgent: 'ProspectLab/test (+https://agence.example)',
    ...parts,
  })
  closers.push(renderer.close)
  return renderer
}

export type Answers = (request: Request, url: URL) => Response | Promise<Response> | string | null

/** A site on a loopback address of its own; a text is HTML, null is 404. Closed when the file is done. */
export const testSite = (answer: Answers, hostname = '127.0.0.2', port = 0) => {
  const asked: { path: string; headers: Headers }[] = []
  const server = Bun.serve({
    hostname,
    port,
    idleTimeout: 60,
    fetch: async (request) => {
      const url = new URL(request.url)
      asked.push({ path: url.pathname + url.search, headers: request.headers })
      const given = await answer(request, url)
      if (given === null) return new Response('nothing here', { status: 404 })
      if (typeof given !== 'string') return given
      return new Response(given, { headers: { 'content-type': 'text/html; charset=utf-8' } })
    },
  })
  closers.push(() => server.stop(true))
  return { url: `http://${hostname}:${server.port}/`, port: server.port!, asked }
}

export const script = (text: string): Response =>
  new Response(text, { headers: { 'content-type': 'text/javascript' } })
