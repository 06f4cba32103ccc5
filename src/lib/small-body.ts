/** A body that is read no further than it may be. */
export type SmallBody = { ok: true; bytes: Buffer } | { ok: false; reason: 'too_large' | 'unreadable' }

/** The whole of a body, unless it has more than `maxBytes` or does not come within `withinMs`. */
export const readSmallBody = async (
  request: Request,
  { maxBytes, withinMs }: { maxBytes: number; withinMs: number },
): Promise<SmallBody> => {
  const reader = request.body?.getReader()
  if (!reader) return { ok: true, bytes: Buffer.alloc(0) }
  let late = false
  const timer = setTimeout(() => {
    late = true
    void reader.cancel().catch(() => {})
  }, withinMs)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return late ? { ok: false, reason: 'unreadable' } : { ok: true, bytes: Buffer.concat(chunks) }
      size += value.length
      if (size > maxBytes) return { ok: false, reason: 'too_large' }
      chunks.push(value)
    }
  } catch {
    return { ok: false, reason: 'unreadable' }
  } finally {
    clearTimeout(timer)
    void reader.cancel().catch(() => {})
  }
}
