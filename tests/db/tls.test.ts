import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSelfSigned } from '#src/db/embedded-certificate.ts'
import { openDatabase } from '#src/db/open.ts'
import { readPostgresUrl } from '#src/lib/postgres-url.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import { until } from '#tests/support/until.ts'

setDefaultTimeout(60_000)

const CERTIFICATES = join(import.meta.dir, '../support/certificates')
const OURS = join(CERTIFICATES, 'ca.pem')
const NOBODY = 65534

const folder = mkdtempSync('/tmp/prospectlab-tls-')
chmodSync(folder, 0o755)
const own = makeSelfSigned(new Date())
const embedded = join(folder, 'embedded.pem')
writeFileSync(embedded, own.certificate)

const server = await ownPostgres()
beforeAll(() => server.start())
afterAll(async () => {
  await server.remove()
  rmSync(folder, { recursive: true, force: true })
})

const address = (parameters: Record<string, string>, host = '127.0.0.1') => {
  const url = new URL(server.url)
  url.hostname = host
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** encrypted, plain, or that there was no connection. */
const connect = async (parameters: Record<string, string>, host?: string): Promise<string> => {
  const { sql, close } = openDatabase({ url: address(parameters, host) }, { max: 1 })
  try {
    const [row] = await sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`
    return row?.ssl === true ? 'encrypted' : 'plain'
  } catch {
    return 'refused'
  } finally {
    await close()
  }
}

let made = 0
const present = async (certificate: string, key: string) => {
  const name = `server-${(made += 1)}`
  const files = [join(folder, `${name}.crt`), join(folder, `${name}.key`)] as const
  copyFileSync(certificate, files[0])
  copyFileSync(key, files[1])
  for (const file of files) {
    chmodSync(file, 0o600)
    if (process.getuid?.() === 0) chownSync(file, NOBODY, NOBODY)
  }
  const { sql, close } = openDatabase({ url: server.url }, { max: 1 })
  await sql.unsafe(`ALTER SYSTEM SET ssl_cert_file = '${files[0]}'`)
  await sql.unsafe(`ALTER SYSTEM SET ssl_key_file = '${files[1]}'`)
  await sql.unsafe('ALTER SYSTEM SET ssl = on')
  await sql`SELECT pg_reload_conf()`
  await close()
  await until('new connections see the certificate', async () => {
    const asked = openDatabase({ url: server.url }, { max: 1 })
    const [row] =
      await asked.sql`SELECT current_setting('ssl_cert_file') AS file, current_setting('ssl') AS ssl`
    await asked.close()
    return row?.file === files[0] && row.ssl === 'on'
  })
}

test('a server without TLS is talked to only where that is allowed', async () => {
  expect(await connect({})).toBe('plain')
  expect(await connect({ sslmode: 'disable' })).toBe('plain')
  expect(await connect({ sslmode: 'prefer' })).toBe('plain')
  for (const sslmode of ['require', 'verify-ca', 'verify-full'])
    expect([sslmode, await connect({ sslmode })]).toEqual([sslmode, 'refused'])
})

test("the embedded server's own certificate encrypts, and can be pinned", async () => {
  const key = join(folder, 'embedded.key')
  writeFileSync(key, own.key)
  await present(embedded, key)
  expect([
    await connect({ sslmode: 'disable' }),
    await connect({ sslmode: 'prefer' }),
    await connect({ sslmode: 'require' }),
    await connect({ sslmode: 'require', sslrootcert: embedded }),
    await connect({ sslmode: 'verify-ca', sslrootcert: embedded }),
  ]).toEqual(['plain', 'encrypted', 'encrypted', 'encrypted', 'encrypted'])
  expect([
    await connect({ sslmode: 'verify-ca' }),
    await connect({ sslmode: 'verify-ca', sslrootcert: OURS }),
    await connect({ sslmode: 'require', sslrootcert: OURS }),
    await connect({ sslmode: 'verify-full', sslrootcert: embedded }),
  ]).toEqual(['refused', 'refused', 'refused', 'refused'])
})

test('the certificate of an authority is verified with its name, and with its address', async () => {
  await present(join(CERTIFICATES, 'loopback.pem'), join(CERTIFICATES, 'loopback.key'))
  expect([
    await connect({ sslmode: 'verify-full', sslrootcert: OURS }),
    await connect({ sslmode: 'verify-full' }),
  ]).toEqual(['encrypted', 'refused'])
  await present(join(CERTIFICATES, 'alpha.test.pem'), join(CERTIFICATES, 'alpha.test.key'))
  expect([
    await connect({ sslmode: 'verify-ca', sslrootcert: OURS }),
    await connect({ sslmode: 'verify-full', sslrootcert: OURS }),
    await connect({ sslmode: 'verify-full', sslrootcert: OURS }, 'localhost'),
  ]).toEqual(['encrypted', 'refused', 'refused'])
})

test('what only concerns the client is not sent to the server, and the rest is', async () => {
  const { sql, close } = openDatabase(
    {
      url: address({
        gssencmode: 'disable',
        keepalives: '1',
        application_name: 'an edge',
        sslmode: 'disable',
      }),
    },
    { max: 1 },
  )
  const [row] = await sql`SELECT current_database() AS name`
  await close()
  expect(row?.name).toBe('postgres')
})

const modeOf = (text: string) => {
  const read = readPostgresUrl(text)
  return read.ok ? read.value.mode : read.problem.message
}

test.each([
  ['postgres://u@db.example.org/x', 'prefer'],
  ['postgres://u@10.0.0.5/x', 'prefer'],
  ['postgres://u@localhost/x', 'disable'],
  ['postgres://u@[::1]/x', 'disable'],
  ['postgres:///x?host=/run/postgresql', 'disable'],
  ['postgres://u@h/x?sslmode=verify-full', 'verify-full'],
  ['postgres://u@h/x?sslrootcert=system', 'verify-full'],
  ['postgres://u@h/x?ssl=true', 'verify-full'],
  [`postgres://u@h/x?sslmode=require&sslrootcert=${OURS}`, 'verify-ca'],
  [
    'postgres://u@h/x?sslmode=requir',
    'sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full',
  ],
  ['postgres://u@h/x?sslmode=require&sslrootcert=/absent.pem', 'the file /absent.pem cannot be read'],
  [
    'postgres://u@h/x?channel_binding=require',
    'channel_binding=require is not supported: use sslmode=verify-full',
  ],
])('%s: %s', (url, expected) => {
  expect(modeOf(url)).toBe(expected)
})

test('the name of a database may hold what a URL must escape', () => {
  const read = readPostgresUrl('postgres://u@h/caf%C3%A9%20x')
  expect(read.ok && read.value.database).toBe('café x')
})
