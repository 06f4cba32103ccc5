import { setDefaultTimeout, test } from 'bun:test'
import { drawHostile, hostilePages, type Hostile } from '#tests/support/hostile-pages.ts'
import { testRenderer } from '#tests/support/renderer.ts'

setDefaultTimeout(120_000)
const renderer = await testRenderer({ maxMemoryBytes: 500_000_000 })

test.each(hostilePages)('%s: an end within the limits, and the next page is drawn', (...hostile: Hostile) =>
  drawHostile(renderer, hostile),
)
