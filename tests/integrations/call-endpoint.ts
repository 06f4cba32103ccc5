import type { z } from 'zod'
import type { ApiToken, Endpoint } from '#src/public-api/endpoint.ts'
import { ENDPOINTS } from '#src/public-api/endpoints/all.ts'
import type { TestDatabase } from '#tests/support/database.ts'

type Given = { query?: Record<string, string>; body?: Record<string, unknown> }
// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape, looked at by tests
type Body = Record<string, any>

/** One endpoint as the router calls it, its input and its answer checked by its own schemas. */
export const callEndpoint = async (
  { sql }: Pick<TestDatabase, 'sql'>,
  route: `${Endpoint['method']} ${string}`,
  token: ApiToken,
  { query = {}, body = {} }: Given = {},
): Promise<{ status: number; body: Body }> => {
  const found = ENDPOINTS.find(({ method, path }) => `${method} ${path}` === route)
  if (!found) throw new Error(`there is no ${route}`)
  const answer = await found.handle({
    sql,
    clock: { now: () => new Date() },
    token,
    params: {},
    query: parsed(found.query, query),
    body: parsed(found.body, body),
    url: new URL(`http://prospectlab.test/api/public${found.path}`),
  })
  const schema = found.answers[answer.status]
  if (!schema) throw new Error(`${route} does not say that it answers ${answer.status}`)
  schema.parse(answer.body)
  return { status: answer.status, body: answer.body as Body }
}

const parsed = (schema: z.ZodType | undefined, value: unknown): unknown => schema?.parse(value) ?? value
