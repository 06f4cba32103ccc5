import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { testWith } from '#tests/support/tool.ts'

const DEPLOY = join(import.meta.dir, '../../deploy')
const SCRIPTS = ['deploy.sh', 'remote.sh']

const run = async (command: string[], env: Record<string, string> = {}) => {
  const child = Bun.spawn(command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  const [code, out, errors] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code, out, errors }
}
const deploy = (...args: string[]) => run(['bash', join(DEPLOY, 'deploy.sh'), ...args])

for (const script of SCRIPTS)
  testWith('shellcheck')(`shellcheck has nothing to say about ${script}`, async () => {
    expect(await run(['shellcheck', join(DEPLOY, script)])).toEqual({ code: 0, out: '', errors: '' })
  })

describe('deploy.sh', () => {
  test('is told apart from wrong usage by its exit code', async () => {
    const help = await deploy('--help')
    expect([help.code, help.out.split('\n')[0]]).toEqual([
      0,
      'Usage: deploy/deploy.sh APP_HOST USER PATH [PROXY_HOST PROXY_USER]',
    ])
    for (const args of [
      [],
      ['host'],
      ['host', 'user'],
      ['host', 'user', '/opt/p', 'proxy'],
      ['--worker', 'host'],
    ])
      expect([args, (await deploy(...args)).code]).toEqual([args, 2])
  })

  test('takes no word that a shell, ssh or systemd would read as something else', async () => {
    const wrong = [
      ['-oProxyCommand=touch /tmp/x', 'user', '/opt/p'],
      ['host', '-l', '/opt/p'],
      ['host;id', 'user', '/opt/p'],
      ['host', 'user', 'opt/p'],
      ['host', 'user', '/opt/$(id)'],
      ['host', 'user', "/opt/'p"],
      ['host', 'user', '/opt/%i'],
      ['host', 'user', '/opt/p#q'],
      ['host', 'user', '/opt/../etc'],
      ['host', 'user', '/opt/p\nid'],
      ['host', 'user', '/opt/p', '-proxy', 'user'],
    ]
    for (const args of wrong) {
      const { code, errors } = await deploy(...args)
      expect([args, code, errors.startsWith('deploy: ')]).toEqual([args, 1, true])
    }
  })
})
