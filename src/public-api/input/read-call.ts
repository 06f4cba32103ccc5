import type { Context } from 'hono'
import type { Admit } from '../admission/admit.ts'
import type { Endpoint } from '../endpoint.ts'
import type { KnownToken } from '../admission/find-token.ts'
import { check, firstOf, readBody } from './read-input.ts'
import { badInput, missingScope, notFound, tooLarge, uriTooLong, type Refusal } from '../answers/refusal.ts'

const MAX_URL = 8 * 1024
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i
const TOKEN_FIELD = 'api_token'
const JSON_WANTED = 'Un objet JSON est attendu dans le corps de la requête.'

type Fields = Record<string, unknown>

export type CheckedCall = { params: unknown; query: unknown; body: unknown; url: URL }

/** What is known of a call however far it came. */
export type ReadCall = {
  known: KnownToken | null
  /** The allowance that is left, for the answer. */
  headers: Record<string, string>
  outcome: { ok: true; call: CheckedCall } | { ok: false; refusal: Refusal }
}

/** Checks a call step by step: its length, its token and what is left of its allowance, its rights, its input. */
export const readCall = async (
  c: Context,
  endpoint: Endpoint,
  { admit, address }: { admit: Admit; address: string | null },
): Promise<ReadCall> => {
  const refused = (refusal: Refusal, known: KnownToken | null = null, headers = {}): ReadCall => ({
    known,
    headers,
    outcome: { ok: false, refusal },
  })
  if (c.req.url.length > MAX_URL) return refused(uriTooLong())
  const url = new URL(c.req.url)
  const query = firstOf(url.searchParams)
  const isWrite = endpoint.method !== 'get'
  // A form may carry the token, so that it is read before anybody is known; other bodies are read after.
  const form = isWrite && FORM.test(c.req.header('content-type') ?? '') ? await readBody(c.req.raw) : null
  const admission = await admit(tokenOf(c, query, form?.ok ? form.value : {}), address)
  if (!admission.ok) return refused(admission.refusal)

  const { known, headers } = admission
  const missing = endpoint.scopes.find((scope) => !known.token.scopes.includes(scope))
  if (missing) return refused(missingScope(missing), known, headers)
  const params = check(endpoint.params, c.req.param())
  if (!params.ok) return refused(notFound(), known, headers)
  const asked = check(endpoint.query, without(query, TOKEN_FIELD))
  if (!asked.ok) return refused(badInput(asked.problem.message), known, headers)
  const call = { params: params.value, query: asked.value, url: new URL(url.pathname, url.origin) }
  if (!isWrite || !endpoint.body)
    return { known, headers, outcome: { ok: true, call: { ...call, body: {} } } }

  if (form && endpoint.jsonOnly) return refused(badInput(JSON_WANTED), known, headers)
  const read = form ?? (await readBody(c.req.raw))
  if (!read.ok)
    return refused(
      read.problem.code === 'too_large' ? tooLarge() : badInput(read.problem.message),
      known,
      headers,
    )
  const body = check(endpoint.body, without(read.value, TOKEN_FIELD))
  if (!body.ok) return refused(badInput(body.problem.message), known, headers)
  return { known, headers, outcome: { ok: true, call: { ...call, body: body.value } } }
}

const without = (fields: Fields, name: string): Fields => {
  const { [name]: _, ...rest } = fields
  return rest
}

/** The header first, then the query, then the form, as the existing product reads them. */
const tokenOf = (c: Context, query: Fields, form: Fields): string | null => {
  const header = /^\s*bearer\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const text = header ?? query[TOKEN_FIELD] ?? form[TOKEN_FIELD]
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
}
