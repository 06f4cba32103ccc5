import { readSmallBody as readBodyWithin } from '#src/lib/small-body.ts'

const MAX_BYTES = 8 * 1024
const WITHIN_MS = 10_000

/** A body: null when it has more than 8 KB, or does not come within ten seconds. */
export const readSmallBody = async (request: Request): Promise<Buffer | null> => {
  const read = await readBodyWithin(request, { maxBytes: MAX_BYTES, withinMs: WITHIN_MS })
  return read.ok ? read.bytes : null
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
