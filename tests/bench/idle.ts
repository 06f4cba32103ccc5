// Resident memory of the server process alone (PostgreSQL is another), after its first pages and half a minute idle.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from '../../deploy/build.ts'
import type { Measure } from './measure.ts'
import { FROM_SOURCE, residentMb, signIn, startServer } from './server.ts'

const IDLE_MS = 30_000
const ROUNDS = 3
const PAGES = ['/', '/companies', '/imports', '/jobs', '/settings']

export const benchIdle = async (): Promise<Measure[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'prospectlab-bench-idle-'))
  try {
    const { server } = await build({ outdir: join(directory, 'dist') })
    const idle = async (name: string, command: string[]): Promise<Measure> => ({
      what: `idle server, ${name}, without PostgreSQL`,
      value: await idleMb(command, join(directory, name)),
      unit: 'MB',
      target: 120,
    })
    return [await idle('executable', [server, 'serve']), await idle('from source', FROM_SOURCE)]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const idleMb = async (command: string[], dataDir: string): Promise<number> => {
  const server = await startServer(command, { DATA_DIR: dataDir })
  try {
    const read = await signIn(server.base)
    for (let round = 0; round < ROUNDS; round++) for (const page of PAGES) await read(page)
    await Bun.sleep(IDLE_MS)
    return residentMb(server.pid)
  } finally {
    await server.stop()
  }
}
