import type { z } from 'zod'
import { failed, ok, type Result } from '#src/lib/errors.ts'
import { readSmallBody } from '#src/lib/small-body.ts'

const MAX_BODY_BYTES = 64 * 1024
const BODY_WITHIN_MS = 10_000
const MAX_DEPTH = 32

type BodyProblem = { code: 'too_large' | 'bad_request'; message: string }

/** A body as an object: of JSON, or of the fields of a form. */
type ReadBody = Record<string, unknown>

/** Reads a JSON object or a form; whatever else comes is no input. No body at all is an empty object. */
export const readBody = async (request: Request): Promise<Result<ReadBody, BodyProblem>> => {
  const read = await readSmallBody(request, { maxBytes: MAX_BODY_BYTES, withinMs: BODY_WITHIN_MS })
  if (!read.ok)
    return read.reason === 'too_large'
      ? failed('too_large', 'Le corps de la requête est trop grand.')
      : failed('bad_request', 'Le corps de la requête n’a pas pu être lu.')
  if (read.bytes.length === 0) return ok({})
  const type = request.headers.get('content-type') ?? ''
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    return ok(firstOf(new URLSearchParams(read.bytes.toString('utf8'))))
  if (/^multipart\/form-data\b/i.test(type)) return readMultipart(read.bytes, type)
  return readJson(read.bytes)
}

const readMultipart = async (bytes: Buffer, type: string): Promise<Result<ReadBody, BodyProblem>> => {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => null)
  if (!form) return failed('bad_request', 'Le formulaire envoyé n’a pas pu être lu.')
  const texts: [string, string][] = []
  form.forEach((value, name) => typeof value === 'string' && texts.push([name, value]))
  return ok(firstOf(texts))
}

const readJson = (bytes: Buffer): Result<ReadBody, BodyProblem> => {
  try {
    const value = storable(JSON.parse(bytes.toString('utf8')))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ok(value as ReadBody)
  } catch {
    // Told below: what is no JSON, or nested without end.
  }
  return failed('bad_request', 'Un objet JSON est attendu dans le corps de la requête.')
}

/** The first value of each name, as the existing product reads them. */
export const firstOf = (pairs: Iterable<[string, string]>): Record<string, string> => {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) if (!values.has(name)) values.set(name, storableText(value))
  return Object.fromEntries(values)
}

// PostgreSQL refuses U+0000 and half of a surrogate pair in a text.
const storableText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

const storable = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw new RangeError('nested too deeply')
  if (Array.isArray(value)) return value.map((each) => storable(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [storableText(name), storable(each, depth + 1)]),
  )
}

/** Checks input against a schema; the problem is one French sentence naming what is wrong. */
export const check = <T>(schema: z.ZodType<T> | undefined, value: unknown): Result<T> => {
  if (!schema) return ok({} as T)
  const read = schema.safeParse(value, {
    error: ({ path, input }) => {
      const name = path?.length ? `Paramètre « ${path.join('.')} »` : 'Paramètre'
      return input === undefined ? `${name} requis.` : `${name} invalide.`
    },
  })
  if (read.success) return ok(read.data)
  return failed('bad_request', read.error.issues[0]?.message ?? 'Requête invalide.')
}
