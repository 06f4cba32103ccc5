import type { z } from 'zod'
import {
  failureSchema,
  forbiddenSchema,
  plainFailureSchema,
  unauthenticatedSchema,
} from '../answers/failures.ts'
import type { Endpoint } from '../endpoint.ts'

/** The schema of every answer an endpoint may give: its own, and those given before it is asked. */
export const documentedAnswers = (endpoint: Endpoint): Map<number, z.ZodType> => {
  const failure = endpoint.plainErrors ? plainFailureSchema : failureSchema
  const given = new Map<number, z.ZodType>([
    [401, unauthenticatedSchema],
    [403, forbiddenSchema],
    [429, failure],
    [503, failure],
  ])
  if (endpoint.params) given.set(404, failure)
  if (endpoint.body) given.set(400, failure).set(413, failure)
  for (const [status, schema] of Object.entries(endpoint.answers)) {
    const known = given.get(Number(status))
    given.set(Number(status), known && schema ? known.or(schema) : (schema ?? failure))
  }
  return new Map([...given].toSorted(([a], [b]) => a - b))
}
