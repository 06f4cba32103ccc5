// Machines of a small network, as namespaces of this one: each with its own addresses, its own /etc, /opt and /var/lib,
// its own name, and the programs of this machine. Needs root, unshare, nsenter and ip.
import { $ } from 'bun'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { follow, type Running } from './product.ts'

export type Machine = {
  name: string
  /** The command that runs `command` over there. */
  inside: (command: string[]) => string[]
  /** Runs to its end; throws on failure unless `mayFail`. */
  run: (
    command: string[],
    options?: { env?: Record<string, string>; input?: string; mayFail?: boolean },
  ) => Promise<Ran>
  start: (command: string[], options?: { env?: Record<string, string>; cwd?: string }) => Running
  /** A folder that only this machine sees, empty and of limited size. */
  ownFolder: (path: string, megabytes?: number) => Promise<void>
  write: (path: string, text: string, mode?: number) => Promise<void>
}
type Ran = { code: number; out: string; errors: string }

export type Network = {
  /** @param addresses with prefix length, such as 10.0.0.2/24 */
  machine: (name: string, addresses: string[]) => Promise<Machine>
  close: () => Promise<void>
}

/** One cable that every machine is on. `folder` is a temporary one of the caller's, where their files go. */
export const openNetwork = async (folder: string): Promise<Network> => {
  if (process.getuid?.() !== 0) throw new Error('machines of a test need root')
  const holders: Bun.Subprocess[] = []
  const children: Bun.Subprocess[] = []
  const hold = async (script: string): Promise<number> => {
    const holder = Bun.spawn(
      [
        'unshare',
        '--net',
        '--mount',
        '--uts',
        'sh',
        '-ec',
        `mount --make-rprivate /; ${script}; echo ready; exec sleep 3600`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    holders.push(holder)
    const { value } = await holder.stdout.getReader().read()
    if (!new TextDecoder().decode(value).includes('ready')) throw new Error('a namespace could not be made')
    return holder.pid
  }
  const hub = await hold('ip link add cable type bridge; ip link set cable up')
  const inHub = ['nsenter', '-t', String(hub), '-n']

  const machine = async (name: string, addresses: string[]): Promise<Machine> => {
    const etc = join(folder, `${name}-etc`)
    mkdirSync(etc, { recursive: true })
    const pid = await hold(
      `hostname ${name}; cp -a /etc/. ${etc}/; mount --bind ${etc} /etc; for one in /opt /run /var/lib /var/log /var/www; do mkdir -p $one; mount -t tmpfs -o mode=755 none $one; done; ip link set lo up`,
    )
    const port = `p${pid}`
    await $`${inHub} ip link add ${port} type veth peer name eth0 netns ${pid}`.quiet()
    await $`${inHub} ip link set ${port} master cable up`.quiet()
    const inside = (command: string[]) => ['nsenter', '-t', String(pid), '-n', '-m', '-u', ...command]
    for (const address of addresses)
      await $`${inside(['ip', 'address', 'add', address, 'dev', 'eth0'])}`.quiet()
    await $`${inside(['ip', 'link', 'set', 'eth0', 'up'])}`.quiet()

    const environment = (env: Record<string, string> = {}) => ({
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      ...env,
    })
    const run: Machine['run'] = async (command, { env, input, mayFail = false } = {}) => {
      const child = Bun.spawn(inside(command), {
        stdio: [input === undefined ? 'ignore' : new Blob([input]), 'pipe', 'pipe'],
        env: environment(env),
        cwd: '/',
      })
      const [code, out, errors] = await Promise.all([
        child.exited,
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ])
      if (code !== 0 && !mayFail)
        throw new Error(`${name}: ${command.join(' ')}: exit ${code}: ${errors || out}`)
      return { code, out, errors }
    }
    const start: Machine['start'] = (command, { env, cwd = '/' } = {}) => {
      // nsenter goes to / in the new namespace.
      const child = Bun.spawn(inside(['sh', '-c', 'cd "$0" && exec "$@"', cwd, ...command]), {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environment(env),
      })
      children.push(child)
      return follow(child)
    }
    return {
      name,
      inside,
      run,
      start,
      ownFolder: async (path, megabytes = 2000) => {
        await run(['mkdir', '-p', path])
        await run(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'none', path])
      },
      write: async (path, text, mode = 0o644) => {
        const draft = join(folder, `draft-${Bun.randomUUIDv7()}`)
        writeFileSync(draft, text, { mode })
        await run(['install', '-D', '-m', mode.toString(8), draft, path])
      },
    }
  }

  return {
    machine,
    close: async () => {
      for (const child of children) child.kill('SIGTERM')
      const late = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 60_000)
      await Promise.all(children.map((child) => child.exited))
      clearTimeout(late)
      for (const holder of holders) holder.kill('SIGKILL')
      await Promise.all(holders.map((holder) => holder.exited))
    },
  }
}
