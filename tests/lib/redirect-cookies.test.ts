import { expect, test } from 'bun:test'
import { safeFetch, type FetchOptions, type FetchResult } from '#src/lib/safe-fetch.ts'
import { networks, page, startServer } from '#tests/support/outside-servers.ts'

const local: FetchOptions = {
  allowNetworks: networks('127.0.0.0/8'),
  resolve: async () => ['127.0.0.1'],
  timeoutMs: 5_000,
}
const textOf = (result: FetchResult): string => {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  return new TextDecoder().decode(result.response.body)
}

test('a site that shows itself only to who returns its cookie is read, and no other host is told of it', async () => {
  const asked = (head: string) => /^cookie: (.*)\r?$/im.exec(head)?.[1]
  const other = await startServer(page('other'))
  const server = await startServer((socket, head) => {
    const [, path = ''] = head.split(' ')
    const cookies = { 'set-cookie': 'seen=1; Path=/\r\nSet-Cookie: caf\u00e9=2\r\nSet-Cookie: plain' }
    if (path === '/away')
      page('', { location: `http://other.test:${other.port}/`, ...cookies }, 302)(socket, head)
    else if (path === '/never') page('', { location: path, 'set-cookie': 'no=1' }, 302)(socket, head)
    else if (asked(head)) page(asked(head))(socket, head)
    else page('', { location: path, ...cookies }, 302)(socket, head)
  })
  const base = `http://first.test:${server.port}`
  expect(textOf(await safeFetch(`${base}/`, local))).toBe('seen=1')
  expect(textOf(await safeFetch(`${base}/`, { ...local, headers: { cookie: 'a=b' } }))).toBe('a=b')
  expect(await safeFetch(`${base}/never`, local)).toMatchObject({ problem: { code: 'too_many_redirects' } })
  expect(textOf(await safeFetch(`${base}/away`, local))).toBe('other')
  expect(asked(other.requests[0] ?? '')).toBeUndefined()
})
