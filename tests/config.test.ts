import { expect, test } from 'bun:test'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, readEnvironment } from '#src/config.ts'

test('nothing set gives a working installation', () => {
  expect(loadConfig({})).toMatchObject({
    HOST: '0.0.0.0',
    PORT: 5000,
    DATA_DIR: './data',
    RESTRICT_TO_LOCAL_NETWORK: true,
    TRUSTED_PROXIES: [],
    CRAWL_ALLOW_NETWORKS: [],
  })
})

test.each([
  ['PORT', 'nonsense'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://x'],
  ['DATABASE_URL', 'postgres://u:half%of@h/x'],
  ['SECRET_KEY', 'short'],
  ['BASE_URL', 'ftp://x'],
  ['RESTRICT_TO_LOCAL_NETWORK', 'maybe'],
  ['ALLOWED_NETWORKS', '10.0.0.0/8, nope'],
  ['TRUSTED_PROXIES', '300.1.1.1'],
  ['CRAWL_ALLOW_NETWORKS', '127.0.0.0/99'],
  ['WORKERS', '0'],
  ['ADMIN_EMAIL', 'not an address'],
  ['DATABASE_LISTEN', 'everywhere'],
  ['DATABASE_LISTEN', '10.0.0.2:70000'],
  ['DATABASE_LISTEN', '999.1.1.1:5433'],
  ['METRICS_TOKEN', 'short'],
])('a wrong %s is told in one line that names it', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^${name}: [^\n]+$`))
})

test('names of the product this one replaces are understood or named', () => {
  expect(loadConfig({ CELERY_WORKERS: '3' }).WORKERS).toBe(3)
  expect(loadConfig({ CELERY_WORKERS: '3', WORKERS: '5' }).WORKERS).toBe(5)
  expect(loadConfig({ CELERY_BROKER_URL: 'redis://x' }).ignored).toEqual(['CELERY_BROKER_URL'])
})

test('an empty value counts as not set, and as none for a list of networks', () => {
  expect(loadConfig({ PORT: '', CRAWL_ALLOW_NETWORKS: '', SECRET_KEY: ' ' })).toMatchObject({
    PORT: 5000,
    CRAWL_ALLOW_NETWORKS: [],
  })
})

test('the environment wins over the file, and a named file must exist', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'settings')
  writeFileSync(file, 'TZ=Nowhere/Land\nPROSPECTLAB_TEST_ONLY="a b"\n')
  expect(readEnvironment(file)).toMatchObject({ TZ: 'Europe/Paris', PROSPECTLAB_TEST_ONLY: 'a b' })
  expect(() => readEnvironment('/nowhere/at/all')).toThrow('/nowhere/at/all')
})
