import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { ownSegments } from '#edge/spool-segments.ts'

const folder = mkdtempSync('/tmp/prospectlab-segments-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what a write takes of the disk is told once, be it written ahead or not', async () => {
  const segments = ownSegments(folder, 'one')
  let told = 0
  for (const bytes of [60_000, 60_000, 1_000, 200_000, 90_000, 300_000]) {
    told += await segments.write(Buffer.alloc(bytes, 'x'))
    expect(told).toBe(statSync(segments.all[0]!.path).size)
  }
  expect(segments.bytes()).toBe(711_000)
  await segments.close()
})
