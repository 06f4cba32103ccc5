import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Hono } from 'hono'
import type { AppEnv } from '#src/http-env.ts'
import { assetPath, findAsset } from '#templates/assets/manifest.ts'

const GZIP_LEVEL = 9
const ZSTD_LEVEL = 15
const FOR_EVER = 'public, max-age=31536000, immutable'

const compressGzip = promisify(gzip)
type Encoding = 'zstd' | 'gzip' | 'identity'

const encodingFor = (accepted: string): Encoding => {
  const wishes = accepted
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
  const takes = (name: string) =>
    wishes.some((wish) => wish === name || (wish.startsWith(`${name};`) && !/q=0(\.0*)?$/.test(wish)))
  return takes('zstd') ? 'zstd' : takes('gzip') ? 'gzip' : 'identity'
}

// Each form is made once, off the main thread, and kept: all assets together are a few hundred KB compressed.
const bodies = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

const make = async (file: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = await Bun.file(file).bytes()
  if (encoding === 'zstd') return new Uint8Array(await Bun.zstdCompress(bytes, { level: ZSTD_LEVEL }))
  if (encoding === 'gzip') return new Uint8Array(await compressGzip(bytes, { level: GZIP_LEVEL }))
  return new Uint8Array(bytes)
}

const bodyOf = (name: string, file: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> => {
  const key = `${encoding} ${name}`
  let body = bodies.get(key)
  if (!body) {
    body = make(file, encoding)
    body.catch(() => bodies.delete(key))
    bodies.set(key, body)
  }
  return body
}

/** Static files: with the version of their content they may be kept for ever, without it they are checked. */
export const assetRoutes = (): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>()
  routes.get('/:name', async (c) => {
    const name = c.req.param('name')
    const asset = findAsset(name)
    if (!asset) return c.notFound()
    const version = assetPath(name).split('?v=')[1] ?? ''
    const encoding = encodingFor(c.req.header('accept-encoding') ?? '')
    const etag = `"${version}-${encoding}"`
    const headers: Record<string, string> = {
      'Content-Type': asset.type,
      'Cache-Control': c.req.query('v') === version ? FOR_EVER : 'no-cache',
      ETag: etag,
      Vary: 'Accept-Encoding',
    }
    const known = (c.req.header('if-none-match') ?? '')
      .split(',')
      .map((tag) => tag.trim().replace(/^W\//, ''))
    if (known.includes(etag)) return c.body(null, 304, headers)
    if (encoding !== 'identity') headers['Content-Encoding'] = encoding
    return c.body(await bodyOf(name, asset.file, encoding), 200, headers)
  })
  return routes
}
