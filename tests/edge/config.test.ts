import { expect, test } from 'bun:test'
import { loadEdgeConfig, missingSettings } from '#edge/config.ts'

const KEYS = `a1:${'0f'.repeat(32)},b2:${'1e'.repeat(32)}`

test('without any setting the edge has its defaults and says what is missing', () => {
  const config = loadEdgeConfig({})
  expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 5001, DATA_DIR: './edge-data', SPOOL_MAX_MB: 1024 })
  expect(config.TRUSTED_PROXIES).toEqual(['127.0.0.1', '::1'])
  expect(missingSettings(config)).toEqual(['DATABASE_URL or EDGE_UPSTREAM', 'EDGE_KEYS'])
})

test('an upstream needs its key, a database does not', () => {
  const upstream = { EDGE_UPSTREAM: 'http://10.0.0.5:5000/', EDGE_KEYS: KEYS }
  expect(missingSettings(loadEdgeConfig(upstream))).toEqual(['EDGE_UPSTREAM_KEY'])
  expect(missingSettings(loadEdgeConfig({ ...upstream, EDGE_UPSTREAM_KEY: 'x'.repeat(32) }))).toEqual([])
  const database = { DATABASE_URL: 'postgres://edge:pw@db/prospectlab', EDGE_KEYS: KEYS }
  expect(missingSettings(loadEdgeConfig(database))).toEqual([])
})

test('keys are read with their names, the first one first', () => {
  const { EDGE_KEYS } = loadEdgeConfig({ EDGE_KEYS: ` ${KEYS} ` })
  expect(EDGE_KEYS?.map(({ id, key }) => [id, key.length, key[0]])).toEqual([
    ['a1', 32, 0x0f],
    ['b2', 32, 0x1e],
  ])
})

test.each([
  ['PORT', 'nonsense'],
  ['PORT', '65536'],
  ['DATABASE_URL', 'mysql://x'],
  ['EDGE_UPSTREAM', 'ftp://x'],
  ['EDGE_KEYS', 'a1:short'],
  ['EDGE_KEYS', `${KEYS},`],
  ['SPOOL_MAX_MB', '0'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['BASE_URL', 'example.org'],
  ['METRICS_TOKEN', 'short'],
])('a wrong %s (%s) is refused by name', (name, value) => {
  expect(() => loadEdgeConfig({ [name]: value })).toThrow(new RegExp(`^${name}: `))
})
