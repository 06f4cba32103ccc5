// `bun run smoke`: boots the built executables from another folder and tries what only breaks when compiled.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from './build.ts'

const ROOT = dirname(import.meta.dir)
const SOURCES = ['src', 'public-edge', 'templates', 'drizzle', 'deploy', 'package.json', 'bun.lock']

const newest = (path: string): number => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

const builtAt = (): number => {
  const files = ['prospectlab', 'prospectlab-edge'].map((name) => join(ROOT, 'dist', name))
  return files.every((file) => existsSync(file))
    ? Math.min(...files.map((file) => statSync(file).mtimeMs))
    : 0
}

if (builtAt() < Math.max(...SOURCES.map((name) => newest(join(ROOT, name))))) await build()
const tests = [...new Bun.Glob('tests/smoke/*.smoke.ts').scanSync(ROOT)].toSorted().map((file) => `./${file}`)
const run = Bun.spawn([process.execPath, 'test', ...tests, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
})
process.exit(await run.exited)
