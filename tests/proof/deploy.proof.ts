// deploy.sh over a real ssh, onto machines that have nothing yet: the real executables once, then small ones that fail
// in every way a release can. Needs root, sshd, sudo; systemctl is a stand-in (systemd is not process 1 here).
import { $ } from 'bun'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { openNetwork, type Machine, type Network } from '#tests/support/machines.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const SUPPORT = join(import.meta.dir, '../support')
const PATH_THERE = '/opt/my prospect lab'
const USER = 'deployer'
const UNIT = '/etc/systemd/system/prospectlab.service'

const folder = temporaryFolder('deploy')
let network: Network
let desk: Machine
let app: Machine
let proxy: Machine

beforeAll(async () => {
  await ensureBuilt()
  chmodSync(folder.path, 0o755)
  // Where the users of the machines may run them.
  copyFileSync(process.execPath, join(folder.path, 'bun'))
  copyFileSync(join(SUPPORT, 'small-program.ts'), join(folder.path, 'small-program.ts'))
  await $`ssh-keygen -q -t ed25519 -N "" -f ${folder.path}/key`.quiet()
  await $`ssh-keygen -q -t ed25519 -N "" -f ${folder.path}/host-key`.quiet()
  network = await openNetwork(folder.path)
  app = await startMachine('app', '10.44.0.2')
  proxy = await startMachine('proxy', '10.44.0.3')
  desk = await network.machine('desk', ['10.44.0.9/24'])
  const hosts = '10.44.0.2 app.internal\\n10.44.0.3 proxy.internal\\n10.44.0.99 gone.internal\\n'
  await desk.run(['sh', '-ec', `printf '${hosts}' >> /etc/hosts`])
  await desk.write(
    '/etc/ssh/ssh_config',
    `Host *\n  IdentityFile ${folder.path}/key\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n  BatchMode yes\n  ConnectTimeout 3\n`,
  )
}, 5 * MINUTE)
afterAll(async () => {
  // What the stand-in started is nobody's child.
  for (const machine of [app, proxy])
    await machine?.run(['sh', '-c', 'kill $(cat /run/units/*)'], { mayFail: true })
  await network?.close()
  folder.remove()
}, MINUTE)

/** A bare machine: an sshd, sudo, a user with a key, and the folder that the guide says to make. */
const startMachine = async (name: string, address: string): Promise<Machine> => {
  const machine = await network.machine(name, [`${address}/24`])
  const script = `mkdir -p /run/sshd /var/lib/sudo /etc/systemd/system
    rm -f /etc/systemd/system/prospectlab*; rm -rf /etc/prospectlab
    useradd --create-home --home-dir /var/lib/${USER} --shell /bin/bash --password "*" ${USER}
    install -d -m 700 -o ${USER} /var/lib/${USER}/.ssh
    install -m 600 -o ${USER} "$0/key.pub" /var/lib/${USER}/.ssh/authorized_keys
    install -d -o ${USER} "${PATH_THERE}"
    mount --bind ${join(SUPPORT, 'fake-systemctl.sh')} /usr/bin/systemctl`
  await machine.run(['sh', '-ec', script, folder.path])
  await machine.write(
    `/etc/sudoers.d/${USER}`,
    `Defaults !requiretty, !use_pty, !pam_session\n${USER} ALL=(root) NOPASSWD: ALL\n`,
    0o440,
  )
  await machine.write(
    '/etc/ssh/sshd_here',
    `ListenAddress ${address}\nHostKey ${folder.path}/host-key\nPidFile none\nUsePAM no\nPasswordAuthentication no\nMaxStartups 100\n`,
  )
  const sshd = machine.start(['/usr/sbin/sshd', '-D', '-e', '-f', '/etc/ssh/sshd_here'])
  await until('sshd listens', () => sshd.log().includes('Server listening'), 10_000)
  return machine
}

/** A folder with executables in the place of dist/. `health`: what their /healthz answers. */
const makeDist = (name: string, health = 200): string => {
  const dist = join(folder.path, name)
  mkdirSync(dist, { recursive: true })
  const script = `#!/bin/sh\nSMALL_NAME=${name} SMALL_HEALTH=${health} exec ${folder.path}/bun ${folder.path}/small-program.ts "$@"\n`
  for (const program of ['prospectlab', 'prospectlab-edge']) writeFileSync(join(dist, program), script)
  return dist
}

const BOTH = ['app.internal', USER, PATH_THERE, 'proxy.internal', USER]
const deploy = async (dist: string, args = BOTH, env: Record<string, string> = {}) => {
  const { code, out, errors } = await desk.run(['bash', join(ROOT, 'deploy/deploy.sh'), ...args], {
    env: { DIST: dist, HEALTH_SECONDS: '3', PROXY_HEALTH: '', ...env },
    mayFail: true,
  })
  return { code, said: out + errors }
}

const health = async (machine: Machine, port: number) =>
  (
    await machine.run(
      [
        'bash',
        '-c',
        `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET /healthz HTTP/1.0\\r\\nHost: here\\r\\n\\r\\n' >&3; cat <&3 | tail -n 1`,
      ],
      { mayFail: true },
    )
  ).out
const running = async (): Promise<string[]> =>
  (await Promise.all([health(app, 5000), health(proxy, 5001)])).map(
    (body) => /"name":"([^"]*)"/.exec(body)?.[1] ?? body,
  )
const releases = async (machine: Machine, room: string) =>
  (await machine.run(['ls', `${PATH_THERE}/${room}/releases`])).out.trim().split('\n')
const current = async (machine: Machine, room: string) =>
  (await machine.run(['readlink', `${PATH_THERE}/${room}/current`])).out.trim()
const settle = async (machine: Machine, name: string, user: string, lines: string) => {
  await machine.run(['sh', '-c', `id ${user} || useradd --system --user-group ${user}`])
  await machine.write(`/etc/prospectlab/${name}`, lines)
}

test(
  'bare machines become an installation: users, settings, units, the real executables, answering',
  async () => {
    const first = await deploy(join(ROOT, 'dist'), ['app.internal', USER, PATH_THERE], {
      HEALTH_SECONDS: '60',
    })
    expect(first).toMatchObject({ code: 0 })
    expect(first.said).toContain('made /etc/prospectlab/prospectlab.env')
    expect(JSON.parse(await health(app, 5000))).toMatchObject({ status: 'ok' })
    const { out: unit } = await app.run(['cat', UNIT])
    expect(unit).toContain(`ExecStart="${PATH_THERE}/server/current/prospectlab" serve`)
    expect((await app.run(['stat', '-c', '%U %a', '/etc/prospectlab/prospectlab.env'])).out.trim()).toBe(
      'root 640',
    )
    const { out: owner } = await app.run([
      'sh',
      '-c',
      'stat -c %U /proc/$(cat /run/units/prospectlab.service)',
    ])
    expect(owner.trim()).toBe('prospectlab')

    // The edge has no settings yet: it runs, says what is missing, and deploy.sh does not call that well.
    const both = await deploy(join(ROOT, 'dist'))
    expect(both.code).toBe(1)
    expect(both.said).toContain('EDGE_KEYS')
    expect(both.said).toContain('there is no earlier release to go back to')
    expect(JSON.parse(await health(app, 5000))).toMatchObject({ status: 'ok' })
    const env = await app.run(
      [
        'setpriv',
        '--reuid=prospectlab',
        '--regid=prospectlab',
        '--clear-groups',
        'env',
        '-C',
        '/var/lib/prospectlab',
        `${PATH_THERE}/server/current/prospectlab`,
        'edge-env',
        '--upstream',
        '--server-url',
        'http://10.44.0.2:5000',
        '--json',
        '--env-file',
        '/etc/prospectlab/prospectlab.env',
      ],
      { env: { DATA_DIR: '/var/lib/prospectlab' } },
    )
    const { env: settings } = JSON.parse(env.out) as { env: Record<string, string> }
    await settle(
      proxy,
      'edge.env',
      'prospectlab-edge',
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    const again = await deploy(join(ROOT, 'dist'), BOTH, { HEALTH_SECONDS: '30' })
    expect(again).toMatchObject({ code: 0 })
    expect(JSON.parse(await health(proxy, 5001))).toMatchObject({ status: 'ok' })
    // The same release again: nothing is copied, no unit is written anew.
    expect(again.said).not.toContain('copying')
    const { out: asked } = await app.run(['cat', '/var/log/systemctl.log'])
    expect(asked.split('\n').filter((line) => line === 'daemon-reload')).toHaveLength(1)
  },
  5 * MINUTE,
)

describe('a later release', () => {
  const dists: Record<string, string> = {}
  beforeAll(async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five']) dists[name] = makeDist(name)
    dists['ill'] = makeDist('ill', 503)
    await settle(app, 'prospectlab.env', 'prospectlab', 'PORT=5000\n')
    await settle(proxy, 'edge.env', 'prospectlab-edge', 'PORT=5001\n')
    expect(await deploy(dists['one']!)).toMatchObject({ code: 0 })
  }, 2 * MINUTE)

  test(
    'takes over on both machines',
    async () => {
      expect(await deploy(dists['two']!)).toMatchObject({ code: 0 })
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'that does not answer is taken back on both machines, and that is said',
    async () => {
      const { code, said } = await deploy(dists['ill']!)
      expect(code).toBe(1)
      expect(said).toContain('answers after 3 s: 503')
      expect(said).toContain('rolled back to')
      expect(said).toContain('every machine runs the release it ran before')
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'whose edge alone does not answer is taken back on both machines',
    async () => {
      const mixed = join(folder.path, 'mixed')
      mkdirSync(mixed)
      copyFileSync(join(dists['three']!, 'prospectlab'), join(mixed, 'prospectlab'))
      copyFileSync(join(dists['ill']!, 'prospectlab'), join(mixed, 'prospectlab-edge'))
      const { code, said } = await deploy(mixed)
      expect([code, said.match(/rolled back to/g)?.length]).toEqual([1, 2])
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'that nginx does not lead to is taken back',
    async () => {
      const { code, said } = await deploy(dists['three']!, BOTH, { PROXY_HEALTH: 'http://127.0.0.1:5080' })
      expect(code).toBe(1)
      expect(said).toContain('cannot be reached through nginx')
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'that is no program for this machine is refused before anything is switched',
    async () => {
      const bad = join(folder.path, 'bad')
      mkdirSync(bad)
      for (const name of ['prospectlab', 'prospectlab-edge'])
        writeFileSync(join(bad, name), Buffer.alloc(5000, 7))
      const before = [
        await current(app, 'server'),
        await current(proxy, 'edge'),
        ...(await releases(app, 'server')),
      ]
      const { code, said } = await deploy(bad)
      expect(code).toBe(1)
      expect(said).toContain('does not run on this machine')
      expect(said).toContain('nothing was switched')
      expect([
        await current(app, 'server'),
        await current(proxy, 'edge'),
        ...(await releases(app, 'server')),
      ]).toEqual(before)
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'is not begun when one of the machines cannot be reached',
    async () => {
      const { code, said } = await deploy(dists['three']!, [
        'app.internal',
        USER,
        PATH_THERE,
        'gone.internal',
        USER,
      ])
      expect(code).toBe(1)
      expect(said).toContain('deployer@gone.internal cannot be reached: nothing was switched')
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'is not begun where there is no room for it, and leaves nothing behind there',
    async () => {
      const room = '/opt/small room'
      await app.ownFolder(room, 40)
      await app.run(['chown', USER, room])
      const { code, said } = await deploy(dists['three']!, ['app.internal', USER, room])
      expect(code).toBe(1)
      expect(said).toContain('not enough room')
      expect((await app.run(['find', room, '-size', '+100k'])).out).toBe('')
      expect(await running()).toEqual(['two', 'two'])
    },
    MINUTE,
  )

  test(
    'leaves the three newest',
    async () => {
      for (const name of ['three', 'four', 'five', 'five'])
        expect(await deploy(dists[name]!)).toMatchObject({ code: 0 })
      expect(await running()).toEqual(['five', 'five'])
      for (const [machine, room] of [
        [app, 'server'],
        [proxy, 'edge'],
      ] as const) {
        const left = await releases(machine, room)
        expect(left).toHaveLength(3)
        expect(left.map((name) => `releases/${name}`)).toContain(await current(machine, room))
      }
    },
    2 * MINUTE,
  )

  test(
    'is put back by hand with two commands of the guide',
    async () => {
      const [other] = (await releases(app, 'server')).filter((name) => !name.includes('current'))
      await app.run(['ln', '-sfn', `releases/${other}`, `${PATH_THERE}/server/current`])
      await app.run(['systemctl', 'restart', 'prospectlab.service'])
      await until('it answers', async () => (await health(app, 5000)).includes('"name"'))
      expect(statSync(join(ROOT, 'deploy/deploy.sh')).mode & 0o111).not.toBe(0)
    },
    MINUTE,
  )

  test(
    'an extra worker is put on a machine of its own',
    async () => {
      await settle(proxy, 'worker.env', 'prospectlab', 'PORT=5009\n')
      const { code, said } = await deploy(dists['five']!, ['--worker', 'proxy.internal', USER, PATH_THERE])
      expect([code, said.includes('worker')]).toEqual([0, true])
      await until('it works', async () => (await health(proxy, 5009)).includes('five'))
      expect(readFileSync(join(ROOT, 'deploy/systemd/prospectlab-worker.service'), 'utf8')).toContain(
        ' work\n',
      )
    },
    MINUTE,
  )
})
