import { messageOf } from '#src/lib/errors.ts'
import type { AdminRule } from './extract/admin-rules.ts'
import { type AdminTechnologies, compileAdminRules } from './extract/admin-technologies.ts'
import type { ParseInput } from './extract/parsed-page.ts'
import { parsePage } from './extract/parse-page.ts'

declare const self: Worker

type Call = { id: number; input: ParseInput }

// Parsing leaves behind ten times what a page has; without a full collection now and then the heap grows with it.
const BYTES_PER_COLLECTION = 16_000_000

let admin: AdminTechnologies | undefined
let passed = 0

/** Thread entry: { id, input } in, { id, ok: true, result } or { id, ok: false, message } out; before the first of them
 *  the admin's technology rules, when there are any. */
self.addEventListener('message', (event: MessageEvent<Call | { technologyRules: AdminRule[] }>): void => {
  if ('technologyRules' in event.data) {
    admin = compileAdminRules(event.data.technologyRules)
    return
  }
  const { id, input } = event.data
  passed += input.body.byteLength
  try {
    postMessage({ id, ok: true, result: parsePage(input, admin) })
  } catch (error) {
    postMessage({ id, ok: false, message: messageOf(error) })
  } finally {
    // Given back at once, not when the garbage collector comes by.
    if (input.body.buffer instanceof ArrayBuffer) input.body.buffer.transfer(0)
  }
  if (passed < BYTES_PER_COLLECTION) return
  passed = 0
  Bun.gc(true)
})
