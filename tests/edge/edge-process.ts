import { join } from 'node:path'
import { freePort } from '#tests/support/free-port.ts'
import { startProgram, type Running } from '#tests/support/product.ts'

const MAIN = join(import.meta.dir, '../../public-edge/main.ts')
const START_MS = 15_000

export type EdgeProcess = Running & { base: string }

/** The real edge on a free port, answering; from its sources, or the executable given as `command`. */
export const startEdge = async (
  env: Record<string, string>,
  command: string[] = [process.execPath, MAIN],
): Promise<EdgeProcess> => {
  const port = env['PORT'] ?? String(freePort())
  const running = startProgram(['serve'], {
    command,
    env: { ...env, PORT: port },
  })
  const base = `http://127.0.0.1:${port}`
  const deadline = Date.now() + START_MS
  while (
    !(await fetch(`${base}/healthz`).then(
      () => true,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`the edge did not start: ${running.log()}`)
    await Bun.sleep(20)
  }
  return { ...running, base }
}
