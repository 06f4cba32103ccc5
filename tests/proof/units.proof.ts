// The shipped units under a real systemd: everything they forbid, and the server, its PostgreSQL, Chromium in its
// sandbox and the edge at work all the same. Needs root, systemd and Chromium.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from '#deploy/ensure-built.ts'
import { temporaryFolder } from '#tests/support/product.ts'
import { until } from '#tests/support/until.ts'

const MINUTE = 60_000
const ROOT = join(import.meta.dir, '../..')
const TRY_WITHIN_MS = 2 * MINUTE

const folder = temporaryFolder('systemd')
const out = join(folder.path, 'out')
const said = (name: string): string => readFileSync(join(out, name), 'utf8').trim()

// Like the server's unit in everything but what is run, and that once.
const chromiumUnit = (): string =>
  readFileSync(join(ROOT, 'deploy/systemd/prospectlab.service'), 'utf8')
    .replace(/^ExecStart=.*/m, 'ExecStart=/bin/sh /opt/prospectlab/draw.sh')
    .replace(/^Type=.*/m, 'Type=oneshot')
    .replace(/^Restart=.*/m, 'Restart=no')

const DRAW = `cd /tmp
HOME=/tmp chromium --headless=new --disable-gpu --user-data-dir=/tmp/profile --dump-dom 'data:text/html,<p>drawn <script>document.write(20+22)</script>'
grep -E 'NoNewPrivs|Seccomp:|CapBnd' /proc/self/status
touch /etc/written /usr/written 2>/dev/null || echo nothing is written outside
`

const TRY = `
room=/opt/prospectlab
mkdir -p $room/server/current $room/edge/current /etc/prospectlab
cp /out/prospectlab $room/server/current/; cp /out/prospectlab-edge $room/edge/current/; cp /out/draw.sh $room/
cp /out/*.service /etc/systemd/system/; cp /out/*.env /etc/prospectlab/
for user in prospectlab prospectlab-edge; do useradd --system --user-group --no-create-home --home-dir /var/lib/$user --shell /usr/sbin/nologin $user; done
systemctl daemon-reload
wait_for() { bash /out/remote.sh wait "$1" 60 2>&1 && echo answers; }
systemctl start prospectlab.service
wait_for http://127.0.0.1:5000/healthz > /out/server
systemctl start chromium-try.service; journalctl -u chromium-try -o cat --no-pager > /out/drawn
(cd / && setpriv --reuid prospectlab --regid prospectlab --clear-groups $room/server/current/prospectlab --env-file /etc/prospectlab/prospectlab.env edge-env --upstream --server-url http://127.0.0.1:5000) > /etc/prospectlab/edge.env 2>/out/edge-env
systemctl start prospectlab-edge.service
wait_for http://127.0.0.1:5001/healthz > /out/edge
wait_for http://127.0.0.1:5001/track/pixel/x.gif > /out/pixel
pgrep -u prospectlab postgres | wc -l > /out/postgres-before
systemctl stop prospectlab.service prospectlab-edge.service
pgrep -u prospectlab postgres | wc -l > /out/postgres-after
systemctl show -P Result prospectlab prospectlab-edge > /out/results
echo PORT=wrong >> /etc/prospectlab/prospectlab.env
systemctl start prospectlab.service
for turn in $(seq 50); do [ "$(systemctl is-active prospectlab)" = failed ] && break; sleep 0.2; done
systemctl show -P NRestarts -P ExecMainStatus -P ActiveState prospectlab > /out/wrong
journalctl -o cat --no-pager > /out/journal
echo > /out/end
`

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('this proof needs root')
  await ensureBuilt()
  mkdirSync(out)
  mkdirSync(join(folder.path, 'machine'))
  for (const name of [
    'dist/prospectlab',
    'dist/prospectlab-edge',
    'deploy/remote.sh',
    ...['prospectlab', 'prospectlab-edge'].map((unit) => `deploy/systemd/${unit}.service`),
    'deploy/systemd/prospectlab.env',
  ])
    copyFileSync(join(ROOT, name), join(out, name.split('/').at(-1)!))
  writeFileSync(join(out, 'chromium-try.service'), chromiumUnit())
  writeFileSync(join(out, 'draw.sh'), DRAW)
  writeFileSync(join(out, 'try.sh'), TRY)
  const namespaces = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--cgroup',
    '--net',
    '--uts',
    '--ipc',
  ]
  const machine = Bun.spawn(
    [
      'unshare',
      ...namespaces,
      join(ROOT, 'tests/support/boot-systemd.sh'),
      join(folder.path, 'machine'),
      out,
    ],
    { stdio: ['ignore', 'ignore', Bun.file(join(folder.path, 'console'))] },
  )
  try {
    await until(
      'systemd has tried the units',
      () => existsSync(join(out, 'end')) || machine.exitCode !== null,
      TRY_WITHIN_MS,
    )
    if (machine.exitCode !== null)
      throw new Error(`systemd did not boot: ${readFileSync(join(folder.path, 'console'), 'utf8')}`)
  } finally {
    machine.kill('SIGKILL')
    await machine.exited
  }
}, 5 * MINUTE)
afterAll(folder.remove)

test('the server and the PostgreSQL of its own work in their unit, and end with it in order', () => {
  expect([said('server'), Number(said('postgres-before')) > 0, said('postgres-after')]).toEqual([
    'answers',
    true,
    '0',
  ])
  expect(said('results').split(/\s+/)).toEqual(['success', 'success'])
})

test('Chromium draws in its sandbox there, without privileges, and nothing is written outside', () => {
  const drawn = said('drawn')
  expect(drawn).toContain('drawn <script>document.write(20+22)</script>42')
  expect(drawn).toMatch(/CapBnd:\s+0+$/m)
  expect(drawn).toMatch(/NoNewPrivs:\s+1$/m)
  expect(drawn).toMatch(/Seccomp:\s+2$/m)
  expect(drawn).toContain('nothing is written outside')
})

test('a command from a shell joins the PostgreSQL of the running unit', () => {
  expect(said('edge-env')).not.toMatch(/error|failed/i)
})

test('the edge works where it may start no other program', () => {
  expect([said('edge'), said('pixel')]).toEqual(['answers', 'answers'])
})

test('a wrong setting stops the unit with exit 2 instead of starting it for ever', () => {
  expect(said('wrong').split('\n').toSorted()).toEqual(['0', '2', 'failed'])
  expect(said('journal')).toContain('PORT: must be a port number')
})
