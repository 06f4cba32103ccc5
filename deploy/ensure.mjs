// Installs what bun.lock names when node_modules lacks it. Plain Node (>= 20) or Bun, before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LEAST_NODE = 20

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
// Inside node_modules: gone with it, and never an untracked file.
const stampFile = join(modules, '.prospectlab-installed')
const localBun = join(modules, 'bun', 'bin', 'bun.exe')
const underBun = process.versions.bun !== undefined

const fail = (message) => {
  console.error(`prospectlab: ${message}`)
  process.exit(1)
}

const wantedStamp = () => {
  const patches = join(root, 'deploy/patches')
  const files = [
    'bun.lock',
    'package.json',
    ...readdirSync(patches).map((name) => join('deploy/patches', name)),
  ]
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  for (const file of files.sort()) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

const isInstalled = (stamp) =>
  hasLocalBun() && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp

// Without its install script the file is a small stub that cannot run.
const hasLocalBun = () => existsSync(localBun) && statSync(localBun).size > 1_000_000

const install = () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const options = ['install', '--frozen-lockfile']
  const windows = process.platform === 'win32'
  const [command, args] = underBun
    ? [process.execPath, options]
    : hasLocalBun()
      ? [localBun, options]
      : [windows ? 'npx.cmd' : 'npx', ['--yes', `bun@${devDependencies.bun}`, ...options, `--cwd=${root}`]]
  console.error('prospectlab: installing what is missing (once) …')
  // What the install says goes to stderr: stdout belongs to the command that follows.
  // npx elsewhere than here: it would take a stub that a half install left in node_modules for the real one.
  const run = spawnSync(command, args, {
    cwd: command.startsWith('npx') ? tmpdir() : root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  })
  if (run.error !== undefined) fail(`${command} cannot be run (${run.error.message}); npm comes with Node`)
  if (run.signal !== null) process.exit(130)
  if (run.status !== 0) {
    fail('the install failed (see above): it needs the npm registry once; then run this again')
  }
}

if (!underBun && Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
  fail(`Node ${LEAST_NODE} or newer is needed, this is ${process.versions.node}`)
}
const stamp = wantedStamp()
if (!isInstalled(stamp)) {
  install()
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampFile, stamp)
}
