import { expect, test } from 'bun:test'
import { join } from 'node:path'

const ROOT = join(import.meta.dir, '../..')

const classify = async (input: string, ...args: string[]) => {
  const child = Bun.spawn([process.execPath, 'src/main.ts', 'tracking', 'classify', ...args], {
    cwd: ROOT,
    stdin: new Blob([input]),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, lines: out.split('\n').filter(Boolean), err }
}

const document = (message: string, hits: number) =>
  JSON.stringify({
    message,
    hits: Array.from({ length: hits }, () => ({
      at: '2026-03-19T12:10:27.840Z',
      kind: 'pixel',
      method: 'HEAD',
    })),
  })

test('one line per hit comes out, in input order, however much it is', async () => {
  const { code, lines } = await classify(`${document('a', 2)}\n\n${document('b', 5_000)}`, '-')
  expect(code).toBe(0)
  expect(lines).toHaveLength(5_002)
  expect(JSON.parse(lines[1] ?? '')).toEqual({
    message: 'a',
    index: 1,
    verdict: 'machine',
    reason: 'Request that reads no answer (HEAD or another method)',
    code: 'method',
  })
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ message: 'b', index: 4_999 })
})

test('a line that cannot be read is named, the others are judged, and the exit code is 1', async () => {
  const { code, lines, err } = await classify(
    `${document('a', 1)}\n{"hits":\n${document('c', 1)}\n`,
    '-',
    '--json',
  )
  expect(code).toBe(1)
  expect(lines).toHaveLength(2)
  expect(err).toContain('line 2: is not a JSON document')
})

test('a missing file is exit 1, a missing word exit 2', async () => {
  expect(await classify('', '/there/is/none')).toMatchObject({ code: 1, lines: [] })
  expect(await classify('')).toMatchObject({ code: 2, lines: [] })
  expect(await classify('', 'a', 'b')).toMatchObject({ code: 2, lines: [] })
})
