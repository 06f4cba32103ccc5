import { messageOf } from '#src/lib/errors.ts'
import type { ParseInput } from './extract/parsed-page.ts'
import { parsePage } from './extract/parse-page.ts'

declare const self: Worker

/** Thread entry: { id, input } in, { id, ok: true, result } or { id, ok: false, message } out. */
self.addEventListener('message', (event: MessageEvent<{ id: number; input: ParseInput }>): void => {
  const { id, input } = event.data
  try {
    postMessage({ id, ok: true, result: parsePage(input) })
  } catch (error) {
    postMessage({ id, ok: false, message: messageOf(error) })
  }
})
