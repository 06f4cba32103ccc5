import { afterAll, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { createApp } from '#src/app.ts'
import { authDeps } from '#tests/auth/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'
import { testEdge } from './test-edge.ts'

const database = await testDatabase()
const edge = testEdge().app
const { app } = createApp(authDeps(database))
const serve = (fetch: (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>) => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch })
  afterAll(() => server.stop(true))
  return server.port!
}
const PROGRAMS = {
  edge: serve((request, server) => edge.fetch(request, server)),
  server: serve((request, server) => app.fetch(request, { server })),
}

const statusOf = (port: number, path: string, host: string | null): Promise<number> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const line =
      host === null
        ? `GET ${path} HTTP/1.0\r\n\r\n`
        : `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
    const socket = connect(port, '127.0.0.1', () => void socket.write(line))
    socket.on('data', (data) => void (answer += data.toString('latin1')))
    socket.on('close', () => resolve(Number(answer.slice(9, 12))))
    socket.on('error', reject)
  })

const HOSTS = [
  null,
  'a b',
  '[::',
  ':99999',
  'a:b:c',
  '[fe80::1%25eth0]',
  '%00',
  'xn--',
  'xn--a.',
  '1.2.3.4.5',
  'é.fr',
  '@x',
]
const PATHS = [
  '/api/public/entreprises?limit=1',
  '/api/public/openapi.json',
  '/track/click/x?url=http://e.org',
  '/track/unsubscribe/x',
  '/healthz',
  '/login',
]

for (const [program, port] of Object.entries(PROGRAMS))
  test(`a Host that is none is no failure of the ${program}, and a pixel has its image all the same`, async () => {
    for (const host of HOSTS) {
      expect([host, await statusOf(port, '/track/pixel/x.png', host)]).toEqual([host, 200])
      for (const path of PATHS)
        expect([host, path, (await statusOf(port, path, host)) >= 500]).toEqual([host, path, false])
    }
  })
