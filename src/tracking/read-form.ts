const MAX_BYTES = 8 * 1024
const WITHIN_MS = 10_000

/** The first bytes of a body: null when there are more than 8 KB, or when they do not come within ten seconds. */
export const readSmallBody = async (request: Request): Promise<Buffer | null> => {
  const reader = request.body?.getReader()
  if (!reader) return Buffer.alloc(0)
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), WITHIN_MS)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return Buffer.concat(chunks)
      size += value.length
      if (size > MAX_BYTES) return null
      chunks.push(value)
    }
  } catch {
    return null
  } finally {
    clearTimeout(timer)
    void reader.cancel().catch(() => {})
  }
}

/** The fields of a form, in either of the encodings a mail program or a browser may send. Whatever cannot be read
 *  counts as no fields. */
export const readForm = async (request: Request): Promise<Map<string, string>> => {
  const fields = new Map<string, string>()
  const body = await readSmallBody(request)
  if (body === null || body.length === 0) return fields
  const type = request.headers.get('content-type') ?? 'application/x-www-form-urlencoded'
  if (!/^multipart\/form-data\b/i.test(type)) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) fields.set(name, value)
    return fields
  }
  const parsed = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null)
  parsed?.forEach((value, name) => typeof value === 'string' && fields.set(name, value))
  return fields
}
