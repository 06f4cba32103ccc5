import { expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { assetRoutes } from '#src/operations/assets-routes.ts'
import { assetPath } from '#templates/assets/manifest.ts'

const routes = assetRoutes()
const get = (path: string, headers: Record<string, string> = {}) =>
  routes.request(path.replace('/assets', ''), { headers })

test('with the version of its content a file may be kept for ever, else it is checked', async () => {
  const versioned = await get(assetPath('app.css'))
  expect(versioned.headers.get('cache-control')).toContain('immutable')
  expect((await get('/assets/app.css')).headers.get('cache-control')).toBe('no-cache')
  expect((await get('/assets/app.css?v=older')).headers.get('cache-control')).toBe('no-cache')
  const etag = versioned.headers.get('etag') ?? ''
  expect((await get('/assets/app.css', { 'if-none-match': `W/${etag}` })).status).toBe(304)
  expect((await get('/assets/app.css', { 'if-none-match': '"other"' })).status).toBe(200)
})

test('files are compressed for browsers that can read it, to the same content', async () => {
  const plain = await (await get('/assets/tabler.css')).text()
  const zipped = await get('/assets/tabler.css', { 'accept-encoding': 'gzip, deflate' })
  const packed = await get('/assets/tabler.css', { 'accept-encoding': 'gzip, br, zstd' })
  expect([zipped.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([
    'gzip',
    'zstd',
  ])
  const zippedBody = await zipped.bytes()
  const packedBody = await packed.bytes()
  expect(gunzipSync(zippedBody).toString()).toBe(plain)
  expect(Bun.zstdDecompressSync(packedBody).toString()).toBe(plain)
  expect(zippedBody.length).toBeLessThan(plain.length / 4)
  expect(new Set([zipped, packed].map((answer) => answer.headers.get('etag'))).size).toBe(2)
  expect(
    (await get('/assets/tabler.css', { 'accept-encoding': 'gzip;q=0' })).headers.get('content-encoding'),
  ).toBeNull()
})

test('only files of the list are given out', async () => {
  for (const path of [
    '/assets/nothing.css',
    '/assets/..%2f..%2fpackage.json',
    '/assets/__proto__',
    '/assets/constructor',
  ])
    expect([path, (await get(path)).status]).not.toEqual([path, 200])
})
