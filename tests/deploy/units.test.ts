import { afterAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '#tests/support/product.ts'
import { testWith } from '#tests/support/tool.ts'

const UNITS = join(import.meta.dir, '../../deploy/systemd')
/** systemd's own rating, 0 (nothing can happen) to 10. What Chromium and PostgreSQL need is what the server lacks. */
const EXPOSURE: Record<string, number> = { prospectlab: 3, 'prospectlab-worker': 3, 'prospectlab-edge': 1.5 }

const folder = temporaryFolder('units')
afterAll(folder.remove)
const withSystemd = testWith('systemd-analyze')

const textOf = (unit: string) => readFileSync(join(UNITS, `${unit}.service`), 'utf8')
const valuesOf = (unit: string, name: string) =>
  [...textOf(unit).matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map((match) => match[1])

/** The unit as deploy.sh installs it into a folder with a space, its program being there. */
const install = (unit: string): string => {
  const path = join(folder.path, 'my installation')
  for (const [room, program] of [
    ['server', 'prospectlab'],
    ['edge', 'prospectlab-edge'],
  ]) {
    const place = join(path, room!, 'current')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, program!), '#!/bin/sh\n')
    chmodSync(join(place, program!), 0o755)
  }
  const file = join(folder.path, `${unit}.service`)
  writeFileSync(file, textOf(unit).replaceAll('/opt/prospectlab', path))
  return file
}

const analyse = async (...args: string[]) => {
  const run = Bun.spawn(['systemd-analyze', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [code, out, errors] = await Promise.all([
    run.exited,
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
  ])
  return { code, out, errors }
}

describe('units', () => {
  for (const unit of Object.keys(EXPOSURE)) {
    withSystemd(`systemd finds nothing wrong with ${unit}.service`, async () => {
      const { code, errors } = await analyse('verify', install(unit))
      const about = errors.split('\n').filter((line) => line.includes(unit))
      expect({ code, about }).toEqual({ code: 0, about: [] })
    })

    withSystemd(`systemd rates ${unit}.service as protected`, async () => {
      const { out } = await analyse('security', '--offline=true', install(unit))
      const exposure = Number(/Overall exposure level.*: ([\d.]+)/.exec(out)?.[1])
      console.log(`${unit}: exposure ${exposure}`)
      expect(exposure).toBeGreaterThan(0)
      expect(exposure).toBeLessThanOrEqual(EXPOSURE[unit]!)
    })

    test(`${unit}.service leaves the program what it needs`, () => {
      // The runtime compiles while it runs.
      expect(valuesOf(unit, 'MemoryDenyWriteExecute')).toEqual([])
      expect(valuesOf(unit, 'Restart')).toEqual(['always'])
      expect(valuesOf(unit, 'RestartPreventExitStatus')).toEqual(['2'])
      // Servers and workers wait for mail servers (src/cli/signals.ts: 45 s at most).
      expect(Number(valuesOf(unit, 'TimeoutStopSec')[0])).toBeGreaterThanOrEqual(
        unit === 'prospectlab-edge' ? 15 : 50,
      )
      const state = valuesOf(unit, 'StateDirectory')[0]
      expect(valuesOf(unit, 'Environment')).toEqual([`DATA_DIR=/var/lib/${state}`])
      expect(valuesOf(unit, 'WorkingDirectory')).toEqual([`/var/lib/${state}`])
    })
  }

  test('a unit that starts Chromium and PostgreSQL lets them make their sandbox and share memory', () => {
    for (const unit of ['prospectlab', 'prospectlab-worker']) {
      expect(valuesOf(unit, 'RestrictNamespaces')).toEqual(['user pid net'])
      expect(valuesOf(unit, 'PrivateIPC')).toEqual([])
      expect(valuesOf(unit, 'KillMode')).toEqual(['mixed'])
      expect(valuesOf(unit, 'OOMPolicy')).toEqual(['continue'])
    }
  })

  test('an extra worker is kept in as the server is', () => {
    const protection = (unit: string) =>
      textOf(unit)
        .split('\n')
        .filter((line) =>
          /^(Protect|Private|Restrict(?!Prevent)|SystemCall|Lock|NoNew|Capab|Ambient|Memory)/.test(line),
        )
    expect(protection('prospectlab-worker')).toEqual(protection('prospectlab'))
  })
})
