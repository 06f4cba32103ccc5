// `bun run smoke`: boots the built executables from another folder and tries what only breaks when compiled.
import { dirname } from 'node:path'
import { ensureBuilt } from './ensure-built.ts'

const ROOT = dirname(import.meta.dir)

await ensureBuilt()
const tests = [...new Bun.Glob('tests/smoke/*.smoke.ts').scanSync(ROOT)].toSorted().map((file) => `./${file}`)
const run = Bun.spawn([process.execPath, 'test', ...tests, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: ['ignore', 'inherit', 'inherit'],
})
process.exit(await run.exited)
