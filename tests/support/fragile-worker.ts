import { parsePage } from '#src/crawl/extract/parse-page.ts'
import type { ParseInput } from '#src/crawl/extract/parsed-page.ts'

declare const self: Worker

/** The thread that parses pages, but for some that it never gets through or dies of. */
self.addEventListener('message', (event: MessageEvent<{ id: number; input: ParseInput }>): void => {
  const { id, input } = event.data
  const path = new URL(input.url).pathname
  if (path === '/endless') for (;;) Bun.sleepSync(50)
  // oxlint-disable-next-line unicorn/no-process-exit -- in a thread it ends the thread
  if (path === '/deadly') process.exit(1)
  postMessage({ id, ok: true, result: parsePage(input) })
})
