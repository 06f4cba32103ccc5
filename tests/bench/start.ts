// Start to the first 200 of /healthz (database answering, migrations known), from source and as the executable.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '#tests/support/postgres.ts'
import { build } from '../../deploy/build.ts'
import { percentile, type Measure } from './measure.ts'
import { FROM_SOURCE, startServer } from './server.ts'

const TIMES = 5
const FIRST_TIMES = 3
const KEY = '0123456789abcdef0123456789abcdef'

export const benchStart = async (): Promise<Measure[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'prospectlab-bench-start-'))
  try {
    const { server } = await build({ outdir: join(directory, 'dist') })
    const external = await startTestServer()
    const measures: Measure[] = []
    for (const [name, command] of [
      ['executable', [server, 'serve']],
      ['from source', FROM_SOURCE],
    ] as const) {
      const database = `bench_start_${name.replace(/\W/g, '_')}`
      await external.admin.unsafe(`CREATE DATABASE ${database}`)
      const outside = {
        DATABASE_URL: external.url(database),
        SECRET_KEY: KEY,
        DATA_DIR: join(directory, database),
      }
      await readyMs(command, outside)
      measures.push({
        ...median(await repeat(TIMES, () => readyMs(command, outside))),
        what: `start, ${name}, external database`,
        target: 600,
      })

      const first = await repeat(FIRST_TIMES, (time) =>
        readyMs(command, { DATA_DIR: join(directory, name, `${time}`) }),
      )
      measures.push({ ...median(first), what: `first start ever, ${name}, embedded database`, target: 5000 })
      const inside = { DATA_DIR: join(directory, name, '0') }
      measures.push({
        ...median(await repeat(TIMES, () => readyMs(command, inside))),
        what: `start, ${name}, embedded database`,
        target: 1000,
      })
    }
    await external.admin.end()
    return measures
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const readyMs = async (command: readonly string[], env: Record<string, string>): Promise<number> => {
  const server = await startServer([...command], env)
  await server.stop()
  return server.readyMs
}

const repeat = async (times: number, action: (time: number) => Promise<number>): Promise<number[]> => {
  const values: number[] = []
  for (let time = 0; time < times; time++) values.push(await action(time))
  return values
}

const median = (values: number[]) => ({ value: percentile(values, 0.5), unit: 'ms' })
