import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from './build.ts'

const ROOT = dirname(import.meta.dir)
const SOURCES = ['src', 'public-edge', 'templates', 'drizzle', 'deploy', 'package.json', 'bun.lock']

/** Builds the executables in dist/ when a source is newer than they are. */
export const ensureBuilt = async (): Promise<void> => {
  if (builtAt() < Math.max(...SOURCES.map((name) => newest(join(ROOT, name))))) await build()
}

const builtAt = (): number => {
  const files = ['prospectlab', 'prospectlab-edge'].map((name) => join(ROOT, 'dist', name))
  return files.every((file) => existsSync(file))
    ? Math.min(...files.map((file) => statSync(file).mtimeMs))
    : 0
}

const newest = (path: string): number => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}
