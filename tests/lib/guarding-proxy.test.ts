import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createConnection } from 'node:net'
import {
  startGuardingProxy,
  type GuardingProxy,
  type PassOptions,
} from '#src/lib/safe-fetch/guarding-proxy.ts'
import { networks, page, startServer } from '#tests/support/outside-servers.ts'
import { until } from '#tests/support/until.ts'

const limits = { maxBytes: 1_000_000, maxConnections: 100, maxConnectionsAtOnce: 10 }
const loopback = networks('127.0.0.0/8')

let proxy: GuardingProxy
beforeAll(async () => void (proxy = await startGuardingProxy()))
afterAll(() => proxy.close())

const admit = (options: Partial<PassOptions> = {}) => {
  const pass = proxy.admit({ limits, ...options })
  const credential = Buffer.from(`${pass.username}:${pass.password}`).toString('base64')
  return { ...pass, header: `Proxy-Authorization: Basic ${credential}\r\n` }
}

/** What the proxy answers to these bytes until it closes, or until `enough` is there. */
const ask = (bytes: string, enough?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = createConnection(proxy.port, '127.0.0.1', () => socket.write(bytes))
    const finish = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (enough !== undefined && answer.includes(enough)) finish()
    })
    socket.on('error', reject)
    socket.on('close', finish)
  })

const get = (url: string, fields = '', more = '') => ask(`GET ${url} HTTP/1.1\r\n${fields}${more}\r\n`)
const tunnel = (target: string, fields = '') =>
  ask(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${fields}\r\n`, '\r\n\r\n')

describe('who may use it', () => {
  test('nobody without the credential of an open pass', async () => {
    const server = await startServer(page())
    const url = `http://127.0.0.1:${server.port}/`
    const pass = admit({ allowNetworks: loopback })
    const closed = admit({ allowNetworks: loopback })
    closed.close()
    const wrong = Buffer.from(`${pass.username}:${'0'.repeat(48)}`).toString('base64')
    for (const fields of [
      '',
      closed.header,
      `Proxy-Authorization: Basic ${wrong}\r\n`,
      'Proxy-Authorization: x\r\n',
    ]) {
      expect(await get(url, fields)).toStartWith('HTTP/1.1 407')
      expect(await tunnel(`127.0.0.1:${server.port}`, fields)).toStartWith('HTTP/1.1 407')
    }
    expect(server.connections).toBe(0)
    expect(await get(url, pass.header)).toEndWith('hello')
  })

  test('a name that is no use of a pass, a method that is none, a body without length are refused', async () => {
    const { header } = admit({ allowNetworks: loopback })
    const bad = [
      'GET / HTTP/1.1',
      'GET ftp://127.0.0.1/ HTTP/1.1',
      'GET http://a:b@127.0.0.1/ HTTP/1.1',
      'CONNECT 127.0.0.1 HTTP/1.1',
      'nonsense',
    ]
    for (const line of bad) expect(await ask(`${line}\r\n${header}\r\n`)).toStartWith('HTTP/1.1 400')
    const chunked = `POST http://127.0.0.1/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${header}\r\n`
    expect(await ask(chunked)).toStartWith('HTTP/1.1 400')
  })
})

describe('what goes through', () => {
  test('one request per connection, without what was meant for the proxy; the rest is dropped', async () => {
    const server = await startServer(
      page('hello', { Connection: 'keep-alive', 'Proxy-Authenticate': 'Basic' }),
    )
    const { header } = admit({ allowNetworks: loopback })
    const url = `http://127.0.0.1:${server.port}/a?b=c`
    const second = `GET http://127.0.0.1:${server.port}/second HTTP/1.1\r\n${header}\r\n`
    const answer = await ask(
      `GET ${url} HTTP/1.1\r\nHost: x.test\r\nConnection: x-hop\r\nX-Hop: 1\r\n${header}\r\n${second}`,
      'hello',
    )
    expect(answer).toContain('connection: close')
    expect(answer.toLowerCase()).not.toContain('proxy-authenticate')
    expect(answer).not.toContain('keep-alive')
    expect(server.requests).toEqual(['GET /a?b=c HTTP/1.1\r\nhost: x.test\r\nconnection: close'])
  })

  test('the body of a request goes on whole, and what follows it does not', async () => {
    const bodies: string[] = []
    const server = await startServer((socket) => {
      socket.on('data', (chunk) => bodies.push(chunk.toString()))
      setTimeout(() => page('done')(socket, ''), 50)
    })
    const { header } = admit({ allowNetworks: loopback })
    const answer = await ask(
      `POST http://127.0.0.1:${server.port}/ HTTP/1.1\r\nContent-Length: 4\r\n${header}\r\nabcdGET http://evil.test/ HTTP/1.1\r\n\r\n`,
      'done',
    )
    expect(answer).toEndWith('done')
    expect(server.requests).toHaveLength(1)
    expect(bodies.join('')).not.toContain('evil')
  })

  test('a tunnel carries bytes both ways', async () => {
    const server = await startServer(page('through'))
    const { header } = admit({ allowNetworks: loopback })
    const target = `127.0.0.1:${server.port}`
    const answer = await ask(`CONNECT ${target} HTTP/1.1\r\n${header}\r\nGET / HTTP/1.1\r\n\r\n`, 'through')
    expect(answer).toStartWith('HTTP/1.1 200')
    expect(answer).toEndWith('through')
  })

  test('an interim answer is followed by the one that counts', async () => {
    const server = await startServer((socket, head) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n')
      page('after')(socket, head)
    })
    const { header } = admit({ allowNetworks: loopback })
    expect(await get(`http://127.0.0.1:${server.port}/`, header)).toMatch(/^HTTP\/1.1 200[^]*after$/)
  })
})

describe('where it goes', () => {
  const targets = [
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '169.254.169.254',
    '10.0.0.5',
    '192.168.1.1',
    '100.64.0.1',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
    '①②⑦.⓪.⓪.①',
  ]
  test('to no address that is not public, by tunnel or request', async () => {
    const server = await startServer(page())
    const { header, use } = admit()
    for (const target of targets) {
      const ascii = new URL(`http://${target}`).hostname
      for (const host of [ascii, ...(/^[\x20-\x7e]*$/.test(target) ? [target] : [])]) {
        expect(await get(`http://${host}:${server.port}/`, header)).toStartWith('HTTP/1.1 403')
        expect(await tunnel(`${host}:${server.port}`, header)).toStartWith('HTTP/1.1 403')
      }
    }
    expect(server.connections).toBe(0)
    expect(use.refused.size).toBeGreaterThan(5)
  })

  test('a name is vetted whenever it is resolved, and what was vetted is what is connected to', async () => {
    const server = await startServer(page('pinned'))
    let asked = 0
    // The first answer is allowed, every later one is not: nothing may ask again between vetting and connecting.
    const resolve = async () => [asked++ === 0 ? '127.0.0.1' : '127.0.0.2']
    const rules = { allowNetworks: networks('127.0.0.1/32'), resolve }
    expect(await get(`http://name.test:${server.port}/`, admit(rules).header)).toEndWith('pinned')
    expect(asked).toBe(1)
    expect(await get(`http://name.test:${server.port}/`, admit(rules).header)).toStartWith('HTTP/1.1 403')
  })

  test('a name with one private address among public ones is refused, an unknown one does not exist', async () => {
    const mixed = admit({ resolve: async () => ['93.184.216.34', '10.0.0.1'] })
    expect(await tunnel('mixed.test:443', mixed.header)).toStartWith('HTTP/1.1 403')
    const none = admit({
      resolve: async () => {
        throw Object.assign(new Error('none'), { code: 'ENOTFOUND' })
      },
    })
    expect(await tunnel('none.test:443', none.header)).toStartWith('HTTP/1.1 502')
  })

  test('not to a server of our own that the settings name', async () => {
    const { header } = admit({
      resolve: async () => ['93.184.216.34'],
      denyNetworks: networks('93.184.216.34/32'),
    })
    expect(await tunnel('self.test:443', header)).toStartWith('HTTP/1.1 403')
  })
})

describe('how much', () => {
  test('a pass that passes its bytes ends, with all its connections', async () => {
    const chunk = Buffer.alloc(64_000)
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      }
      socket.on('drain', more)
      more()
    })
    let limit = ''
    const pass = admit({ allowNetworks: loopback, onExceeded: (which) => void (limit = which) })
    const answer = await get(`http://127.0.0.1:${server.port}/`, pass.header)
    expect(answer.length).toBeLessThan(1_200_000)
    expect(limit).toBe('maxBytes')
    expect(await get(`http://127.0.0.1:${server.port}/`, pass.header)).toStartWith('HTTP/1.1 407')
  })

  test('connections are counted, in all and at once', async () => {
    const server = await startServer(() => {})
    let limit = ''
    const few = admit({
      allowNetworks: loopback,
      limits: { ...limits, maxConnectionsAtOnce: 2, maxConnections: 3 },
      onExceeded: (which) => void (limit = which),
    })
    const url = `http://127.0.0.1:${server.port}/`
    const open = [get(url, few.header), get(url, few.header)]
    await until('two are open', () => server.connections === 2)
    expect(await get(url, few.header)).toStartWith('HTTP/1.1 503')
    few.close()
    await Promise.all(open)
    const quick = await startServer(page())
    const many = admit({
      allowNetworks: loopback,
      limits: { ...limits, maxConnections: 2 },
      onExceeded: (which) => void (limit = which),
    })
    const answers = []
    for (let i = 0; i < 3; i++)
      answers.push((await get(`http://127.0.0.1:${quick.port}/`, many.header)).slice(0, 12))
    expect(answers.slice(0, 2)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
    expect(limit).toBe('maxConnections')
    expect(quick.connections).toBe(2)
  })
})
