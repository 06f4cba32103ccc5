import { expect, test } from 'bun:test'
import { createFetchMemory } from '#src/lib/fetch-memory.ts'
import { safeFetch, type FetchOptions } from '#src/lib/safe-fetch.ts'
import {
  networks,
  page,
  redirect,
  startServer,
  startTlsServer,
  testAuthority,
} from '#tests/support/outside-servers.ts'

const strict: FetchOptions = {
  allowNetworks: networks('127.0.0.0/8'),
  certificateAuthorities: testAuthority,
  resolve: async () => ['127.0.0.1'],
}
const tolerant: FetchOptions = { ...strict, tlsPolicy: 'tolerant' }

const answerOf = async (url: string, options: FetchOptions = strict) => {
  const result = await safeFetch(url, options)
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`)
  return result.response
}
const problemOf = async (url: string, options: FetchOptions = strict) => {
  const result = await safeFetch(url, options)
  return result.ok ? null : result.problem
}

test('a pinned connection verifies the certificate against the name and not the address', async () => {
  const server = await startTlsServer(['alpha.test'], page('secret garden'))
  const response = await answerOf(`https://alpha.test:${server.port}/`)
  expect(new TextDecoder().decode(response.body)).toBe('secret garden')
  expect(response.tls).toEqual({ verified: true, problem: null })
  expect(response.address).toBe('127.0.0.1')
  expect(server.serverNames).toEqual(['alpha.test'])
  expect(server.requests[0]?.toLowerCase()).toContain(`host: alpha.test:${server.port}`)
})

test('asking by address a server whose certificate is for a name fails', async () => {
  const server = await startTlsServer(['alpha.test'], page())
  const problem = await problemOf(`https://127.0.0.1:${server.port}/`)
  expect(problem).toMatchObject({ code: 'tls', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  expect(server.requests).toEqual([])
})

test('a certificate for the address itself is accepted when the URL has the address', async () => {
  const server = await startTlsServer(['loopback'], page())
  expect((await answerOf(`https://127.0.0.1:${server.port}/`)).tls.verified).toBe(true)
})

test('another name on the same address fails even after a good connection is pooled', async () => {
  const server = await startTlsServer(['alpha.test'], page())
  await answerOf(`https://alpha.test:${server.port}/`)
  const problem = await problemOf(`https://beta.test:${server.port}/`)
  expect(problem).toMatchObject({ code: 'tls', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  expect(server.requests).toHaveLength(1)
})

test('another host on the same address and port gets a connection of its own', async () => {
  const server = await startTlsServer(['alpha.test', 'beta.test'], page())
  await answerOf(`https://alpha.test:${server.port}/`)
  await answerOf(`https://beta.test:${server.port}/`)
  expect(server.connections).toBe(2)
  expect(server.serverNames).toEqual(['alpha.test', 'beta.test'])
})

test('the same host reuses its connection', async () => {
  const server = await startTlsServer(['alpha.test'], page())
  for (const path of ['a', 'b', 'c']) await answerOf(`https://alpha.test:${server.port}/${path}`)
  expect(server.requests).toHaveLength(3)
  expect(server.connections).toBe(1)
})

test('a connection opened without verification is not reused by a strict request', async () => {
  const server = await startTlsServer(['alpha.test'], page())
  const lenient = await answerOf(`https://beta.test:${server.port}/`, tolerant)
  expect(lenient.tls).toEqual({ verified: false, problem: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  const problem = await problemOf(`https://beta.test:${server.port}/`)
  expect(problem).toMatchObject({ code: 'tls', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  expect(server.requests).toHaveLength(1)
})

test('the server name follows the URL and never a Host header of the caller', async () => {
  const server = await startTlsServer(['alpha.test', 'beta.test'], page())
  await answerOf(`https://alpha.test:${server.port}/`, { ...strict, headers: { Host: 'beta.test' } })
  expect(server.serverNames).toEqual(['alpha.test'])
  expect(server.requests[0]?.toLowerCase()).toContain(`host: alpha.test:${server.port}`)
  expect(server.requests[0]).not.toContain('beta.test')
})

test('a name with a final dot is verified without it', async () => {
  const server = await startTlsServer(['alpha.test'], page())
  expect((await answerOf(`https://alpha.test.:${server.port}/`)).tls.verified).toBe(true)
  expect(server.serverNames).toEqual(['alpha.test'])
})

test.each([
  ['expired.test', 'CERT_HAS_EXPIRED'],
  ['self.test', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
])('the broken certificate of %s is refused when strict and told when tolerant', async (name, cause) => {
  const server = await startTlsServer([name], page('still here'))
  expect(await problemOf(`https://${name}:${server.port}/`)).toMatchObject({ code: 'tls', cause })
  expect(server.requests).toEqual([])
  const response = await answerOf(`https://${name}:${server.port}/`, tolerant)
  expect(new TextDecoder().decode(response.body)).toBe('still here')
  expect(response.tls).toEqual({ verified: false, problem: cause })
})

test('NODE_TLS_REJECT_UNAUTHORIZED does not loosen a strict request', async () => {
  const server = await startTlsServer(['expired.test'], page())
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
  try {
    expect(await problemOf(`https://expired.test:${server.port}/`)).toMatchObject({ code: 'tls' })
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  }
})

test('a server that only speaks TLS 1.0 is read by the tolerant policy and marked', async () => {
  const server = await startTlsServer(['alpha.test'], page('old'), { maxVersion: 'TLSv1' })
  expect(await problemOf(`https://alpha.test:${server.port}/`)).toMatchObject({ code: 'tls' })
  const response = await answerOf(`https://alpha.test:${server.port}/`, tolerant)
  expect(response.tls).toEqual({ verified: false, problem: 'ERR_SSL_UNSUPPORTED_PROTOCOL' })
})

test('nothing secret travels over a connection that was not verified', async () => {
  const server = await startTlsServer(['expired.test'], page())
  const headers = { Authorization: 'Bearer 1', Cookie: 'a=b', 'X-Api-Key': 'k', 'User-Agent': 'ProspectLab' }
  await answerOf(`https://expired.test:${server.port}/`, { ...tolerant, headers })
  const sent = server.requests[0]?.toLowerCase() ?? ''
  expect(sent).toContain('user-agent: prospectlab')
  for (const secret of ['authorization', 'cookie', 'x-api-key']) expect(sent).not.toContain(secret)
})

test('a POST is never repeated without verification', async () => {
  const server = await startTlsServer(['expired.test'], page())
  const problem = await problemOf(`https://expired.test:${server.port}/`, {
    ...tolerant,
    method: 'POST',
    body: 'x',
  })
  expect(problem?.code).toBe('tls')
  expect(server.requests).toEqual([])
})

test('with a memory the broken certificate is found out once, and the name resolved once', async () => {
  const server = await startTlsServer(['expired.test'], page())
  let lookups = 0
  const resolve = async () => {
    lookups += 1
    return ['127.0.0.1']
  }
  const options = { ...tolerant, resolve, memory: createFetchMemory() }
  for (const path of ['a', 'b', 'c']) await answerOf(`https://expired.test:${server.port}/${path}`, options)
  expect(lookups).toBe(1)
  expect(server.requests).toHaveLength(3)
  expect(server.connections).toBe(1)
  expect(server.sockets).toBe(2)
})

test('the connection goes to the vetted address though the name changes its mind', async () => {
  const inside = await startServer(page('inside'))
  const outside = await startServer(redirect('/again'), '127.0.0.2')
  let calls = 0
  const resolve = async () => [calls++ === 0 ? '127.0.0.2' : '127.0.0.1']
  const result = await safeFetch(`http://rebind.test:${outside.port}/`, {
    allowNetworks: networks('127.0.0.2/32'),
    resolve,
  })
  expect(result).toMatchObject({ ok: false, problem: { code: 'refused_address' } })
  expect(outside.connections).toBe(1)
  expect(inside.connections).toBe(0)
})

test('an address that does not answer gives way to the next one', async () => {
  const server = await startServer(page('second'), '127.0.0.3')
  const response = await answerOf(`http://two.test:${server.port}/`, {
    ...strict,
    resolve: async () => ['127.0.0.2', '127.0.0.3'],
  })
  expect(response.address).toBe('127.0.0.3')
})

test('IPv4 is tried first', async () => {
  const server = await startServer(page())
  const response = await answerOf(`http://both.test:${server.port}/`, {
    ...strict,
    allowNetworks: networks('127.0.0.0/8', '::1'),
    resolve: async () => ['::1', '127.0.0.1'],
  })
  expect(response.address).toBe('127.0.0.1')
})
