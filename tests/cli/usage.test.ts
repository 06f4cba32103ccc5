import { expect, setDefaultTimeout, test } from 'bun:test'
import { FROM_SOURCE, runProgram, temporaryFolder } from '#tests/support/product.ts'

setDefaultTimeout(60_000)

const WIDTH = 112
const run = (...args: string[]) => runProgram(args, { command: FROM_SOURCE, env: {} })

test('the help names every command, in lines that fit a terminal', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  for (const name of ['serve', 'send', 'tracking events', 'token create', 'doctor'])
    expect(out).toContain(name)
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(WIDTH)
})

test('a command called wrongly shows how that one is called, and names the others', async () => {
  const { code, errors } = await run('send', '--to', 'anne@exemple.fr')
  expect([code, errors.split('\n').length]).toEqual([2, 7])
  expect(errors).toContain('send needs --to, --subject and --html\n\nUsage: prospectlab send --to A')
  expect(errors).toContain('serve, work, migrate')
  const unknown = await run('sned')
  expect([unknown.code, unknown.errors.includes('  import FILE')]).toEqual([2, true])
})

test('the sources run from any folder, their pages included', async () => {
  const elsewhere = temporaryFolder('elsewhere')
  const { code, out, errors } = await runProgram(['routes'], { cwd: elsewhere.path, env: {} })
  elsewhere.remove()
  expect([code, errors]).toEqual([0, ''])
  expect(out).toContain('/campaigns/:id/check')
})
