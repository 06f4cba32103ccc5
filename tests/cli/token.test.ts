import { expect, setDefaultTimeout, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { testDatabase } from '#tests/support/database.ts'
import { FROM_SOURCE, runProgram, temporaryFolder } from '#tests/support/product.ts'

setDefaultTimeout(120_000)

const { sql, url } = await testDatabase()
const folder = temporaryFolder('token')
const run = (...args: string[]) =>
  runProgram(args, { command: FROM_SOURCE, env: { DATABASE_URL: url, DATA_DIR: folder.path } })

test('a token is made, printed once, and kept as its hash only', async () => {
  const made = await run(
    'token',
    'create',
    '--name',
    'CRM',
    '--scopes',
    'emails:read,companies:read',
    '--json',
  )
  expect(made.code).toBe(0)
  const document = JSON.parse(made.out) as { id: number; token: string }
  expect(document).toEqual({
    id: expect.any(Number),
    name: 'CRM',
    scopes: ['companies:read', 'emails:read'],
    token: expect.stringMatching(/^pl_[A-Za-z0-9]{32}$/),
  } as never)
  const [row] = await sql`SELECT hash, api_tokens::text AS whole FROM api_tokens WHERE id = ${document.id}`
  expect(Buffer.from(row?.hash).toString('hex')).toBe(
    createHash('sha256').update(document.token).digest('hex'),
  )
  expect(row?.whole).not.toContain(document.token.slice(11))

  const listed = await run('token', 'list', '--json')
  expect(listed.out).not.toContain(document.token)
  expect(JSON.parse(listed.out)).toMatchObject([{ id: document.id, name: 'CRM', state: 'active' }])

  const rotated = JSON.parse((await run('token', 'rotate', '--id', String(document.id), '--json')).out)
  expect(rotated).toMatchObject({ name: 'CRM', replaces: document.id, token: expect.stringMatching(/^pl_/) })
  const revoked = await run('token', 'revoke', '--id', String(rotated.id), '--json')
  expect(JSON.parse(revoked.out)).toEqual({ id: rotated.id, name: 'CRM', state: 'revoked' })
  expect((await run('token', 'revoke', '--id', String(rotated.id))).code).toBe(1)
})

test('wrong words are exit 2 without a database', async () => {
  const wrong = [
    ['create', '--name', 'A'],
    ['create', '--name', 'A', '--scopes', 'companies:fly'],
    ['create', '--name', 'A', '--scopes', 'emails:read', '--expires', 'soon'],
    ['create', '--name', 'A', '--scopes', 'emails:read', '--allow', 'nowhere'],
    ['revoke'],
    ['nonsense'],
  ]
  const answers = await Promise.all(
    wrong.map((args) =>
      runProgram(['token', ...args], {
        command: FROM_SOURCE,
        env: { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      }),
    ),
  )
  expect(answers.map(({ code }) => code)).toEqual(wrong.map(() => 2))
})

test('the table of the existing product is taken over from CSV or JSON, hashed', async () => {
  const csv = join(folder.path, 'tokens.csv')
  await Bun.write(
    csv,
    [
      'id,token,name,app_url,user_id,is_active,can_read_entreprises,can_read_emails,can_read_statistics,can_read_campagnes,can_delete_entreprises',
      `1,${'c3'.repeat(32)},"App, mobile",https://app.fr,1,t,t,f,1,0,t`,
      `2,${'d4'.repeat(32)},Révoqué,,1,f,t,t,t,t,f`,
      '3,not-a-token,Faux,,1,t,t,t,t,t,f',
    ].join('\n'),
  )
  const imported = JSON.parse((await run('token', 'import', csv, '--with-writes', '--json')).out)
  expect(imported.imported).toMatchObject([
    {
      name: 'App, mobile',
      scopes: ['companies:read', 'companies:write', 'companies:delete', 'statistics:read', 'audits:write'],
    },
  ])
  expect(imported.rejected).toEqual([
    { row: 2, name: 'Révoqué', reason: 'revoked' },
    { row: 3, name: 'Faux', reason: 'bad_token' },
  ])
  const json = join(folder.path, 'tokens.json')
  await Bun.write(json, JSON.stringify([{ token: 'e5'.repeat(32), name: 'B' }, { token: 'c3'.repeat(32) }]))
  const again = JSON.parse((await run('token', 'import', json, '--json')).out)
  expect(again.imported).toMatchObject([
    { name: 'B', scopes: ['companies:read', 'emails:read', 'statistics:read', 'campaigns:read'] },
  ])
  expect(again.rejected).toEqual([{ row: 2, name: 'Token', reason: 'token_taken' }])
  expect((await run('token', 'import', join(folder.path, 'nothing'))).code).toBe(1)
})

test('the OpenAPI document is printed without a database or a place to keep data', async () => {
  const { code, out } = await runProgram(['openapi'], {
    command: FROM_SOURCE,
    env: { DATABASE_URL: 'postgres://127.0.0.1:1/x', DATA_DIR: '/nowhere/at/all' },
  })
  expect([code, JSON.parse(out).openapi]).toEqual([0, '3.1.0'])
})
