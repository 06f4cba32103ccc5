import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveKeys, isSignedBy, loadSecretKey, sign } from '#src/lib/keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('each purpose has its own key, the same at each start', () => {
  const keys = deriveKeys('one secret')
  const all = Object.values(keys).map(String)
  expect(new Set(all).size).toBe(all.length)
  expect(deriveKeys('one secret')).toEqual(keys)
  expect(deriveKeys('another secret').links).not.toEqual(keys.links)
})

test('a secret is made once, for the owner’s eyes only, and kept', () => {
  const DATA_DIR = join(folder, 'made', 'here')
  const secret = loadSecretKey({ DATA_DIR })
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect(loadSecretKey({ DATA_DIR })).toBe(secret)
  expect(statSync(join(DATA_DIR, 'secret-key')).mode & 0o777).toBe(0o600)
  expect(loadSecretKey({ DATA_DIR, SECRET_KEY: 'the one of the settings' })).toBe('the one of the settings')
  expect(readFileSync(join(DATA_DIR, 'secret-key'), 'utf8').trim()).toBe(secret)
})

test('a damaged secret is refused rather than replaced', () => {
  writeFileSync(join(folder, 'secret-key'), '\n')
  expect(() => loadSecretKey({ DATA_DIR: folder })).toThrow('secret-key')
})

test('a DATA_DIR that cannot be written to is named', () => {
  // Not even root makes a directory there.
  const DATA_DIR = '/proc/prospectlab/data'
  expect(() => loadSecretKey({ DATA_DIR })).toThrow(`DATA_DIR ${DATA_DIR} cannot be written to`)
})

test('processes that start at once share one secret', async () => {
  const DATA_DIR = join(folder, 'race')
  const script = `import { loadSecretKey } from '#src/lib/keys.ts'; console.log(loadSecretKey({ DATA_DIR: ${JSON.stringify(DATA_DIR)} }))`
  const runs = Array.from({ length: 6 }, () =>
    Bun.spawn([process.execPath, '-e', script], { cwd: join(import.meta.dir, '../..'), stdout: 'pipe' }),
  )
  const secrets = await Promise.all(runs.map((run) => new Response(run.stdout).text()))
  expect(new Set(secrets).size).toBe(1)
  expect(secrets[0]?.trim()).toMatch(/^[0-9a-f]{64}$/)
})

test('a signature holds for its parts and their order only', () => {
  const { sessions, links } = deriveKeys('one secret')
  const signature = sign(sessions, 'a', 'bc')
  expect(isSignedBy(sessions, signature, 'a', 'bc')).toBe(true)
  for (const parts of [['ab', 'c'], ['bc', 'a'], ['abc'], ['a', 'bc', '']])
    expect(isSignedBy(sessions, signature, ...parts)).toBe(false)
  expect(isSignedBy(links, signature, 'a', 'bc')).toBe(false)
  expect(isSignedBy(sessions, '', 'a', 'bc')).toBe(false)
})
