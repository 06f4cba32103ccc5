import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianTool } from '#tests/support/debian-tool.ts'

const THREADS = 1

export type WrkRun = { perSecond: number; p99Ms: number; wrong: number }

/** Asks one server for these paths in turn, on kept connections, and tells what wrk says. `folder` takes the script. */
export const wrk = async (
  base: string,
  {
    paths,
    seconds,
    connections,
    folder,
  }: { paths: string[]; seconds: number; connections: number; folder: string },
): Promise<WrkRun> => {
  const { path: program, env } = debianTool('usr/bin/wrk', ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common'])
  const list = join(folder, 'paths.txt')
  const script = join(folder, 'paths.lua')
  writeFileSync(list, paths.join('\n'))
  writeFileSync(script, scriptOf(list))
  const args = [`-t${THREADS}`, `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, base]
  const run = Bun.spawn([program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = await new Response(run.stdout).text()
  if ((await run.exited) !== 0) throw new Error(`wrk: ${text}`)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    p99Ms: milliseconds(/\s99%\s+([\d.]+)(us|ms|s|m)/.exec(text)),
    wrong: Number(/wrong answers: (\d+)/.exec(text)?.[1] ?? 0) + socketErrors(text),
  }
}

// A browser's headers: what the product keeps of them costs something. Answers are counted by their status.
const scriptOf = (list: string): string => `
local paths = {}
for line in io.lines('${list}') do paths[#paths + 1] = line end
local at = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() wrong = 0 end
wrk.headers['User-Agent'] = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'
wrk.headers['Accept'] = 'image/avif,image/webp,*/*;q=0.8'
wrk.headers['Accept-Language'] = 'fr-FR,fr;q=0.9,en;q=0.8'
wrk.headers['Accept-Encoding'] = 'gzip, deflate, br'
function request()
  at = at % #paths + 1
  return wrk.format('GET', paths[at])
end
function response(status)
  if status >= 500 then wrong = wrong + 1 end
end
function done()
  local sum = 0
  for _, thread in ipairs(threads) do sum = sum + thread:get('wrong') end
  io.write('wrong answers: ' .. sum .. '\\n')
end
`

const milliseconds = (found: RegExpExecArray | null): number =>
  Number(found?.[1]) * ({ us: 0.001, ms: 1, s: 1000, m: 60_000 }[found?.[2] ?? ''] ?? Number.NaN)

const socketErrors = (text: string): number =>
  [...(/Socket errors: (.*)/.exec(text)?.[1] ?? '').matchAll(/\d+/g)].reduce((sum, [n]) => sum + Number(n), 0)
